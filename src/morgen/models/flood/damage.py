"""What water in buildings costs: the editable, sourced table of amounts, and the damage of every building."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Any, Final, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from morgen.core.model import PresetState
from morgen.core.noun import Noun
from morgen.core.units import Unit
from morgen.models.flood.facades import Facades

if TYPE_CHECKING:
    import geopandas

__all__ = [
    "BANDS",
    "Band",
    "DamageCurve",
    "DamageTable",
    "damage_text",
    "damages",
    "default_damage",
    "depth_inside",
]

FloatArray = npt.NDArray[np.float32]

UNKNOWN_USE: Final = "unknown"
"""The use of a building of which none is known; every table has it."""

BANDS: Final = ("low", "middle", "high")
OPPOSITE: Final = {"low": "high", "middle": "middle", "high": "low"}
"""The higher the threshold, the lower the damage."""

_Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Band(Noun):
    """Three values of one number and where they come from."""

    low: _Amount
    middle: _Amount
    high: _Amount
    source: str = Field(min_length=1)
    state: PresetState = ""
    """How sure they are: read in the source itself, in a secondary source, or indicative."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= self.middle <= self.high:
            raise ValueError(
                f"low, middle and high are {self.low:g}, {self.middle:g} and {self.high:g}, but each should be at"
                " least the one before"
            )
        return self


class DamageCurve(Noun):
    """The share of the whole damage per depth on the floor."""

    depths: Annotated[tuple[_Amount, ...], Unit("m"), Field(min_length=2)]
    shares: Annotated[tuple[Annotated[float, Field(ge=0, le=1)], ...], Unit("1"), Field(min_length=2)]
    source: str = Field(min_length=1)
    state: PresetState = ""

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if len(self.depths) != len(self.shares):
            raise ValueError(
                f"there are {len(self.depths)} depths and {len(self.shares)} shares, but as many of each"
            )
        if any(np.diff(self.depths) <= 0) or any(np.diff(self.shares) < 0):
            raise ValueError("depths must rise, and shares must not fall")
        if self.shares[0] > 0:
            raise ValueError(f"the first share is {self.shares[0]:g}, but it must be 0: dry floors cost nothing")
        return self


class DamageTable(Noun):
    """What water in a building costs, by the use of the building."""

    price_level: int = Field(ge=1990, le=2100)
    """Year of the prices."""
    price_source: str = Field(min_length=1)
    curve: DamageCurve
    threshold: Annotated[Band, Unit("m")]
    """Height of the floor above the ground at the wall, where its level is not known."""
    uses: Mapping[str, Band]
    """Use of the building register (gebruiksdoel) to euro per m2 of footprint."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if UNKNOWN_USE not in self.uses:
            raise ValueError(f"the use {UNKNOWN_USE!r} is missing; every table has it")
        return self

    def amounts(self, use: object) -> tuple[float, float, float]:
        """Return euro per m2 (low, middle, high) of a building with these uses, comma separated.

        The lowest of the low amounts, the mean of the middle ones, the highest of the high ones; uses that the
        table does not know count as unknown.
        """
        words = [word.strip().lower() for word in use.split(",")] if isinstance(use, str) else []
        found = [self.uses.get(word, self.uses[UNKNOWN_USE]) for word in words if word] or [self.uses[UNKNOWN_USE]]
        return (
            min(band.low for band in found),
            sum(band.middle for band in found) / len(found),
            max(band.high for band in found),
        )


def default_damage() -> DamageTable:
    """Return the built-in table, ``damage.toml`` beside this module."""
    return DamageTable.from_json(tomllib.loads(damage_text()))


def damage_text() -> str:
    """Return the text of ``damage.toml``, for users to copy and edit."""
    return (files("morgen.models.flood") / "damage.toml").read_text(encoding="utf-8")


def depth_inside(
    facades: Facades, *, max_depth: FloatArray, terrain: FloatArray, floor_level: FloatArray, threshold: float
) -> FloatArray:
    """Return how deep water stands at most above the floor of each building, m; 0 when it stays out, NaN unknown.

    At every cell along the wall water must rise over the floor: at ``floor_level`` (m NAP, one per building), or
    ``threshold`` (m) above the ground of that cell where it is NaN. Where the ground lies above the floor the
    depth of the water itself counts, not its height above the floor, so that a wet slope is no full house.
    ``max_depth`` (m) and ``terrain`` (m NAP) have shape (rows, columns).
    """
    rise = floor_level[facades.building] - terrain.ravel()[facades.cell]
    rise = np.where(np.isnan(rise), np.float32(threshold), np.maximum(rise, 0.0))
    above = np.maximum(max_depth.ravel()[facades.cell] - rise, 0.0).astype(np.float32)
    return facades.largest_of_pairs(above)


def damages(
    buildings: "geopandas.GeoDataFrame",
    table: DamageTable,
    facades: Facades,
    *,
    max_depth: FloatArray,
    terrain: FloatArray,
) -> dict[str, npt.NDArray[Any]]:
    """Return ``depth_inside`` (m) and ``damage_low``, ``damage`` and ``damage_high`` (euro), one per building.

    NaN for a building without known ground along its façade. ``buildings`` has the columns use, geometry, and
    floor_level (m NAP) where that is known; ``max_depth`` (m) and ``terrain`` (m NAP) have shape (rows, columns).
    """
    known = buildings["floor_level"].to_numpy(float, na_value=np.nan) if "floor_level" in buildings else np.nan
    floor_level = np.broadcast_to(np.asarray(known, dtype=np.float32), len(buildings))
    uses = buildings["use"].fillna("")
    per_use = {use: table.amounts(use) for use in uses.unique()}
    amounts = np.array([per_use[use] for use in uses], dtype=np.float64).reshape(-1, len(BANDS))
    area = buildings.geometry.area.to_numpy()
    found: dict[str, npt.NDArray[Any]] = {}
    for number, band in enumerate(BANDS):
        depth = depth_inside(
            facades,
            max_depth=max_depth,
            terrain=terrain,
            floor_level=floor_level,
            threshold=getattr(table.threshold, OPPOSITE[band]),
        )
        share = np.interp(depth, table.curve.depths, table.curve.shares)
        if band == "middle":
            found["depth_inside"] = depth
        found["damage" if band == "middle" else f"damage_{band}"] = np.round(area * amounts[:, number] * share)
    return found
