"""What a scenario costs: its quantities are those that somebody with a ruler and a price list would find."""

import pytest
import shapely
from shapely.affinity import translate

from morgen.core.measure import Measure
from morgen.core.scenario import Base, Scenario
from morgen.measures.cost import measure_cost, scenario_cost
from morgen.measures.registry import get_measure, measure_ids
from morgen.testing.situations import ORIGIN, building, ground, situation

pytestmark = pytest.mark.usefixtures("installed_measures")

HOUSES = shapely.box(14, 6, 18, 9), shapely.box(14, 11, 18, 13)


@pytest.fixture(scope="module")
def wijk():
    grass = shapely.box(0, 0, 20, 15).difference(shapely.union_all(HOUSES))
    return situation(
        [[1.0] * 20] * 15,
        land_cover=[ground("begroeidterreindeel", grass), *(ground("pand", house) for house in HOUSES)],
        buildings=[building(f"{number:016d}", house) for number, house in enumerate(HOUSES, start=1)],
    )


def placed(kind, shape, **parameters):
    return Measure(id=kind, kind=kind, geometry=translate(shape, *ORIGIN), parameters=parameters)


@pytest.mark.parametrize(
    ("measure", "quantity"),
    [
        (placed("wadi", shapely.box(2, 5, 8, 10), depth=0.4), 6 * 5),
        (placed("raised-kerb", shapely.LineString([(0, 0), (3, 4), (3, 10)])), 5 + 6),
        (placed("green-roof-extensive", shapely.Point(16, 7)), 4 * 3),
        (placed("green-roof-extensive", shapely.box(13, 5, 19, 14)), 4 * 3 + 4 * 2),
        (placed("door-threshold", shapely.box(13, 5, 19, 14)), 2),
        (placed("tree", shapely.Point(4, 4)), 1),
        (placed("crate-storage", shapely.box(2, 5, 8, 10), height=0.5, porosity=0.9), 30 * 0.5 * 0.9),
        (placed("new-building", shapely.box(2, 5, 8, 10), floor_area=90.0), 90),
    ],
    ids=lambda item: item.kind if isinstance(item, Measure) else "",
)
def test_the_quantity_is_in_the_unit_of_the_price(wijk, measure, quantity):
    """Square metres of ground, roof or floor, metres of line, cubic metres of storage, pieces or buildings."""
    cost, price = measure_cost(wijk, measure), get_measure(measure.kind).cost
    assert cost.quantity == pytest.approx(quantity)
    assert (cost.low, cost.middle, cost.high) == pytest.approx(
        (quantity * price.low, quantity * price.middle, quantity * price.high)
    )
    assert cost.source


def test_a_scenario_costs_the_sum_of_its_measures(wijk):
    """All cheap, all usual, all dear; nothing without measures."""
    measures = placed("wadi", shapely.box(2, 5, 8, 10)), placed("tree", shapely.Point(10, 4))
    cost = scenario_cost(wijk, Scenario(name="plan", base=Base.of(wijk), measures=measures))
    assert cost.middle == sum(measure_cost(wijk, item).middle for item in measures)
    assert cost.low < cost.middle < cost.high
    assert scenario_cost(wijk, Scenario(name="empty", base=Base.of(wijk))).high == 0


@pytest.mark.parametrize("kind_id", measure_ids())
def test_every_measure_can_be_priced(wijk, kind_id):
    """None has a price per cubic metre without a volume."""
    kind = get_measure(kind_id)
    shapes = {
        "Point": shapely.Point(16, 7),
        "LineString": shapely.LineString([(2, 2), (9, 2)]),
        "Polygon": shapely.box(1, 1, 6, 6),
    }
    assert measure_cost(wijk, placed(kind.id, shapes[kind.geometry[0]])).high > 0
