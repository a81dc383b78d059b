"""Every measure of the catalogue passes the conformance kit that strangers' measures are held to."""

import tomllib
from importlib import import_module
from pathlib import Path

import pytest
import shapely
from shapely.affinity import translate

from morgen.core.measure import MeasureKind
from morgen.testing.measure_conformance import check_measure
from morgen.testing.situations import ORIGIN, building, ground, situation

DECLARED = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
ENTRIES: dict[str, str] = DECLARED["project"]["entry-points"]["morgen.measures"]

PLACES = {
    "Point": shapely.Point(15, 7.25),
    "LineString": shapely.LineString([(4, 5.5), (12.5, 5.5)]),
    "Polygon": shapely.Polygon([(3.2, 3.1), (11.7, 3.4), (11.1, 12.9), (3.6, 11.3)]),
}
ON_BUILDING = shapely.box(13.9, 5.9, 18.1, 9.1)


def kind_of(name: str) -> MeasureKind:
    module, _, attribute = ENTRIES[name].partition(":")
    found = getattr(import_module(module), attribute)
    assert isinstance(found, MeasureKind)
    return found


def wijk():
    slope = [[0.5 + 0.01 * column + 0.02 * row for column in range(20)] for row in range(15)]
    house = shapely.box(14, 6, 18, 9)
    return situation(
        slope,
        land_cover=[
            ground("wegdeel", shapely.box(0, 0, 20, 8).difference(house), surface="gesloten verharding"),
            ground("begroeidterreindeel", shapely.box(0, 8, 20, 15).difference(house), surface="groenvoorziening"),
            ground("pand", house),
        ],
        buildings=[building("0503100000000001", house, ground_height=0.6, use="kantoorfunctie")],
    )


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_a_measure_holds_the_contract(name):
    """Pure, with units and cost; storage as its own formula says; the ground stays a partition."""
    kind = kind_of(name)
    shape = PLACES[kind.geometry[-1]] if "Point" not in kind.geometry[:1] else PLACES["Point"]
    if kind.geometry == ("Point", "Polygon"):
        shape = ON_BUILDING
    check_measure(kind, wijk(), translate(shape, *ORIGIN))
    assert kind.id == name
