"""How evenly access is spread over the people."""

import numpy as np
import numpy.typing as npt

from morgen.core.errors import ParameterError

__all__ = ["gini", "worst_off_quarter"]


def gini(values: npt.ArrayLike, people: npt.ArrayLike) -> float:
    """Return the Gini coefficient, 0 (all equal) to 1, of finite values (n,) >= 0 over people (n,).

    Twice the area between the line of equality and the Lorenz curve. Who has no way at all has no value: leave
    them out, and say how many they are. Raises ``ParameterError`` for a value that is not finite.
    """
    amount, count = np.asarray(values, dtype=np.float64), np.asarray(people, dtype=np.float64)
    if amount.shape != count.shape or not np.isfinite(amount).all() or (amount < 0).any() or not count.sum() > 0:
        message = "gini needs for each place a finite value of 0 or more, and people; leave out who has no way"
        raise ParameterError(message)
    order = np.argsort(amount)
    amount, count = amount[order], count[order] / count.sum()
    total = float(amount @ count)
    if total == 0:
        return 0.0
    curve = np.concatenate([[0.0], np.cumsum(amount * count) / total])
    return float(1.0 - (count * (curve[1:] + curve[:-1])).sum())


def worst_off_quarter(score: npt.ArrayLike, people: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return how many people (n,) of each place are in the quarter with the lowest score (n,).

    Places with the score at the border give the same share of their people, so that the order is no matter.
    """
    value, count = np.asarray(score, dtype=np.float64), np.asarray(people, dtype=np.float64)
    if value.shape != count.shape or np.isnan(value).any() or not count.sum() > 0:
        message = f"score has shape {value.shape} and people {count.shape}; give one number of each per place"
        raise ParameterError(message)
    quarter = count.sum() / 4
    levels, level = np.unique(value, return_inverse=True)
    per_level = np.bincount(level, weights=count, minlength=len(levels))
    before = np.cumsum(per_level) - per_level
    share = np.clip((quarter - before) / np.where(per_level > 0, per_level, 1.0), 0.0, 1.0)
    return np.asarray(count * share[level])
