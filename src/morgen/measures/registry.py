"""Which measures are installed: the entry points ``morgen.measures``, built-in and strangers alike."""

from importlib.metadata import EntryPoint, entry_points

from morgen.core.errors import MeasureNotFoundError
from morgen.core.measure import MeasureKind

__all__ = ["GROUP", "get_measure", "measure_ids"]

GROUP = "morgen.measures"


def measure_ids() -> list[str]:
    """Return the ids of all installed measures, sorted; imports none of them."""
    return sorted({entry.name for entry in entry_points(group=GROUP)})


def get_measure(kind_id: str) -> MeasureKind:
    """Import and return one kind; raises ``MeasureNotFoundError`` when it is not installed."""
    for entry in entry_points(group=GROUP):
        if entry.name == kind_id:
            return _load(entry)
    known = ", ".join(measure_ids()) or "none"
    raise MeasureNotFoundError(f"there is no measure of kind {kind_id!r}; installed are {known}")


def _load(entry: EntryPoint) -> MeasureKind:
    found = entry.load()
    owner = entry.dist.name if entry.dist else "an unknown package"
    if not isinstance(found, MeasureKind):
        raise MeasureNotFoundError(f"{entry.value} of {owner} is no measure; declare it with @measure")
    if found.id != entry.name:
        raise MeasureNotFoundError(f"{entry.value} of {owner} calls itself {found.id!r}, not {entry.name!r}")
    return found
