"""Sewer districts: what gullies and roofs bring into one store, and what leaves it or comes back."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from morgen.models.flood.works import Place

__all__ = ["SewerDistrict", "SewerVolumes"]


@dataclass(frozen=True, eq=False)
class SewerDistrict:
    """Sewers that fill and empty as one: a store, a pump and an overflow (rioleringsgebied, bemalingsgebied).

    The cells of ``mask`` drain into it up to their capacity (``SewerLoss.capacity``), and so do the roofs that
    would spill onto them. The pump empties it. Above full it overflows, at most at ``overflow``. Gullies bring no
    more than there is room for. What roofs bring beyond that comes back through the gullies, where water stands
    lowest: a full sewer has one pressure level.
    """

    mask: npt.NDArray[np.bool_]
    """Its cells, shape (rows, columns); no cell is in two districts."""
    storage: float
    """What its pipes hold up to the crest of the overflow, m3."""
    pump: float = 0.0
    """m3/s for rain: the capacity of the pump less the foul water (pompovercapaciteit)."""
    overflow: float = 0.0
    """m3/s that its overflows let out at most."""
    overflow_to: Place | npt.NDArray[np.bool_] | None = None
    """Where that comes out: a place, or cells (rows, columns), say of open water; None for out of the area."""
    gullies: npt.NDArray[np.bool_] | None = None
    """Cells through which water comes back, shape (rows, columns); None for all cells that drain into it."""


@dataclass(frozen=True)
class SewerVolumes:
    """What became of the water of one district, m3: taken + roofs = stored + pumped + overflow + returned."""

    taken: float
    """From the ground, through gullies."""
    roofs: float
    stored: float
    """In its pipes at the end, more than at the start."""
    pumped: float
    overflow: float
    returned: float
    """Back onto the ground, through gullies."""
