"""Pluvial flooding: rain on the grid, the effects on buildings and roads."""

from typing import TYPE_CHECKING, Any

from morgen.models.flood.model import pluvial_flood
from morgen.models.flood.surfaces import SurfaceTable, default_surfaces

if TYPE_CHECKING:
    from morgen.models.flood.simulation import simulate

__all__ = ["SurfaceTable", "default_surfaces", "pluvial_flood", "simulate"]


def __getattr__(name: str) -> Any:
    """Import the engine, which compiles, when it is first asked for."""
    if name == "simulate":
        from morgen.models.flood.simulation import simulate

        return simulate
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
