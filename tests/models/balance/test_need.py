"""The balance: what norms ask, what the site can bear, and what is not known."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from morgen.core.errors import InputError, NotFoundError, ParameterError
from morgen.models.balance import Balance, Light, Row, balance_of, parse_programme, quick_balance, read_programme
from morgen.models.norms import load_norms

PROGRAMME = """
site_area = 310000

[[dwellings]]
type = "row-house"
number = 500
year = 2030
"""


def rows(found: Balance) -> dict[str, Row]:
    return {row.norm: row for row in found.rows}


def test_utrecht_asks_what_its_norms_say() -> None:
    """3,500 dwellings and 7,400 residents: 3500/2000 schools, 0.25 m2 x 3500, 3 % of the site."""
    found = rows(quick_balance(load_norms("utrecht-2020"), dwellings=3500, residents=7400, site_area=310_000))
    assert found["primary-school"].need == 1.75
    assert found["primary-school"].whole_units == 2
    assert found["wijkcultuurhuis"].need == 875
    assert found["health-centre"].need == pytest.approx(1252.308)
    assert found["sports-hall"].need == pytest.approx(0.423)
    assert found["play-area"].need == 9300
    assert {row.have for row in found.values()} == {None}


def test_a_quick_row_has_exactly_its_keys() -> None:
    """Who reads the rows by machine can count on the ten keys."""
    found = quick_balance(load_norms("utrecht-2020"), dwellings=3500, residents=7400, site_area=310_000)
    keys = ["theme", "facility", "norm", "basis", "need", "unit", "units", "have", "state", "source"]
    assert [list(row.quick()) for row in found.rows] == [keys] * len(found.rows)


def test_more_green_than_ground_is_said_with_what_can() -> None:
    """75 m2 x 3500 does not lie on 200,000 m2; the value that is named does."""
    norms = load_norms("landelijk-indicatief")
    [found] = quick_balance(norms, dwellings=3500, residents=7400, site_area=200_000).impossible
    assert (found.norm, found.need, found.largest) == ("public-green", 262_500, 57.14)
    assert "at most 57.14" in found.sentence.en
    assert "hooguit 57,14" in found.sentence.nl
    assert found.largest * 3500 <= 200_000
    assert quick_balance(norms, dwellings=3500, residents=7400, site_area=310_000).impossible == ()


def test_too_few_children_leave_the_need_unknown() -> None:
    """20 residents have fewer than ten children: the need is not told, as it would tell their number."""
    found = rows(quick_balance(load_norms("landelijk-indicatief"), dwellings=9, residents=20, site_area=5000))
    assert found["primary-school"].need is None
    assert found["primary-school"].light is Light.UNKNOWN
    assert found["supermarket"].need == 5


def test_what_is_there_is_held_against_the_band() -> None:
    """300 m2 of health centre lies between minimum and target, 100 under it, 400 above; none given is unknown."""
    lights = {}
    for amount in (100, 300, 400):
        text = {"facility": "health-centre", "amount": amount, "unit": "m2"}
        document = {
            "site_area": 310_000,
            "dwellings": [{"type": "row-house", "number": 800, "year": 2030}],
            "provision": [text],
        }
        found = balance_of(load_norms("utrecht-2020"), parse_programme(document, place="test"))
        lights[amount] = rows(found)["health-centre"].light
        assert rows(found)["sports-hall"].light is Light.UNKNOWN
    assert lights == {100: Light.RED, 300: Light.AMBER, 400: Light.GREEN}


@given(st.integers(1, 20_000), st.integers(1, 20_000))
def test_more_dwellings_never_ask_less(one: int, other: int) -> None:
    """The need of every norm grows with its basis."""
    fewer, more = sorted((one, other))
    for norm in load_norms("landelijk-indicatief").norms:
        assert norm.need(fewer) <= norm.need(more)


@pytest.mark.parametrize(
    ("find", "replacement", "said"),
    [
        ("number = 500", "number = -5", "dwellings, row 1, number: .*not -5"),
        ('"row-house"', '"castle"', "dwellings, row 1, type: .*'castle'"),
        ("year = 2030", "", "dwellings, row 1, year: Field required"),
        ("site_area = 310000", "site_area = 0", "site_area: .*not 0"),
        ("site_area = 310000", "", "site_area: Field required"),
        ("[[dwellings]]", "[[dwellings", "is not TOML"),
    ],
)
def test_a_wrong_programme_is_told_with_row_and_column(
    tmp_path: Path, find: str, replacement: str, said: str
) -> None:
    """One sentence names the file, the row, the column and the value."""
    path = tmp_path / "programme.toml"
    path.write_text(PROGRAMME.replace(find, replacement), encoding="utf-8")
    with pytest.raises(InputError, match=said):
        read_programme(path)


def test_what_is_provided_needs_a_norm_in_one_of_the_sets_side_by_side() -> None:
    """A health centre counts in Utrecht and is told apart in the other set; a school where it is in units."""
    sets = [load_norms(name) for name in ("utrecht-2020", "landelijk-indicatief")]
    provision = [
        {"facility": "health-centre", "amount": 900, "unit": "m2"},
        {"facility": "primary-school", "amount": 2, "unit": "count"},
    ]
    homes = [{"type": "row-house", "number": 800, "year": 2030}]
    plan = parse_programme({"site_area": 3e5, "dwellings": homes, "provision": provision}, place="test")
    utrecht, national = (balance_of(norms, plan, beside=sets) for norms in sets)
    assert (rows(utrecht)["health-centre"].have, rows(utrecht)["primary-school"].have) == (900, 2)
    assert [item.facility for item in national.without_norm] == ["health-centre"]
    assert rows(national)["primary-school"].have is None
    with pytest.raises(ParameterError, match=r"row 1: the set .*no norm for 'health-centre'"):
        balance_of(sets[1], plan)


def test_what_cannot_be_balanced_is_refused(tmp_path: Path) -> None:
    """No residents, a year before the first homes, a facility without norm, another unit, no file."""
    norms = load_norms("utrecht-2020")
    base = {"site_area": 1e5, "dwellings": [{"type": "studio", "number": 5, "year": 2030}]}
    with pytest.raises(ParameterError, match="residents is 0"):
        quick_balance(norms, dwellings=5, residents=0, site_area=1e5)
    with pytest.raises(ParameterError, match="year is 2029, but it must be from 2030"):
        balance_of(norms, parse_programme(base, place="test"), year=2029)
    for facility, unit, said in (
        ("casino", "m2", "no norm for 'casino'"),
        ("sports-hall", "m2", "norm is in 'count'"),
    ):
        given_ = base | {"provision": [{"facility": facility, "amount": 1, "unit": unit}]}
        with pytest.raises(ParameterError, match=f"row 1: .*{said}"):
            balance_of(norms, parse_programme(given_, place="test"))
    with pytest.raises(NotFoundError, match=r"nothing\.toml does not exist"):
        read_programme(tmp_path / "nothing.toml")
