"""Pluvial flooding: rain on the grid, the effects on buildings and roads."""

from typing import TYPE_CHECKING, Any

from morgen.models.flood.balance import WaterBalance
from morgen.models.flood.model import pluvial_flood
from morgen.models.flood.rain import GreenAmpt, Inflow, RainField, Roof, SewerLoss
from morgen.models.flood.sewers import SewerDistrict, SewerVolumes
from morgen.models.flood.storms import moving_storm
from morgen.models.flood.surfaces import SurfaceTable, default_surfaces
from morgen.models.flood.walls import Wall
from morgen.models.flood.works import Culvert, OpenWater, Pump

if TYPE_CHECKING:
    from morgen.models.flood.simulation import FloodResult, simulate

__all__ = [
    "Culvert",
    "FloodResult",
    "GreenAmpt",
    "Inflow",
    "OpenWater",
    "Pump",
    "RainField",
    "Roof",
    "SewerDistrict",
    "SewerLoss",
    "SewerVolumes",
    "SurfaceTable",
    "Wall",
    "WaterBalance",
    "default_surfaces",
    "moving_storm",
    "pluvial_flood",
    "simulate",
]


def __getattr__(name: str) -> Any:
    """Import the engine, which compiles, when it is first asked for."""
    if name in ("FloodResult", "simulate"):
        from morgen.models.flood import simulation

        return getattr(simulation, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
