"""The ground as the kernels want it: checked, float32, above a local datum, with a ring of walls around it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from morgen.core.errors import ParameterError
from morgen.models.flood.engine._flow import WALL

__all__ = ["EDGES", "Domain", "field", "make_domain", "padded"]

EDGES: Final = {"north": (-1, 0), "south": (1, 0), "west": (0, -1), "east": (0, 1)}
"""The edges of the array and where they lie, in rows and columns; row 0 is the northernmost."""

NO_DATA_EDGE: Final = "nodata"
ALIGNMENT: Final = 16


@dataclass(frozen=True, eq=False)
class Domain:
    """The ground of one calculation; arrays are padded unless said otherwise."""

    cell_size: float
    active: npt.NDArray[np.bool_]
    """Cells that hold water; not padded, shape (rows, columns)."""
    outside: npt.NDArray[np.bool_]
    """Cells without terrain; not padded."""
    bed: npt.NDArray[np.float32]
    """m above the lowest active cell; a wall where there is no active cell."""
    friction: npt.NDArray[np.float32]
    """Half of g n2, so that two cells make a face."""
    edges: npt.NDArray[np.int64]
    """Open faces: row, column of the cell and of the cell across it; shape (faces, 4)."""
    conveyance: npt.NDArray[np.float32]
    """1 / n of the cell of each open face."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns, not padded."""
        rows, columns = self.active.shape
        return rows, columns

    def inner(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return the view of padded ``values`` without its padding."""
        rows, columns = self.shape
        return values[..., 1 : rows + 1, 1 : columns + 1]


def make_domain(
    terrain: npt.ArrayLike,
    *,
    cell_size: float,
    manning: float | npt.ArrayLike,
    blocked: npt.ArrayLike | None,
    boundary: str | Mapping[str, str],
) -> Domain:
    """Check the ground and make it ready; raises ``ParameterError``."""
    ground = _checked_terrain(terrain)
    if not (np.isfinite(cell_size) and cell_size > 0):
        raise ParameterError(f"cell_size is {cell_size!r} m, but it must be a number above 0")
    outside = np.isnan(ground)
    closed = np.zeros(ground.shape, bool) if blocked is None else _checked_blocked(blocked, ground.shape)
    active = ~outside & ~closed
    if not active.any():
        raise ParameterError("every cell of the terrain is blocked, but at least one must be open to water")
    roughness = field("manning", manning, ground.shape, where=active, above_zero=True)
    bed = np.where(active, ground - ground[active].min(), WALL)
    edges = _open_faces(active, outside, _open_edges(boundary))
    return Domain(
        cell_size=float(cell_size),
        active=active,
        outside=outside,
        bed=padded(bed, fill=WALL),
        friction=padded(np.where(active, 0.5 * 9.81 * roughness**2, 0.0)),
        edges=edges,
        conveyance=(1.0 / roughness[edges[:, 0] - 1, edges[:, 1] - 1]).astype(np.float32),
    )


def padded(values: npt.NDArray[Any], *, fill: float = 0.0) -> npt.NDArray[np.float32]:
    """Return ``values`` as float32 with at least one ring of ``fill`` around them, rows of whole vectors long."""
    rows, columns = values.shape
    width = -(-(columns + 2) // ALIGNMENT) * ALIGNMENT
    larger = np.full((rows + 2, width), fill, dtype=np.float32)
    larger[1 : rows + 1, 1 : columns + 1] = values
    return larger


def field(
    name: str,
    value: float | npt.ArrayLike | None,
    shape: tuple[int, ...],
    *,
    where: npt.NDArray[np.bool_],
    above_zero: bool = False,
) -> npt.NDArray[np.float64]:
    """Return ``value`` as an array of ``shape`` that is zero outside ``where``; None counts as zero.

    Raises ``ParameterError`` when the shape differs, or a value in ``where`` is negative (or zero) or not finite.
    """
    values = np.asarray(0.0 if value is None else value, dtype=np.float64)
    if values.shape not in ((), shape):
        raise ParameterError(
            f"{name} has shape {values.shape}, but it must be one number or {shape} as the terrain"
        )
    full = np.where(where, values, 1.0 if above_zero else 0.0)
    wrong = ~(np.isfinite(full) & ((full > 0) if above_zero else (full >= 0)))
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        allowed = "a number above 0" if above_zero else "a number of at least 0"
        raise ParameterError(
            f"{name} is {full[row, column]} at row {row}, column {column}, but it must be {allowed}"
        )
    return full


def _checked_terrain(terrain: npt.ArrayLike) -> npt.NDArray[np.float64]:
    ground = np.asarray(terrain, dtype=np.float64)
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
    """Return the open faces; rows and columns count from 1, as in the padded arrays."""
    beyond = {name: np.pad(np.zeros_like(outside), 1) for name in EDGES}
    beyond["north"][0], beyond["south"][-1] = True, True
    beyond["west"][:, 0], beyond["east"][:, -1] = True, True
    empty = np.pad(outside, 1)
    found = [np.empty((0, 4), dtype=np.int64)]
    for name, (down, right) in EDGES.items():
        leads_out = np.zeros_like(empty)
        if name in opened:
            leads_out |= beyond[name]
        if NO_DATA_EDGE in opened:
            leads_out |= empty
        across = np.roll(leads_out, (-down, -right), axis=(0, 1))[1:-1, 1:-1]
        cells = np.argwhere(active & across) + 1
        found.append(np.hstack([cells, cells - (down, right)]))
    return np.concatenate(found)
