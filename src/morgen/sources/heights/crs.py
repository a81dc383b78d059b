"""Whether heights are in RD New + NAP, and what is assumed when a file does not say."""

from pathlib import Path
from typing import Any

from morgen.core.area import RD_EXTENT
from morgen.core.errors import UnreadableSourceError
from morgen.core.grid import Bounds

__all__ = ["height_crs"]

REPROJECT = "Morgen takes heights in EPSG:28992 (RD New) or EPSG:7415 (RD New + NAP); reproject the file first"


def height_crs(found: Any, *, bounds: Bounds, assumed: str, path: Path, taken_for: str) -> str:
    """Return the CRS of a height source as text, 'EPSG:28992', 'EPSG:7415' or ``assumed`` + ' (assumed)'.

    ``found`` is a pyproj CRS or None. Without a CRS, RD New + NAP is assumed when ``bounds`` lie in the extent
    of the Netherlands: the 3dfier crops of AHN and older tiles carry none. Raises ``UnreadableSourceError``.
    """
    problem = ""
    if found is None:
        if _in_netherlands(bounds):
            return f"{assumed} (assumed)"
        spans = f"x {bounds[0]:g} to {bounds[2]:g}, y {bounds[1]:g} to {bounds[3]:g}"
        problem = f"it carries no CRS and its coordinates ({spans}) lie outside RD New; {REPROJECT}"
    else:
        horizontal, vertical = _parts(found)
        if not _is_rd_new(horizontal):
            problem = f"its CRS is {_label(found)}; {REPROJECT}"
        elif vertical is not None and "NAP" not in vertical.name:
            problem = f"its heights are in {vertical.name}, not NAP; {REPROJECT}"
        elif not _in_netherlands(bounds):
            problem = f"it claims RD New, but lies at x {bounds[0]:g}, y {bounds[1]:g}, outside the Netherlands"
        else:
            return "EPSG:28992" if vertical is None else "EPSG:7415"
    raise UnreadableSourceError(path, taken_for=taken_for, problem=problem)


def _parts(crs: Any) -> tuple[Any, Any]:
    """Split a compound CRS in its horizontal and vertical part, without the datum shifts bound to them."""
    if crs.is_compound:
        horizontal, vertical = crs.sub_crs_list[:2]
        return _unbound(horizontal), _unbound(vertical)
    return _unbound(crs), None


def _unbound(crs: Any) -> Any:
    return crs.source_crs if crs.is_bound else crs


def _is_rd_new(crs: Any) -> bool:
    """Compare by code and by name: ESRI writes 'RD_New' without a code, and older tools add a datum shift."""
    return crs.to_epsg() == 28992 or "rd new" in crs.name.lower().replace("_", " ")  # noqa: PLR2004  EPSG code


def _label(crs: Any) -> str:
    code = crs.to_epsg()
    return f"EPSG:{code} ({crs.name})" if code else crs.name


def _in_netherlands(bounds: Bounds) -> bool:
    west, south, east, north = RD_EXTENT
    return west <= bounds[0] and south <= bounds[1] and bounds[2] <= east and bounds[3] <= north
