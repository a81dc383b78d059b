"""Where a new facility can best come: median, centre, cover and set cover, to proven optimality."""

from morgen.models.siting.answer import Answer
from morgen.models.siting.locate import locate

__all__ = ["Answer", "locate"]
