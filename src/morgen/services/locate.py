"""Where best: the question in words of everyday, computed as a run of a model of the interface ``siting/1``."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from morgen.services.progress import Progress, silent
from morgen.services.result import RunResult
from morgen.services.twin import Twin
from morgen.sources.facilities.kinds import kind_of

__all__ = ["MODEL", "Located", "locate_facility"]

MODEL = "siting"


@dataclass(frozen=True)
class Located:
    """The run, and what it tells of the places; None when it did not end well."""

    result: RunResult
    document: dict[str, Any] | None


def locate_facility(
    folder: Path, *, facility: str, scenario: str = "", on_progress: Progress = silent, **asked: Any
) -> Located:
    """Find the best places for a facility on the twin in ``folder``; ``asked`` are parameters of the model.

    ``facility`` may be a word of everyday, such as 'school' or 'huisarts'. Raises what ``Twin.open`` and
    ``Twin.run`` raise.
    """
    result = Twin.open(folder).run(
        MODEL, scenario=scenario, on_progress=on_progress, facility=kind_of(facility), **asked
    )
    return Located(result, result.output(MODEL).to_json() if MODEL in result.outputs else None)
