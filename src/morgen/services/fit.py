"""Fitting a programme in a twin: files in, a run out, and its plan as a scenario."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from morgen.core.errors import InputError
from morgen.core.run import RunState
from morgen.core.scenario import Scenario
from morgen.models.balance import read_programme
from morgen.models.norms import read_norms
from morgen.services.progress import Progress, silent
from morgen.services.result import RunResult
from morgen.services.scenarios import applied, import_geojson, new_scenario
from morgen.services.twin import Twin

__all__ = ["MODEL", "FitQuestion", "fit", "save_plan"]

MODEL = "wijk-fit"


@dataclass(frozen=True, kw_only=True)
class FitQuestion:
    """What is asked of a fit, as a user gives it."""

    programme: Path | None = None
    """TOML file; None asks what the plots ask."""
    norms: str = ""
    """Id of a set that comes with Morgen, or the path of a file .toml; empty for that of the model."""
    flood: str = ""
    """Run whose water counts."""
    scenario: str = ""
    """Scenario on which is built."""
    options: Mapping[str, Any] | None = None
    """Other parameters of the model."""


def fit(twin: Twin, question: FitQuestion, *, on_progress: Progress = silent) -> RunResult:
    """Run ``wijk-fit`` and return the ended run.

    A programme without ``site_area`` takes the area of the twin. Raises ``NotFoundError``, ``InputError``,
    ``RunNotFoundError`` and what ``Twin.run`` raises.
    """
    given = dict(question.options or {})
    if question.programme is not None:
        programme = read_programme(question.programme, site_area=twin.config.area.surface)
        given["programme"] = programme.to_json()
    if question.norms.endswith(".toml"):
        given["own_norms"] = read_norms(Path(question.norms)).to_json()
    elif question.norms:
        given["norms"] = question.norms
    return twin.run(MODEL, scenario=question.scenario, flood=question.flood, on_progress=on_progress, **given)


def save_plan(twin: Twin, result: RunResult, name: str) -> Scenario:
    """Keep the plan of a run as a new scenario, after trying it on the situation; returns it.

    Raises ``InputError`` for a run without a plan or a name that is taken, and ``MeasureError`` when the plan
    does not fit the situation as it is now.
    """
    if result.state is not RunState.SUCCESSFUL or "measures" not in result.outputs:
        raise InputError(f"run {result.id} has no plan to save; name a run of {MODEL} that succeeded")
    situation = twin.situation()
    note = f"plan of run {result.id}"
    scenario = import_geojson(
        situation, new_scenario(situation, name, note=note), result.output("measures").to_json()
    )
    applied(twin.folder, twin.layers, situation, scenario)
    with twin.scenarios() as store:
        return store.create(scenario)
