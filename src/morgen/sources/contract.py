"""What a reader of a file format is: it recognises by content, and reads into one standard form per role.

A reader is found through the entry points ``morgen.sources``; built-in readers come in through the same door.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from morgen.core.grid import Bounds, Grid
from morgen.core.source import Source

__all__ = [
    "ADDRESS_COLUMNS",
    "BUILDING_MODEL_COLUMNS",
    "BUILDING_REGISTER_COLUMNS",
    "FACILITY_COLUMNS",
    "PATH_COLUMNS",
    "PLOT_COLUMNS",
    "POPULATION_COLUMNS",
    "SEWER_COLUMNS",
    "TOPOGRAPHY_COLUMNS",
    "PointCloud",
    "Reader",
    "Reading",
    "Recognised",
]

TOPOGRAPHY_COLUMNS: dict[str, str] = {
    "object_id": "lokaalID, text",
    "theme": "object type of the BGT in lower case: wegdeel, pand, waterdeel, vegetatieobject ...",
    "function": "functie: 'rijbaan lokale weg', 'voetpad', 'boom' ...; empty when unknown",
    "surface": "fysiek voorkomen: 'open verharding', 'groenvoorziening', 'erf' ...; empty when unknown",
    "plus_function": "functie of the IMGeo plus part; empty when unknown",
    "plus_surface": "fysiek voorkomen or type of the IMGeo plus part; empty when unknown",
    "level": "relatieve hoogteligging, integer; 0 is the ground, only level 0 is a partition",
    "owner": "bronhouder: G0503, W0372 ...",
    "registered_at": "tijdstip registratie, ISO 8601 text; empty when unknown",
    "status": "bestaand, plan, historie",
    "bag_id": "16 digits as text for a pand; empty otherwise or when unknown",
    "geometry": "the real shape of the object, RD New, two-dimensional, valid",
}
"""Columns that every reader of role ``topography`` gives: current objects only, one row each."""

BUILDING_REGISTER_COLUMNS: dict[str, str] = {
    "bag_id": "16 digits as text",
    "construction_year": "nullable Int64; null for 9999 and other impossible years",
    "status": "pandstatus in the words of the BAG",
    "use": "gebruiksdoelen, comma separated; empty when unknown",
    "dwellings": "verblijfsobjecten with a woonfunctie, nullable Int64; null when unknown",
    "usable_area": "gebruiksoppervlakte of all verblijfsobjecten, m2; NaN when unknown",
    "dwelling_area": "gebruiksoppervlakte of the dwellings, m2; NaN when unknown",
    "geometry": "footprint seen from above, RD New, two-dimensional, valid",
}
"""Columns that every reader of role ``building-register`` gives: current, standing buildings, one row each."""

BUILDING_MODEL_COLUMNS: dict[str, str] = {
    "bag_id": "16 digits as text; empty when the model carries none",
    "object_id": "id of the city object in its file",
    "construction_year": "nullable Int64",
    "ground_height": "m NAP; NaN when unknown",
    "roof_height": "m NAP, 70th percentile of the roof (or its nearest equivalent in the file); NaN when unknown",
    "roof_type": "dak_type in the words of 3DBAG; empty when unknown",
    "lod": "level of detail of the solid: '2.2', '1.3', '1.2', '1', or '0' when there is a footprint only",
    "solid": "boundary of the building as MultiPolygon Z in RD New + NAP; None when there is none",
    "solid_surfaces": "list of 'ground', 'wall', 'roof', one per polygon of the solid",
    "geometry": "footprint, RD New, two-dimensional, valid; None when the file has none",
}
"""Columns that every reader of role ``building-models`` gives, one row per building."""

PATH_COLUMNS: dict[str, str] = {
    "path_id": "id in its source, text",
    "from_node": "id of the junction where the line begins, text",
    "to_node": "id of the junction where the line ends, text",
    "length": "m, along the line",
    "kind": "'footpath', 'shared', 'path', 'alley', 'cycle path', 'road', 'main road', or the word of the file",
    "walkable": "whether people may walk there",
    "bridge": "whether it goes over water or another road",
    "street": "name; empty when unknown",
    "geometry": "LineString, RD New, two-dimensional, from ``from_node`` to ``to_node``",
}
"""Columns that every reader of role ``walking-network`` gives, one row per piece between two junctions."""

PLOT_COLUMNS: dict[str, str] = {
    "plot_id": "id in its plan, text",
    "site": "name of the site; empty when it has none",
    "kind": "'plot' to build on, 'street' or 'green'",
    "allowed_uses": "gebruiksdoelen of the BAG that may come, comma separated; empty for street and green",
    "max_height": "m above the ground; 0 where nothing may be built",
    "max_storeys": "whole number",
    "max_coverage": "share of the plot that buildings may cover, 0 to 1",
    "min_green": "share of the plot that must stay unpaved, 0 to 1",
    "max_floor_area": "gross floor area of all storeys together, m2",
    "dwellings": "dwellings that the plan asks for on this plot, whole number",
    "noise": "dB Lden; NaN when unknown",
    "geometry": "Polygon or MultiPolygon, RD New, two-dimensional, valid; plots do not overlap",
}
"""Columns that every reader of role ``redevelopment`` gives, one row per plot."""

ADDRESS_COLUMNS: dict[str, str] = {
    "bag_id": "verblijfsobject, 16 digits as text",
    "building_id": "pand, 16 digits as text; empty when unknown",
    "use": "gebruiksdoelen, comma separated; empty when unknown",
    "floor_area": "m2; NaN when unknown",
    "street": "name; empty when unknown",
    "house_number": "number, letter and addition joined, such as '16', '16A', '16A2'; empty when unknown",
    "postcode": "four digits and two letters without a blank; empty when unknown",
    "geometry": "Point, RD New",
}
"""Columns that every reader of role ``addresses`` gives: verblijfsobjecten that are there, one row each."""

FACILITY_COLUMNS: dict[str, str] = {
    "facility_id": "id in its register, text",
    "kind": "'primary-school', 'childcare' ...: the facilities of the norms, else the word of the file",
    "name": "empty when unknown",
    "floor_area": "m2, of a place in the open air its surface; NaN when unknown",
    "capacity": "how many of ``capacity_unit``; NaN when unknown",
    "capacity_unit": "pupils, child places, people at a time ...; empty when unknown",
    "bag_id": "verblijfsobject, 16 digits as text; empty in the open air and when unknown",
    "postcode": "four digits and two letters without a blank; empty when unknown",
    "house_number": "number, letter and addition joined; empty when unknown",
    "geometry": "Point, RD New; None when the register has addresses only",
}
"""Columns that every reader of role ``facilities`` gives, one row per place."""

POPULATION_COLUMNS: dict[str, str] = {
    "area_id": "BU and 8 digits for a buurt; E...N... for a square",
    "kind": "'square' or 'buurt'",
    "name": "of the buurt; empty for a square",
    "residents": "people; NaN where it is held back, which is not zero",
    "households": "NaN where it is held back",
    "household_size": "people per household; NaN where it is held back",
    "dwellings": "NaN where it is held back",
    "geometry": "Polygon or MultiPolygon, RD New",
}
"""Columns that every reader of role ``population`` gives, one row per square or buurt."""

SEWER_COLUMNS: dict[str, str] = {
    "object_id": "name of the object, text",
    "system": "stelsel, text; empty when unknown",
    "kind": "type in the words of GWSW: 'Gemengd riool', 'Inspectieput', 'Rioolgemaal' ...",
    "begins_at": "name of the node where a pipe begins; empty when unknown",
    "ends_at": "name of the node, or of the pipe, where it ends; empty when unknown",
    "shape": "cross section in the words of GWSW: 'Rond', 'Ei' ...; empty when unknown",
    "invert_begin": "m NAP, bottom inside the pipe (bob); NaN when unknown",
    "invert_end": "m NAP; NaN when unknown",
    "width": "m, inside; NaN when unknown",
    "height": "m, inside; NaN when unknown",
    "length": "m; NaN when unknown",
    "ground_level": "m NAP, of a node; NaN when unknown",
    "crest_level": "m NAP, of an overflow; NaN when unknown",
    "crest_width": "m, of an overflow; NaN when unknown",
    "pump_capacity": "m3/s; NaN when unknown",
    "geometry": "LineString of a pipe or Point of a node, RD New, two-dimensional",
}
"""Columns that every reader of role ``sewers`` gives, one row per pipe and per node."""


@dataclass(frozen=True, eq=False)
class PointCloud:
    """Classified points in RD New + NAP; arrays of equal length."""

    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    z: npt.NDArray[np.float64]
    classification: npt.NDArray[np.uint8]
    """ASPRS classes as AHN uses them: 1 other, 2 ground, 6 building, 9 water, 26 civil structure."""


@dataclass(frozen=True)
class Recognised:
    """A file that a reader knows."""

    path: Path
    source: Source
    bounds: Bounds | None
    """Extent of the data in RD New as far as the header tells; None when reading it would cost a full read."""
    resolution: float = 0.0
    """Cell size of a raster, m; 0 for everything else."""


@dataclass(frozen=True, eq=False)
class Reading:
    """What a reader took from a file, limited to a box."""

    data: Any
    """Raster, PointCloud or GeoDataFrame in the standard form of the role."""
    count: int
    """Cells with a value, points or features taken."""
    crs: str
    """CRS as found, e.g. 'EPSG:28992', 'EPSG:7415 (assumed)'."""
    bounds: Bounds | None
    """Extent of the whole file, RD New."""
    data_date: str = ""
    """Date that the data carries, ISO 8601; empty when it carries none."""
    remarks: tuple[str, ...] = ()
    """One sentence each: what a user of the data should know (dropped history, repaired ids ...)."""


@dataclass(frozen=True)
class Reader:
    """A file format: how to recognise it and how to read it.

    ``recognise`` looks at the content of one file, quickly, and returns None when it is not its own; it raises
    ``UnreadableSourceError`` when the file is certainly of this format but broken.
    ``read`` reads what lies in the box of ``grid`` (rasters: resampled onto ``grid``; features: those whose
    shape intersects the box, unclipped; points: those inside the box) and raises ``UnreadableSourceError``.
    """

    id: str
    title: str
    recognise: Callable[[Path], Recognised | None]
    read: Callable[[Recognised, Grid], Reading]
