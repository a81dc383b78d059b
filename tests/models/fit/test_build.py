"""Plots, streets, buildings and norms of a situation become what the solver is asked."""

import geopandas
import numpy as np
import pytest
import shapely

from morgen.core.errors import InputError, MissingLayerError
from morgen.models.balance import Dwellings, DwellingType, Programme, Provision
from morgen.models.fit.build import Built, build
from morgen.models.fit.prices import Prices, prices_text
from morgen.models.norms import load_norms

from .wijk import NORTH, SOUTH, plot, wijk

PROGRAMME = Programme(
    site_area=16_000,
    dwellings=(
        Dwellings(type=DwellingType.APARTMENT, number=500, year=2030),
        Dwellings(type=DwellingType.ROW, number=300, year=2032),
    ),
)


def built(situation, programme=PROGRAMME, norms="landelijk-indicatief", **changed) -> Built:
    given = {"flood_limit": 0.1, "dwelling_flood_limit": 0.2, "prices": Prices(), **changed}
    return build(situation, programme=programme, norms=load_norms(norms), **given)


def site(found: Built, name: str):
    return found.ground.lot(name).site


def test_a_plot_is_a_site_with_its_rules():
    """Ground, floor, storeys, uses and the door on the street come from the plot."""
    found = site(built(wijk()), "N0")
    assert (found.area, found.floor, found.storeys, found.coverage, found.min_green) == (2000, 5000, 5, 0.5, 0.2)
    assert "onderwijsfunctie" in found.uses
    assert found.y == pytest.approx(447_000 + 105)


def test_needs_follow_the_norms_of_the_whole_programme():
    """Facilities for each inhabitant or child add up to the need of the balance at the peak."""
    problem = built(wijk()).problem
    assert problem.asked == 800
    people = sum(kind.residents * number for kind, number in zip(problem.dwellings, (500, 300), strict=True))
    norm = load_norms("landelijk-indicatief").norm("supermarket")
    market = problem.kind("supermarket")
    assert market.per_resident * people == pytest.approx(0.25 * people, rel=0.1)
    assert market.reach == norm.radius
    school = problem.kind("primary-school")
    assert school.per_resident * people > 200
    assert school.depth_limit == 0.1
    assert market.depth_limit is None


def test_what_the_programme_provides_is_not_asked_again():
    """A provision lowers the need, in floor."""
    before = built(wijk()).problem.kind("childcare").backlog
    given = Provision(facility="childcare", amount=20, unit="m2", shared=10)
    provided = PROGRAMME.model_copy(update={"provision": (given,)})
    after = built(wijk(), provided).problem.kind("childcare").backlog
    assert before - after == pytest.approx(30)


def test_a_facility_too_large_for_these_dwellings_is_shared_and_said_so():
    """A swimming pool for a few hundred people is no part of the plan."""
    found = built(wijk())
    assert "swimming-pool" not in {kind.id for kind in found.problem.kinds}
    assert any("swimming-pool" in note.en and "share one" in note.en for note in found.notes)


def test_water_counts_from_four_square_metres_on():
    """One deep cell is a pit of the measuring; a puddle is a hazard, also just outside the plot."""
    depth = np.full((210, 210), 0.02)
    depth[210 - 120, 20] = 1.0
    assert site(built(wijk(depth=depth)), "N0").depth == pytest.approx(0.02, abs=1e-6)
    depth[210 - 121 : 210 - 119, 20:22] = 0.6
    assert site(built(wijk(depth=depth)), "N0").depth == pytest.approx(0.6, abs=1e-6)
    assert site(built(wijk(depth=depth)), "N1").depth == pytest.approx(0.02, abs=1e-6)


def test_streets_carry_the_water_that_stands_on_them():
    """A flooded part of a street is closed; the rest is not."""
    depth = np.zeros((210, 210))
    depth[210 - 101 : 210 - 99, 100:105] = 0.5
    streets = built(wijk(depth=depth)).problem.streets
    wet = streets.depth > streets.passable
    assert 1 <= wet.sum() <= 2
    assert streets.length.sum() == pytest.approx(210)
    assert streets.length.max() <= 15


def test_a_building_on_a_plot_may_stay_or_goes_at_a_price():
    """The hall is a site of its own, on the plots that it stands on; those cost its demolition."""
    found = built(wijk())
    assert site(found, "N1").cost == pytest.approx(2 * 500 * 0.1)
    hall = site(found, "reuse-0503100000000001")
    assert hall.parts == ("N1",)
    assert (hall.kept, hall.floor, hall.storeys) == (500, 1000, 2)


def test_neighbours_become_one_site_where_that_makes_room():
    """A hall for sports needs more ground than one plot may be built on; two have it."""
    large = Programme(
        site_area=16_000, dwellings=(Dwellings(type=DwellingType.APARTMENT, number=9000, year=2030),)
    )
    narrow = [{**item, "max_coverage": 0.5, "max_floor_area": 1500.0} for item in (*NORTH[:2], *SOUTH[:1])]
    names = {item.id for item in built(wijk(*narrow), large).problem.sites}
    assert "N0+N1" in names
    assert not {"N0+S0", "S0+N0"} & names


def test_distances_hold_for_new_residents_and_for_everyone_when_asked():
    """What those who live here now lack is not put on the plan, unless it is asked to serve them."""
    found = built(wijk())
    assert not len(found.problem.addresses.residents)
    assert any("no source of facilities" in note.en for note in found.notes)
    frame = geopandas.GeoDataFrame(
        {"kind": ["primary-school", "kiosk"], "floor_area": [900.0, 9.0]},
        geometry=[shapely.Point(10, 10), shapely.Point(20, 20)],
    )
    known = built(wijk(facilities=frame)).problem
    assert [item.kind for item in known.existing] == ["primary-school"]
    people = geopandas.GeoDataFrame(
        {"residents": [2.1, 4.0]}, geometry=[shapely.Point(10, 10), shapely.Point(999, 9)]
    )
    assert not len(built(wijk(facilities=frame, residents=people)).problem.addresses.residents)
    lived = built(wijk(facilities=frame, residents=people), everyone=True).problem.addresses
    assert lived.residents.tolist() == [2.1]


def test_without_a_programme_it_is_what_the_plots_ask():
    """Eight plots of thirty."""
    assert built(wijk(), None).problem.asked == 240


@pytest.mark.parametrize(
    ("situation", "programme", "sentence"),
    [
        (wijk(plot("X", 900, 900)), PROGRAMME, "none of the 1 plots lies inside the area"),
        (wijk(plot("G", 5, 105, kind="green")), PROGRAMME, "none of the 1 plots lies inside the area"),
        (wijk(plot("N0", 5, 105, dwellings=0)), None, "the plots ask for no dwellings"),
    ],
)
def test_a_plan_without_anything_to_build_is_refused(situation, programme, sentence):
    """One sentence, with the layer and the column."""
    with pytest.raises(InputError, match=sentence):
        built(situation, programme)


def test_a_situation_without_streets_is_refused():
    """Distances need a network."""
    found = wijk()
    layers = {name: layer for name, layer in found.layers.items() if name != "paths"}
    with pytest.raises(MissingLayerError, match="'paths'"):
        built(type(found)(area=found.area, grid=found.grid, layers=layers, reader=found.reader))


def test_the_table_of_prices_is_the_default():
    """What is printed to edit is what counts when nothing is given."""
    import tomllib

    assert Prices.from_json(tomllib.loads(prices_text())) == Prices()
    assert Prices(facilities={"library": 9.0}).of_facility("library") == 9.0
