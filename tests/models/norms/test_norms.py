"""Norm sets: every value has a unit, basis, source and state, and a wrong file is told where."""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from morgen.core.errors import InputError, NotFoundError
from morgen.models.norms import differences, load_norms, read_norms, shipped

REQUIRED = ("unit", "basis", "source", "state", "edition", "level", "environment", "min", "target", "max", "per")


def raw(name: str) -> dict[str, Any]:
    return tomllib.loads(files("morgen.models.norms").joinpath("sets", f"{name}.toml").read_text("utf-8"))


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_norm_writes_all_that_makes_it_a_norm(name: str) -> None:
    """The file itself carries unit, basis, source and state; no default fills them in."""
    for row in raw(name)["norms"]:
        assert set(REQUIRED) <= set(row), row["id"]


def rewritten(tmp_path: Path, find: str, replacement: str) -> Path:
    text = files("morgen.models.norms").joinpath("sets", "utrecht-2020.toml").read_text("utf-8")
    assert find in text
    path = tmp_path / "own.toml"
    path.write_text(text.replace(find, replacement, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("find", "replacement", "said"),
    [
        ('basis = "dwelling"\n', "", r"norm 1 \(primary-school\), basis: Field required"),
        ('unit = "count"\n', "", r"norm 1 \(primary-school\), unit: Field required"),
        ('state = "secondary"\n', "", r"norm 1 \(primary-school\), state: Field required"),
        ('basis = "dwelling"', 'basis = "house"', "'house'"),
        ("target = 1\n", "target = -1\n", "greater than 0, not -1"),
        ("min = 0.8", "min = 5", "min 5, target 1 and max 1.3334 are not in that order"),
        ('id = "health-centre"', 'id = "primary-school"', "'primary-school' stands in it twice"),
        ("[[norms]]", "[[norms", "is not TOML"),
    ],
)
def test_a_wrong_file_is_told_with_norm_and_field(tmp_path: Path, find: str, replacement: str, said: str) -> None:
    """One sentence names the file, the norm and the field."""
    with pytest.raises(InputError, match=said):
        read_norms(rewritten(tmp_path, find, replacement))


def test_an_unknown_set_is_told_with_those_there_are() -> None:
    """The message lists what can be asked."""
    with pytest.raises(NotFoundError, match="'utrecht-1999'; there are landelijk-indicatief, utrecht-2020"):
        load_norms("utrecht-1999")


def test_a_school_needs_its_fixed_room_and_room_for_each_pupil() -> None:
    """900 pupils fill two schools of 450: 2 x 200 + 900 x 5.03 m2; one pupil more asks a third."""
    school = load_norms("landelijk-indicatief").norm("primary-school")
    assert school.need(900) == pytest.approx(4927)
    assert school.need(901) == pytest.approx(3 * 200 + 901 * 5.03)
    assert school.units(900) == pytest.approx(2)


def test_no_parking_value_is_shipped() -> None:
    """The figures of CROW are licensed: a set says that parking is left out and why."""
    for name in shipped():
        norms = load_norms(name)
        assert not [norm for norm in norms.norms if norm.theme == "parking"]
        assert "car-parking" in [left.facility for left in norms.left_out]


def test_two_sets_differ_where_their_norms_do() -> None:
    """A set does not differ from itself; green stands in one of the two sets only."""
    utrecht, national = load_norms("utrecht-2020"), load_norms("landelijk-indicatief")
    assert differences(utrecht, utrecht) == ()
    found = {(item.facility, item.field): item for item in differences(utrecht, national)}
    assert found["public-green", "norm"].one == ""
    assert found["primary-school", "basis"].other == "child-4-11"
