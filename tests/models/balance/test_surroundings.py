"""What a situation tells of what is there: stock, green, parking, water and facilities; the rest is unknown."""

import math

import pytest
import shapely
from tests.models.balance.scenes import box, cover, facility, house, village

from morgen.core.errors import ParameterError
from morgen.models.balance import Balance, Certainty, Light, Row, balance_of, look_around, parse_programme
from morgen.models.norms import NormSet, load_norms

NATIONAL = "landelijk-indicatief"


def rows(found: Balance) -> dict[str, Row]:
    return {row.norm: row for row in found.rows}


def on(situation, norms: str = NATIONAL, **programme) -> Balance:
    plan = {"site_area": 5000, "dwellings": [{"type": "row-house", "number": 100, "year": 2030}]} | programme
    read = parse_programme(plan, place="test")
    around = look_around(situation, without=read.demolish)
    return balance_of(load_norms(norms), read, around=around)


HOUSES = [house(number, box(10 * number, 0, 8, 10)) for number in range(5)]


def test_the_stock_is_what_stands_inside() -> None:
    """Five houses of 80 m2: 400 m2 of footprint, 5 x 80 x 1.25 m2 of floor; the one outside does not count."""
    stock = look_around(village(buildings=[*HOUSES, house(9, box(-15, 0, 8, 10))])).stock
    assert stock is not None
    assert (stock.buildings, stock.dwellings, stock.footprint) == (5, 5, 400)
    assert stock.floor_area == stock.dwelling_floor_area == 500
    assert stock.floor_estimated == 0


def test_floor_that_no_register_tells_is_guessed_from_the_height_and_said() -> None:
    """A hall of 200 m2 and 9 m high, without an area, is three storeys; its dwellings are unknown, not none."""
    unknown = {"dwellings": None, "usable_area": math.nan, "dwelling_area": math.nan}
    hall = house(7, box(0, 50, 20, 10), height=9.0, use="industriefunctie", **unknown)
    stock = look_around(village(buildings=[*HOUSES, hall])).stock
    assert stock is not None
    assert stock.floor_area == 500 + 600
    assert stock.floor_estimated == pytest.approx(600 / 1100, abs=1e-3)
    assert stock.dwelling_floor_area == 500
    assert (stock.dwellings, stock.buildings_unknown) == (5, 1)


def test_what_is_demolished_leaves_the_stock() -> None:
    """One house less by its BAG id; an id that does not stand there is told with its row."""
    there = village(buildings=HOUSES)
    stock = look_around(there, without=["0000000000000003"]).stock
    assert stock is not None
    assert (stock.dwellings, stock.footprint) == (4, 320)
    with pytest.raises(ParameterError, match=r"demolish, row 2: .*'9999999999999999'"):
        look_around(there, without=["0000000000000003", "9999999999999999"])


def test_green_and_parking_come_from_the_ground() -> None:
    """Farmland is no public green, a verge is green but not for staying, and what sticks out is cut off."""
    ground = [
        cover("begroeidterreindeel", box(90, 0, 20, 10), surface="groenvoorziening"),
        cover("begroeidterreindeel", box(0, 20, 10, 10), surface="grasland agrarisch"),
        cover("ondersteunendwegdeel", box(0, 40, 5, 10), surface="groenvoorziening", function="berm"),
        cover("ondersteunendwegdeel", box(0, 60, 5, 10), surface="open verharding", function="berm"),
        cover("wegdeel", box(20, 40, 13, 5), surface="open verharding", function="parkeervlak"),
        cover("waterdeel", box(50, 50, 10, 10)),
    ]
    found = {item.facility: item for item in look_around(village(land_cover=ground)).grounds}
    assert found["public-green"].amount == 100
    assert found["green-share"].amount == 100 + 100 + 50
    assert found["green-share"].certainty is Certainty.AT_LEAST
    assert found["car-parking"].amount == 5
    assert found["open-water"].amount == 100
    assert "water-storage" not in found


def test_water_storage_is_what_measures_and_dry_ditches_hold() -> None:
    """20 mm over 10,000 m2 is 200 m3, a dry ditch of 50 m2 holds 15 m3 besides."""
    ditch = [cover("waterdeel", box(0, 0, 50, 1), function="greppel, droge sloot")]
    found = {item.facility: item for item in look_around(village(land_cover=ditch, storage=20)).grounds}
    assert found["water-storage"].amount == pytest.approx(215)


SCHOOL = facility("primary-school", box(10, 10, 10, 10), floor_area=900.0, capacity=250)
FARTHER = facility("primary school", shapely.Point(701, 50), floor_area=800.0)
NEAR = facility("primary school", shapely.Point(400, 50), floor_area=700.0)


def test_facilities_count_in_the_unit_of_the_norm() -> None:
    """One school of 900 m2 is 900 m2 under one set and one under the other; blanks are hyphens."""
    there = village(buildings=HOUSES, facilities=[SCHOOL])
    assert rows(on(there))["primary-school"].have == 900
    assert rows(on(there, norms="utrecht-2020"))["primary-school"].have == 1


def test_what_neighbours_could_share_is_told_and_does_not_count() -> None:
    """A school 300 m away lies within the 600 m of its norm, one at 601 m does not."""
    row = rows(on(village(buildings=HOUSES, facilities=[SCHOOL, NEAR, FARTHER])))["primary-school"]
    assert (row.have, row.nearby) == (900, 700)
    assert row.need is not None
    assert row.gap == pytest.approx(900 - row.need)


def test_a_place_of_unknown_size_makes_the_amount_a_least() -> None:
    """900 m2 and a school of unknown size: at least 900 m2. Enough is green; less is unknown, not red."""
    blank = facility("primary school", box(30, 30, 5, 5))
    short = facility("primary school", box(10, 10, 5, 5), floor_area=5.0)
    assert rows(on(village(buildings=HOUSES, facilities=[SCHOOL, blank])))["primary-school"].light is Light.GREEN
    row = rows(on(village(buildings=HOUSES, facilities=[short, blank])))["primary-school"]
    assert (row.have, row.light, row.gap) == (5, Light.UNKNOWN, None)
    assert rows(on(village(buildings=HOUSES, facilities=[blank])))["primary-school"].have is None


def test_what_no_layer_tells_is_unknown_and_never_nothing() -> None:
    """Without land cover, facilities or buildings no row has an amount, and the need of people is unknown."""
    found = on(village())
    assert {row.have for row in found.rows} == {None}
    assert {row.light for row in found.rows} == {Light.UNKNOWN}
    assert rows(found)["buurtcentrum"].need is None
    assert rows(found)["play-area"].need == 300
    assert any("[existing]" in item.en for item in found.assumptions)


def test_who_lives_there_already_needs_as_well() -> None:
    """50 dwellings with 2.1 residents each, and 100 that come: 150 dwellings; [existing] overrules both."""
    there = village(buildings=[house(1, box(0, 0, 30, 30), dwellings=50)])
    found = rows(on(there))
    assert found["public-green"].need == 150 * 75
    alone = rows(balance_of(load_norms(NATIONAL), None, around=look_around(there)))
    assert alone["supermarket"].amount == 105
    stated = rows(on(there, existing={"dwellings": 10, "residents": 30}))
    assert stated["public-green"].need == 110 * 75
    both = found["supermarket"].amount, stated["supermarket"].amount
    assert both[0] is not None
    assert both[1] is not None
    assert both[0] - both[1] == 105 - 30


def test_addresses_tell_what_is_in_a_building() -> None:
    """A house with a home of 80 and a shop of 60 m2, and one without address: one dwelling, 175 m2 gross."""
    addresses = [
        {"building_id": f"{1:016d}", "use": use, "floor_area": area, "geometry": shapely.Point(4, 4)}
        for use, area in (("woonfunctie", 80.0), ("winkelfunctie", 60.0))
    ]
    two = [house(number, box(10 * number, 0, 8, 10), dwellings=None) for number in (1, 2)]
    stock = look_around(village(buildings=two, addresses=addresses)).stock
    assert stock is not None
    assert (stock.dwellings, stock.floor_area, stock.dwelling_floor_area) == (1, 175, 100)
    assert (stock.buildings_unknown, stock.floor_estimated) == (0, 0)
    addresses[1]["floor_area"] = math.nan
    unsure = look_around(village(buildings=two, addresses=addresses)).stock
    assert unsure is not None
    assert (unsure.dwellings, unsure.floor_area, unsure.dwelling_floor_area) == (1, 2 * 80, 100)


def test_residents_are_those_of_the_area_with_the_share_that_is_an_average() -> None:
    """Homes with 30 and 70 people inside, 50 outside: 100 people, of whom 30 % are an average."""
    homes = [(30.0, True, 10), (70.0, False, 90), (50.0, False, 130)]
    people = [
        {"residents": number, "imputed": guessed, "geometry": shapely.Point(x, 50)} for number, guessed, x in homes
    ]
    found = look_around(village(buildings=HOUSES, residents=people))
    assert found.residents == 100
    assert "30% of it is an average" in found.residents_source.en


def test_what_the_programme_says_takes_the_place_of_what_was_found() -> None:
    """The municipality knows its school: 1,200 m2, and 100 that neighbours share."""
    said = {"facility": "primary-school", "amount": 1200, "unit": "m2", "shared": 100}
    row = rows(on(village(buildings=HOUSES, facilities=[SCHOOL]), provision=[said]))["primary-school"]
    assert (row.have, row.have_certainty, row.shared) == (1200, Certainty.STATED, 100)


def test_what_has_no_norm_is_told_apart() -> None:
    """Parking bays are there, and no set that comes with Morgen has a norm for them."""
    bays = [cover("wegdeel", box(20, 40, 25, 5), function="parkeervlak")]
    found = on(village(land_cover=bays))
    assert {item.facility: item.amount for item in found.without_norm}["car-parking"] == 10
    parking = (
        load_norms(NATIONAL)
        .norms[0]
        .model_copy(
            update={
                "id": "car-parking",
                "facility": "car-parking",
                "unit": "count",
                "fixed": 0,
                "basis_per_unit": None,
            }
        )
    )
    own = NormSet(id="own", edition="1", title="Own", publisher="Own", source="Own", norms=(parking,))
    row = balance_of(own, None, around=look_around(village(land_cover=bays))).rows[0]
    assert row.have == 10


def test_density_is_that_of_the_textbook() -> None:
    """400 m2 built and 500 of floor on a hectare; a plan of 1,200 m2 on 5,000 m2 comes beside it."""
    home = {"type": "row-house", "number": 10, "year": 2030, "floor_area": 120, "storeys": 2}
    found = on(village(buildings=HOUSES), dwellings=[home], other_floor_area=300, other_footprint=300)
    plan, wijk = found.density, found.wijk_density
    assert plan is not None
    assert wijk is not None
    assert (plan.dwellings_per_hectare, plan.fsi, plan.gsi) == (20, 0.3, 0.18)
    assert plan.osr == pytest.approx(0.82 / 0.3, abs=1e-3)
    assert plan.layers == pytest.approx(0.3 / 0.18, abs=1e-3)
    assert plan.mxi == pytest.approx(1200 / 1500)
    assert (wijk.fsi, wijk.gsi, wijk.dwellings_per_hectare) == (0.2, 0.13, 15)
    assert wijk.mxi == pytest.approx(1700 / 2000)
    unsure = on(village(buildings=HOUSES)).density
    assert unsure is not None
    assert (unsure.gsi, unsure.osr, unsure.mxi) == (None, None, None)
