"""Morgen: an open digital twin for municipalities.

import morgen

twin = morgen.open("delft")
run = twin.run("pluvial-flood", rain=70)
run.indicators
run.depth.to_xarray()
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from morgen.core.area import Area
    from morgen.core.errors import MorgenError
    from morgen.core.indicator import Indicator
    from morgen.core.situation import Situation
    from morgen.services.result import RunResult
    from morgen.services.twin import Twin

__all__ = ["Area", "Indicator", "MorgenError", "RunResult", "Situation", "Twin", "create", "open"]

_HOMES = {
    "Area": "morgen.core.area",
    "Indicator": "morgen.core.indicator",
    "MorgenError": "morgen.core.errors",
    "RunResult": "morgen.services.result",
    "Situation": "morgen.core.situation",
    "Twin": "morgen.services.twin",
}


def open(folder: Path | str) -> "Twin":  # noqa: A001 - as rasterio.open and zarr.open
    """Open the twin in ``folder``; raises ``TwinNotFoundError`` or ``ConfigError``."""
    from morgen.faces.report.notebook import to_html
    from morgen.services.twin import Twin

    return Twin.open(folder, to_html=to_html)


def create(folder: Path | str, area: "Area", *, cell_size: float | None = None) -> "Twin":
    """Make a twin of ``area`` in ``folder`` and open it; raises ``InputError`` when there is one already."""
    from morgen.services.twin import Twin

    Twin.create(folder, area, cell_size=cell_size)
    return open(folder)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("morgen")
    if name not in _HOMES:
        raise AttributeError(f"module 'morgen' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
