"""Which models are installed: the entry points ``morgen.models``, built-in and strangers alike."""

from importlib.metadata import EntryPoint, entry_points

from morgen.core.errors import ModelNotFoundError
from morgen.core.model import Model

__all__ = ["GROUP", "get_model", "model_ids"]

GROUP = "morgen.models"


def model_ids() -> list[str]:
    """Return the ids of all installed models, sorted; imports none of them."""
    return sorted({entry.name for entry in entry_points(group=GROUP)})


def get_model(model_id: str) -> Model:
    """Import and return one model; raises ``ModelNotFoundError`` when no installed model has this id."""
    for entry in entry_points(group=GROUP):
        if entry.name == model_id:
            return _load(entry)
    raise ModelNotFoundError(
        f"there is no model {model_id!r}; installed are {', '.join(model_ids()) or 'none'} (see `morgen models`)"
    )


def _load(entry: EntryPoint) -> Model:
    found = entry.load()
    owner = entry.dist.name if entry.dist else "an unknown package"
    if not isinstance(found, Model):
        raise ModelNotFoundError(f"{entry.value} of {owner} is not a Model; declare it with @model")
    if found.id != entry.name:
        raise ModelNotFoundError(f"{entry.value} of {owner} calls itself {found.id!r}, not {entry.name!r}")
    return found
