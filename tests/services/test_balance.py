"""The balance of the sample wijk on its twin, held to a count of its files."""

from pathlib import Path

import pyogrio
import pytest
import shapely

import morgen
from morgen.core.errors import InputError, ScenarioNotFoundError
from morgen.core.measure import Measure
from morgen.models.balance import Certainty, Row, parse_programme
from morgen.models.norms import load_norms
from morgen.services import scenarios
from morgen.services.area_file import read_area
from morgen.services.balance import balance_file, balance_situation
from morgen.services.twin import Twin
from morgen.sources.registry import readers

NATIONAL = "landelijk-indicatief"
PLAN = {"dwellings": [{"type": "row-house", "number": 60, "year": 2030}]}


@pytest.fixture(scope="module")
def twin(sample_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Twin:
    """Return a gathered twin of the sample on coarse cells; it is not changed, but for its scenarios."""
    if "bag-addresses" not in {reader.id for reader in readers()}:
        pytest.fail("the readers are not installed; run `pip install -e .` again, for its entry points")
    folder = tmp_path_factory.mktemp("balance") / "twin"
    made = morgen.create(folder, read_area(sample_files / "area.geojson"), cell_size=4.0)
    made.add(sample_files)
    made.situation()
    return made


def rows(twin: Twin, norms: str = NATIONAL, scenario: str = "") -> dict[str, Row]:
    found = balance_file(None, norms=[norms], twin=twin.folder, scenario=scenario)
    return {row.facility: row for row in found.balances[0].rows}


def test_the_stock_is_what_the_register_counts(twin: Twin, sample_files: Path) -> None:
    """Dwellings in use whose building stands inside, and 1.25 times their floor; nothing is guessed."""
    area = twin.config.area.polygon
    register = next(sample_files.glob("bag_*.gpkg"))
    panden = pyogrio.read_dataframe(register, layer="pand")
    inside = panden[shapely.contains(area, shapely.point_on_surface(panden.geometry.to_numpy()))]
    homes = pyogrio.read_dataframe(register, layer="verblijfsobject")
    there = homes["pandidentificatie"].isin(inside["identificatie"])
    used = homes[there & (homes["status"] == "Verblijfsobject in gebruik")]
    stock = balance_file(None, norms=[NATIONAL], twin=twin.folder).balances[0].stock
    assert stock is not None
    assert stock.dwellings == (used["gebruiksdoel"] == "woonfunctie").sum()
    assert stock.floor_area == pytest.approx(1.25 * used["oppervlakte"].sum())
    assert (stock.buildings_unknown, stock.floor_estimated) == (0, 0)


def test_facilities_are_those_of_the_list(twin: Twin, sample_files: Path) -> None:
    """The school of the list has its floor area there; what nobody lists is unknown."""
    places = pyogrio.read_dataframe(sample_files / "voorzieningen.gpkg")
    schools = places[places["kind"] == "primary school"]
    found = rows(twin)
    assert found["primary-school"].have == schools["floor_area"].sum()
    assert found["primary-school"].have_certainty is Certainty.COUNTED
    assert rows(twin, "utrecht-2020")["primary-school"].have == len(schools)
    assert found["swimming-pool"].have is None


def test_a_scenario_changes_what_is_there(twin: Twin) -> None:
    """A supermarket of 900 m2 and a playground on a lawn come beside what is there, under their scenario only."""
    situation = twin.situation()
    cover = situation.features("land_cover")
    lawn = max(cover[cover["theme"] == "begroeidterreindeel"].geometry, key=lambda shape: shape.area)
    spot = lawn.representative_point()
    ground = shapely.intersection(spot.buffer(10, cap_style="square"), lawn)
    size = {"facility": "supermarket", "floor_area": 900.0}
    measures = (
        Measure(id="shop", kind="new-facility", geometry=spot, parameters=size),
        Measure(id="play", kind="playground", geometry=ground),
    )
    with twin.scenarios() as store:
        store.create(scenarios.add(situation, scenarios.new_scenario(situation, "plan"), *measures))
    before, after = rows(twin), rows(twin, scenario="plan")
    assert before["supermarket"].have is None
    assert after["supermarket"].have == 900
    assert (after["play-area"].have or 0) - (before["play-area"].have or 0) == pytest.approx(ground.area, abs=0.1)
    assert (after["public-green"].have or 0) < (before["public-green"].have or 0)
    with pytest.raises(ScenarioNotFoundError, match="nowhere"):
        rows(twin, scenario="nowhere")


def test_those_who_live_there_and_those_who_come_need_together(twin: Twin) -> None:
    """60 dwellings more ask 60 times 75 m2 of green more, and what is demolished asks it no more."""
    situation, norms = twin.situation(), [load_norms(NATIONAL)]
    plan = parse_programme({"site_area": 9000} | PLAN, place="test")
    gone = situation.features("addresses").query("use == 'woonfunctie'")["building_id"].iloc[0]
    less = plan.model_copy(update={"demolish": (gone,)})
    green = [
        next(
            row for row in balance_situation(situation, each, norms=norms).balances[0].rows if row.theme == "green"
        )
        for each in (None, plan, less)
    ]
    now, then, without = (row.need for row in green)
    assert now is not None
    assert then is not None
    assert without is not None
    assert then - now == 60 * 75
    assert then - without >= 75


def test_a_twin_without_sources_says_what_to_do(tmp_path: Path) -> None:
    """Without a programme there is nothing to balance: link files first."""
    area = morgen.Area(name="empty", polygon=shapely.box(150_000, 450_000, 150_100, 450_100))
    made = morgen.create(tmp_path / "empty", area, cell_size=4.0)
    with pytest.raises(InputError, match="no sources yet"):
        balance_file(None, norms=[NATIONAL], twin=made.folder)
