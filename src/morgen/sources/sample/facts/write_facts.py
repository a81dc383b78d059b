"""Write everything about the wijk that is not its geometry into a folder."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from morgen.sources.sample.facts.alleys import alleys_of
from morgen.sources.sample.facts.drainage import drain
from morgen.sources.sample.facts.gullies import gullies_of
from morgen.sources.sample.facts.network import street_network
from morgen.sources.sample.facts.rain import write_rain
from morgen.sources.sample.facts.settlement import settle
from morgen.sources.sample.facts.sewers import Heights
from morgen.sources.sample.facts.surroundings import look_around
from morgen.sources.sample.facts.walking import write_walking
from morgen.sources.sample.facts.write_cbs import write_cut_buurten, write_districts, write_squares
from morgen.sources.sample.facts.write_duo import write_duo
from morgen.sources.sample.facts.write_groundwater import write_groundwater
from morgen.sources.sample.facts.write_gwsw import write_gwsw
from morgen.sources.sample.facts.write_lrk import write_lrk
from morgen.sources.sample.facts.write_nwb import write_nwb
from morgen.sources.sample.facts.write_places import write_places
from morgen.sources.sample.facts.write_redevelopment import write_redevelopment
from morgen.sources.sample.facts.write_soil import write_soil
from morgen.sources.sample.facts.write_water import write_water
from morgen.sources.sample.facts.written import gullies_in, heights_in
from morgen.sources.sample.wijk import Street, Wijk

__all__ = ["street_heights", "write_facts"]

FREEBOARD = 1.1
"""Height of streets above the nearest water where no relief is given, m (drooglegging of a built-up polder)."""


def write_facts(
    folder: Path,
    wijk: Wijk,
    seed: int,
    *,
    quirks: bool = False,
    heights: Heights | None = None,
    gullies: Sequence[shapely.Point] | None = None,
) -> list[Path]:
    """Write people, facilities, sewers, water, soil, rain, streets and the redevelopment plan; returns the paths.

    Pipes lie under the ground of the raster that ``folder`` already holds, and gullies are those of its BGT; so
    the facts come last. ``heights`` and ``gullies`` replace these; without any, streets lie 1.1 m above the
    nearest water and gullies are put along the kerbs. ``quirks`` writes the older generations, cut names and lost
    zeros that real deliveries have. The same wijk, seed and folder give the same bytes. Raises ``OSError`` and the
    errors of pyogrio and rasterio when the disk refuses.
    """
    flat = street_heights(wijk)
    relief = heights or heights_in(folder, flat) or flat
    streets = _inside(wijk)
    network = street_network(streets)
    settlement = settle(wijk, seed)
    around = look_around(wijk, settlement)
    drainage = drain(wijk, network, relief)
    known = gullies_in(folder) if gullies is None else list(gullies)
    kolken = gullies_of(streets) if known is None else known
    return [
        write_districts(folder, wijk, settlement, around),
        write_squares(folder, settlement, around),
        *(write_cut_buurten(folder, wijk, settlement, around) if quirks else []),
        *write_duo(folder, wijk, old=quirks),
        write_lrk(folder, wijk, quirks=quirks),
        write_places(folder, wijk),
        write_gwsw(folder, wijk, drainage, gullies=kolken, heights=relief),
        write_water(folder, wijk, old=quirks),
        *write_groundwater(folder, wijk, relief, seed=seed),
        write_soil(folder, wijk),
        write_rain(folder, seed=seed),
        write_nwb(folder, wijk, network),
        write_walking(folder, wijk, street_network([*streets, *alleys_of(wijk, streets)])),
        write_redevelopment(folder, wijk),
    ]


def _inside(wijk: Wijk) -> list[Street]:
    """Return the streets as far as they lie in the box."""
    found = []
    for street in wijk.streets:
        parts = shapely.get_parts(street.line.intersection(wijk.box))
        found += [replace(street, line=part) for part in parts if isinstance(part, shapely.LineString)]
    return found


def street_heights(wijk: Wijk) -> Heights:
    """Return a flat relief: the level of the nearest water, and the freeboard."""
    levels = np.array([waterway.level for waterway in wijk.waterways])
    tree = shapely.STRtree([waterway.shape for waterway in wijk.waterways])

    def height(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        nearest: Any = tree.nearest(shapely.points(points))
        found: npt.NDArray[np.float64] = levels[nearest] + FREEBOARD
        return found

    return height
