"""What ``locate`` answers."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Answer"]


@dataclass(frozen=True, eq=False)
class Answer:
    """The sites to open, who goes where, and how sure it is."""

    open: tuple[int, ...]
    """Columns of the open sites, existing ones included, in ascending order."""
    assignment: npt.NDArray[np.int64]
    """(n_demand,) column of the site that serves each demand, its largest part when it is split; -1 for none."""
    shares: npt.NDArray[np.float64]
    """(n_demand, n_site) share of each demand that goes to each site; a row sums to 1, or to 0 for none."""
    objective: float
    """Value of the sites found: cost (median), m (center), weight covered (cover), sites or cost (set_cover)."""
    bound: float
    """No choice of sites can do better; equal to ``objective`` when the optimum is proven."""
    unreached: tuple[int, ...]
    """Rows of the demand that no site at all can serve; the objective does not count them."""

    @property
    def optimal(self) -> bool:
        """Whether the sites are proven to be the best, within 1e-6 of the objective."""
        return abs(self.objective - self.bound) <= 1e-6 * max(1.0, abs(self.objective))
