"""What a measure costs."""

import pytest
import shapely

from morgen.core.measure import Measure
from morgen.measures.cost import price, total
from morgen.measures.registry import get_measure
from morgen.services.area_file import read_area
from morgen.services.twin import Twin


@pytest.fixture(scope="module")
def situation(sample_files, tmp_path_factory):
    folder = tmp_path_factory.mktemp("twin") / "t"
    twin = Twin.create(folder, read_area(sample_files / "area.geojson"), cell_size=5.0)
    twin.add(sample_files)
    return twin.situation()


@pytest.fixture(scope="module")
def building(situation):
    """Return one building that lies wholly inside the area."""
    shapes = situation.features("buildings").geometry
    return next(shape for shape in shapes if situation.area.polygon.contains(shape))


@pytest.fixture(scope="module")
def square(situation):
    """Return a square of 10 by 10 m in the area without a building."""
    taken = situation.features("buildings").geometry.union_all()
    xmin, ymin, xmax, ymax = situation.area.polygon.bounds
    for x in range(int(xmin), int(xmax), 10):
        for y in range(int(ymin), int(ymax), 10):
            found = shapely.box(x, y, x + 10, y + 10)
            if situation.area.polygon.contains(found) and not found.intersects(taken):
                return found
    return pytest.fail("there is no free square")


def test_a_roof_costs_by_the_area_of_the_building_that_is_pointed_at(situation, building):
    """A point on a building is the whole roof; a polygon around it is the same roof."""
    unit = get_measure("green-roof-extensive").cost
    for shape in (building.representative_point(), building.buffer(0.3, join_style="mitre")):
        found = price(situation, Measure(id="a", kind="green-roof-extensive", geometry=shape))
        assert found.quantity == pytest.approx(building.area)
        assert found.middle == pytest.approx(unit.middle * building.area)


def test_pieces_are_counted_by_building(situation, building):
    """A rain barrel is one for every building, a tree is one."""
    point = building.representative_point()
    assert price(situation, Measure(id="a", kind="rain-barrel", geometry=point)).quantity == 1
    assert price(situation, Measure(id="a", kind="new-facility", geometry=point)).quantity == 1


def test_a_line_costs_by_its_length_and_crates_by_what_they_hold(situation, square):
    """3 and 4 m make 5 m; 10 x 10 x 0.6 m of crates hold 95% of that."""
    place = square.centroid
    line = shapely.LineString([place, (place.x + 3, place.y + 4)])
    assert price(situation, Measure(id="a", kind="culvert", geometry=line)).quantity == pytest.approx(5)
    crates = price(situation, Measure(id="b", kind="crate-storage", geometry=square))
    assert crates.quantity == pytest.approx(100 * 0.6 * 0.95)
    assert total([crates, crates]).high == pytest.approx(2 * crates.high)
    assert total([]).middle == 0
