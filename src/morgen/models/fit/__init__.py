"""Whether a programme fits in a wijk: the plan, its reasons, its ways out, and a checker that trusts neither."""

from morgen.models.fit.model import wijk_fit

__all__ = ["wijk_fit"]
