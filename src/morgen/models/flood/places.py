"""Vulnerable places: schools, care and others that a stress test shows when water reaches them."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
from pydantic import Field

from morgen.core.noun import Noun, Text
from morgen.core.situation import Situation

if TYPE_CHECKING:
    import geopandas

__all__ = ["NO_BUILDING", "PlaceKind", "PlaceKinds", "find_places", "place_kinds"]

NO_BUILDING: Final = -1
COLUMNS: Final = ("place_id", "kind", "use", "building", "geometry")


class PlaceKind(Noun):
    """One kind of vulnerable place and the words that tell it."""

    title: Text
    uses: tuple[str, ...]
    """Uses of the building register."""
    facilities: tuple[str, ...]
    """First words of the kind of a facility."""


class PlaceKinds(Noun):
    """All kinds, in the order in which they are looked for."""

    source: str = Field(min_length=1)
    kinds: Mapping[str, PlaceKind]

    def of_uses(self, uses: object) -> str:
        """Return the kind of a building with these uses, comma separated; empty when it is none."""
        words = {word.strip().lower() for word in uses.split(",")} if isinstance(uses, str) else set()
        return next((name for name, kind in self.kinds.items() if words & set(kind.uses)), "")

    def of_facility(self, word: object) -> str:
        """Return the kind of a facility by its word; empty when it is none."""
        text = word.strip().lower() if isinstance(word, str) else ""
        return next((name for name, kind in self.kinds.items() if text.startswith(kind.facilities or ("\0",))), "")


@cache
def place_kinds() -> PlaceKinds:
    """Return the kinds of ``places.toml`` beside this module."""
    text = (files("morgen.models.flood") / "places.toml").read_text(encoding="utf-8")
    return PlaceKinds.from_json(tomllib.loads(text))


def find_places(situation: Situation, in_area: npt.NDArray[np.bool_]) -> "geopandas.GeoDataFrame":
    """Return the vulnerable places of the area, one row each.

    Columns: place_id (object_id of the building, or 'facility-' and its number), kind (a name of ``places.toml``),
    use (words of the register or of the facility), building (row of the buildings, ``NO_BUILDING`` for a facility
    in the open) and geometry (footprint or shape of the facility). ``in_area`` marks the rows of the buildings
    that count. A facility of a kind that its building has already is not counted twice.
    """
    import pandas as pd

    of_buildings = _in_buildings(situation, in_area)
    facilities = _facilities(situation)
    known = set(zip(of_buildings["building"], of_buildings["kind"], strict=True))
    pairs = zip(facilities["building"], facilities["kind"], strict=True)
    new = [row == NO_BUILDING or (row, kind) not in known for row, kind in pairs]
    found = pd.concat([of_buildings, facilities[new]], ignore_index=True)
    return _frame(found)


def _in_buildings(situation: Situation, in_area: npt.NDArray[np.bool_]) -> "geopandas.GeoDataFrame":
    buildings = situation.features("buildings")
    per_use = {use: place_kinds().of_uses(use) for use in buildings["use"].fillna("").unique()}
    kind = buildings["use"].fillna("").map(per_use).astype(object)
    rows = np.flatnonzero(in_area & (kind != "").to_numpy(dtype=bool))
    chosen = buildings.iloc[rows]
    return _frame(
        {
            "place_id": chosen["object_id"].astype(str).to_numpy(),
            "kind": kind.iloc[rows].to_numpy(),
            "use": chosen["use"].to_numpy(),
            "building": rows,
            "geometry": chosen.geometry.to_numpy(),
        }
    )


def _facilities(situation: Situation) -> "geopandas.GeoDataFrame":
    if not situation.has("facilities"):
        return _frame({name: [] for name in COLUMNS})
    import shapely

    layer = situation.features("facilities")
    kinds = [place_kinds().of_facility(word) for word in layer["kind"]]
    points = layer.geometry.representative_point()
    inside = points.within(situation.area.polygon).to_numpy(dtype=bool)
    rows = [row for row, kind in enumerate(kinds) if kind and inside[row]]
    tree = shapely.STRtree(situation.features("buildings").geometry.to_numpy())
    over = [tree.query(points.iloc[row], predicate="within") for row in rows]
    return _frame(
        {
            "place_id": [f"facility-{row + 1}" for row in rows],
            "kind": [kinds[row] for row in rows],
            "use": [layer["kind"].iloc[row] for row in rows],
            "building": [int(found[0]) if len(found) else NO_BUILDING for found in over],
            "geometry": [layer.geometry.iloc[row] for row in rows],
        }
    )


def _frame(columns: object) -> "geopandas.GeoDataFrame":
    import geopandas

    frame = geopandas.GeoDataFrame(columns, geometry="geometry", crs="EPSG:28992")
    return frame.astype({"place_id": object, "kind": object, "use": object, "building": np.int64})[list(COLUMNS)]
