"""The ground as the kernels want it: checked, float32, above a local datum, with a ring of walls around it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from morgen.core.errors import ParameterError
from morgen.models.flood.engine._physics import NO_CREST, WALL
from morgen.models.flood.engine.bands import Bands
from morgen.models.flood.walls import Wall, wall_crests

__all__ = ["EDGES", "Domain", "checked_cell_size", "checked_terrain", "field", "make_domain"]

EDGES: Final = {"north": (-1, 0), "south": (1, 0), "west": (0, -1), "east": (0, 1)}
"""The edges of the array and where they lie, in rows and columns; row 0 is the northernmost."""

NO_DATA_EDGE: Final = "nodata"


@dataclass(frozen=True, eq=False)
class Domain:
    """The ground of one calculation; ``bed`` and ``friction`` are as they lie in memory."""

    cell_size: float
    bands: Bands
    active: npt.NDArray[np.bool_]
    """Cells that hold water; shape (rows, columns)."""
    outside: npt.NDArray[np.bool_]
    """Cells without terrain."""
    bed: npt.NDArray[np.float32]
    """m above the lowest active cell; a wall where there is no active cell."""
    friction: npt.NDArray[np.float32]
    """Half of g n2, so that two cells make a face; one row when it is the same everywhere."""
    lowest: float
    """Level of the local datum, m in that of the terrain."""
    heights: npt.NDArray[Any]
    """The terrain as it was given, m; shape (rows, columns)."""
    edges: npt.NDArray[np.int64]
    """Open faces: row, column of the cell, and rows and columns from it to the cell inward; shape (faces, 4)."""
    conveyance: npt.NDArray[np.float32]
    """1 / n of the cell of each open face."""
    crests: npt.NDArray[np.float32]
    """Tops of walls on the faces before each cell, along rows and along columns, as they lie in memory.

    m above the local datum, ``NO_CREST`` without a wall; empty and of one dimension when there is none at all.
    """

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns, not padded."""
        rows, columns = self.active.shape
        return rows, columns

    @property
    def cells(self) -> int:
        """Number of cells that hold water."""
        return int(np.count_nonzero(self.active))

    def exact_bed(self) -> npt.NDArray[np.float64]:
        """Return ``bed`` in double precision."""
        lowest = np.nanmin(self.heights, where=self.active, initial=np.inf)
        bed = np.full(self.shape, WALL)
        np.subtract(self.heights, lowest, out=bed, where=self.active)
        return self.bands.store(bed, fill=WALL, dtype=np.float64)


def make_domain(
    ground: npt.NDArray[Any],
    *,
    cell_size: float,
    manning: float | npt.ArrayLike,
    blocked: npt.ArrayLike | None,
    boundary: str | Mapping[str, str],
    bands: Bands,
    walls: Sequence[Wall] = (),
) -> Domain:
    """Check the ground and make it ready; raises ``ParameterError``."""
    outside = np.isnan(ground)
    closed = np.zeros(ground.shape, bool) if blocked is None else _checked_blocked(blocked, ground.shape)
    active = ~outside & ~closed
    if not active.any():
        raise ParameterError("every cell of the terrain is blocked, but at least one must be open to water")
    roughness = field("manning", manning, ground.shape, where=active, above_zero=True)
    lowest = np.nanmin(ground, where=active, initial=np.inf)
    bed = np.full(ground.shape, WALL, np.float32)
    np.subtract(ground, lowest, out=bed, where=active, casting="same_kind")
    edges = _open_faces(active, outside, _open_edges(boundary))
    size = checked_cell_size(cell_size)
    rough_edges = roughness[edges[:, 0], edges[:, 1]] if roughness.ndim else np.full(len(edges), roughness)
    return Domain(
        cell_size=size,
        bands=bands,
        active=active,
        outside=outside,
        bed=bands.store(bed, fill=WALL),
        friction=bands.store_field(0.5 * 9.81 * roughness**2),
        lowest=float(lowest),
        heights=ground,
        edges=edges,
        conveyance=(1.0 / rough_edges).astype(np.float32),
        crests=_stored_crests(walls, np.where(active, ground, np.nan), float(lowest), size, bands),
    )


def _stored_crests(
    walls: Sequence[Wall], ground: npt.NDArray[Any], lowest: float, cell_size: float, bands: Bands
) -> npt.NDArray[np.float32]:
    if not walls:
        return np.empty(0, np.float32)
    crests = wall_crests(walls, ground, cell_size) - lowest
    return np.stack([bands.store(np.fmax(side, NO_CREST), fill=NO_CREST) for side in crests])


def checked_cell_size(cell_size: float) -> float:
    """Return ``cell_size`` (m) if it is one number above 0; else raise ``ParameterError``."""
    if np.ndim(cell_size) or not (math.isfinite(cell_size) and cell_size > 0):
        raise ParameterError(f"cell_size is {cell_size!r} m, but it must be one number above 0: cells are square")
    return float(cell_size)


def field(
    name: str,
    value: float | npt.ArrayLike | None,
    shape: tuple[int, ...],
    *,
    where: npt.NDArray[np.bool_],
    above_zero: bool = False,
) -> npt.NDArray[Any]:
    """Return ``value`` as an array of ``shape`` that is harmless outside ``where``; one number stays one number.

    None counts as zero. Raises ``ParameterError`` when the shape differs, or a value in ``where`` is negative (or
    zero) or not finite.
    """
    values = _numbers(name, 0.0 if value is None else value)
    if values.shape not in ((), shape):
        raise ParameterError(
            f"{name} has shape {values.shape}, but it must be one number or {shape} as the terrain"
        )
    full = np.where(where, values, values.dtype.type(above_zero)) if values.ndim else values
    wrong = ~(np.isfinite(full) & ((full > 0) if above_zero else (full >= 0)))
    if wrong.any():
        row, column = np.argwhere(np.broadcast_to(wrong, shape))[0]
        allowed = "a number above 0" if above_zero else "a number of at least 0"
        raise ParameterError(
            f"{name} is {full[row, column] if full.ndim else float(full)} at row {row}, column {column}, "
            f"but it must be {allowed}"
        )
    return full


def _numbers(name: str, value: npt.ArrayLike) -> npt.NDArray[Any]:
    """Return ``value`` as floats, float32 when it is that already; raises ``ParameterError``."""
    try:
        values = np.asarray(value)
        return values if values.dtype == np.float32 else values.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise ParameterError(f"{name} is {type(value).__name__}, but it must be numbers: {error}") from error


def checked_terrain(terrain: npt.ArrayLike) -> npt.NDArray[Any]:
    """Return ``terrain`` as heights (m) with rows and columns, NaN outside; raises ``ParameterError``."""
    ground = _numbers("terrain", terrain)
    if ground.ndim != 2 or not ground.size:  # noqa: PLR2004
        raise ParameterError(f"terrain has shape {ground.shape}, but it must have rows and columns")
    if np.isinf(ground).any():
        row, column = np.argwhere(np.isinf(ground))[0]
        raise ParameterError(
            f"terrain is infinite at row {row}, column {column}, but it must be a height in m, or NaN outside"
        )
    if np.isnan(ground).all():
        raise ParameterError("terrain is NaN in every cell, but at least one cell must have a height")
    return ground


def _checked_blocked(blocked: npt.ArrayLike, shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    mask = np.asarray(blocked)
    if mask.shape != shape or mask.dtype != np.bool_:
        raise ParameterError(f"blocked is {mask.dtype} of shape {mask.shape}, but it must be bool of {shape}")
    return mask


def _open_edges(boundary: str | Mapping[str, str]) -> set[str]:
    names = {*EDGES, NO_DATA_EDGE}
    kinds = dict.fromkeys(names, boundary) if isinstance(boundary, str) else dict(boundary)
    for name, kind in kinds.items():
        if name not in names or kind not in ("open", "closed"):
            raise ParameterError(
                f"boundary is {boundary!r}, but it must be 'open' or 'closed', or a mapping to these from "
                f"{', '.join(sorted(names))}"
            )
    return {name for name, kind in kinds.items() if kind == "open"}


def _open_faces(
    active: npt.NDArray[np.bool_], outside: npt.NDArray[np.bool_], opened: set[str]
) -> npt.NDArray[np.int64]:
    """Return the open faces; rows and columns of the grid."""
    found = [np.empty((0, 4), dtype=np.int64)]
    for name, (down, right) in EDGES.items():
        across = np.zeros_like(active)
        if name in opened:
            across[_side(down), _side(right)] = True
        if NO_DATA_EDGE in opened:
            beyond = np.roll(outside, (-down, -right), axis=(0, 1))
            beyond[_side(down), _side(right)] = False
            across |= beyond
        cells = np.argwhere(active & across) if opened else np.empty((0, 2), np.int64)
        found.append(np.hstack([cells, np.tile([-down, -right], (len(cells), 1))]))
    return np.concatenate(found)


def _side(direction: int) -> slice:
    """Return the rows (or columns) on the side that ``direction`` points to; all for 0."""
    return {-1: slice(0, 1), 0: slice(None), 1: slice(-1, None)}[direction]
