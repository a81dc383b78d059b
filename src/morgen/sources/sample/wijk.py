"""The nouns of a planned wijk: what stands where, who could live there, and what is under and around it.

Everything is in RD New, heights in m NAP, and frozen. All writers of the sample read these nouns and nothing else,
so the registers agree: a dwelling of the BAG is a household of the CBS and a stop of the sewer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import shapely

from morgen.core.grid import Bounds
from morgen.sources.sample.buildings import Building
from morgen.sources.sample.cover import Tree
from morgen.sources.sample.street import Street

__all__ = [
    "Block",
    "Building",
    "Culvert",
    "District",
    "Facility",
    "Plot",
    "RedevelopmentSite",
    "Residence",
    "Street",
    "Tree",
    "Waterway",
    "Wijk",
]


@dataclass(frozen=True)
class Block:
    """Ground between streets, water and the edge of the box."""

    number: int
    """From 1; unique in the wijk."""
    shape: shapely.Polygon
    use: str
    """'closed block', 'rows', 'home zone', 'village', 'open slabs', 'gallery flat', 'towers', 'shops', 'school',
    'care', 'church', 'sports', 'industry', 'park', 'meadow' or 'green'."""
    district: str
    """Code of the buurt: BU99990101 ..."""
    year: int
    """About when it was built."""


@dataclass(frozen=True)
class Plot:
    """A kavel: the ground of one house or of one building with its yard."""

    block: int
    """Number of its block."""
    shape: shapely.Polygon
    pand: str
    """16-digit BAG number of the building on it; empty when nothing stands there."""


@dataclass(frozen=True)
class Residence:
    """A verblijfsobject of the BAG with its address: a dwelling, or a place of work, school, shop ..."""

    number: str
    """16 digits: 9999 01 and a rank."""
    pand: str
    """16-digit number of its building."""
    street: str
    house_number: int
    letter: str
    """huisletter; mostly empty."""
    suffix: str
    """huisnummertoevoeging, such as '2' for a flat over a shop; mostly empty."""
    postcode: str
    """'9999AB'."""
    use: str
    """gebruiksdoel in the words of the BAG; several are comma separated."""
    floor_area: int
    """oppervlakte, m2."""
    storey: int
    """Floor where its door is, 0 is the ground floor."""
    point: shapely.Point
    """Inside its building, RD New."""
    year: int
    """Construction year of its building."""
    status: str = "Verblijfsobject in gebruik"

    @property
    def is_dwelling(self) -> bool:
        """Whether someone can live there."""
        return "woonfunctie" in self.use


@dataclass(frozen=True)
class Facility:
    """A place that people of the wijk go to."""

    kind: str
    """'primary school', 'secondary school', 'childcare', 'out-of-school care', 'sports hall', 'sports field',
    'health centre', 'pharmacy', 'community centre', 'church', 'library', 'supermarket', 'shop', 'playground',
    'park' or 'pumping station'."""
    name: str
    point: shapely.Point
    residence: str
    """Number of its verblijfsobject; empty for a place in the open air."""
    floor_area: int
    """m2; for a place in the open air its surface."""
    capacity: int
    """Pupils, children, visitors or patients at most; 0 when that says nothing."""


@dataclass(frozen=True)
class Waterway:
    """Open water with one level."""

    name: str
    kind: str
    """'canal', 'ditch' or 'pond'."""
    line: shapely.LineString
    """Axis, in the direction of flow; of a pond its longest line."""
    shape: Any
    """Water surface (Polygon or MultiPolygon)."""
    level: float
    """Usual level, m NAP."""
    bed: float
    """Height of the bed, m NAP."""


@dataclass(frozen=True)
class Culvert:
    """A duiker that joins two waters under ground."""

    line: shapely.LineString
    diameter: float
    """m."""
    invert: float
    """Inside bottom of the pipe (bob), m NAP."""
    joins: tuple[str, str]
    """Names of the waters at its ends."""


@dataclass(frozen=True)
class District:
    """A buurt: a union of blocks with half of the streets around them; together they are the box."""

    code: str
    """BU9999wwbb: wijk and buurt."""
    name: str
    shape: Any
    """Polygon or MultiPolygon."""
    wijk_code: str
    """WK9999ww."""
    wijk_name: str


@dataclass(frozen=True)
class RedevelopmentSite:
    """Ground that may be built anew: what stands there now, and its outline."""

    name: str
    shape: shapely.Polygon
    panden: tuple[str, ...]
    """16-digit numbers of the buildings that would go."""


@dataclass(frozen=True, eq=False)
class Wijk:
    """A whole planned wijk."""

    seed: int
    km2: float
    bounds: Bounds
    """The box, RD New."""
    streets: tuple[Street, ...]
    blocks: tuple[Block, ...]
    plots: tuple[Plot, ...]
    buildings: tuple[Building, ...]
    """Numbered, sheds included; ``ground`` is not known yet."""
    residences: tuple[Residence, ...]
    facilities: tuple[Facility, ...]
    waterways: tuple[Waterway, ...]
    culverts: tuple[Culvert, ...]
    districts: tuple[District, ...]
    redevelopment: tuple[RedevelopmentSite, ...]

    @cached_property
    def box(self) -> shapely.Polygon:
        """The box as a polygon."""
        return shapely.box(*self.bounds)

    @cached_property
    def building_by_number(self) -> Mapping[str, Building]:
        """Every building by its 16-digit BAG number."""
        return {building.number: building for building in self.buildings}

    @cached_property
    def residences_by_pand(self) -> Mapping[str, tuple[Residence, ...]]:
        """Verblijfsobjecten by the number of their building."""
        found: dict[str, list[Residence]] = {}
        for residence in self.residences:
            found.setdefault(residence.pand, []).append(residence)
        return {number: tuple(residences) for number, residences in found.items()}

    @cached_property
    def dwellings(self) -> tuple[Residence, ...]:
        """Residences where someone can live."""
        return tuple(residence for residence in self.residences if residence.is_dwelling)

    def residence(self, number: str) -> Residence:
        """Return the verblijfsobject of this number; raises ``KeyError``."""
        return self._residence_by_number[number]

    @cached_property
    def _residence_by_number(self) -> Mapping[str, Residence]:
        return {residence.number: residence for residence in self.residences}
