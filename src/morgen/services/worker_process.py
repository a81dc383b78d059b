"""The process that calculates one run: ``python -m morgen.services.worker_process``, started by a supervisor.

It reads its errand as one line of JSON from standard input, and dies when that pipe closes: the supervisor is then
gone. It claims the row, opens the situation, calls the model, publishes what came out, and ends the row.
"""

import contextlib
import faulthandler
import os
import signal
import sys
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from morgen.core.errors import DismissedError, MorgenError, RunError
from morgen.core.model import Model, Result
from morgen.core.noun import canonical_json
from morgen.core.run import Run
from morgen.core.situation import Situation
from morgen.models.contract import validate_parameters
from morgen.models.registry import get_model
from morgen.services.config import read_device
from morgen.services.database import open_database
from morgen.services.environment import describe_environment
from morgen.services.layers import LayerStore
from morgen.services.layout import Layout
from morgen.services.objects import ObjectStore
from morgen.services.outputs import OutputWriter
from morgen.services.publish import publish, unpublish
from morgen.services.runs import Claim, RunStore, StaleAttemptError
from morgen.services.supervised import read_errand

__all__ = ["main", "work"]

_REPORT_EVERY = 0.2


class _Context(OutputWriter):
    """The ``RunContext`` of a worker: progress goes to the row, outputs to the work folder."""

    def __init__(self, folder: Path, store: RunStore, run: Run) -> None:
        super().__init__(folder)
        self.warnings: list[str] = []
        self.device = "cpu"
        self.environment: dict[str, str] = {}
        """What the model told of it."""
        self._store = store
        self._run = run
        self._reported = 0.0

    def progress(self, fraction: float, message: str = "") -> None:
        """Report to the row, a few times a second at most; raises ``DismissedError`` when asked to stop."""
        if time.monotonic() - self._reported < _REPORT_EVERY:
            return
        self._reported = time.monotonic()
        if self._store.progress(self._run.id, self._run.attempt, fraction, message):
            raise DismissedError(f"run {self._run.id} was stopped")

    def computed_on(self, device: str) -> None:
        """Remember the device for the environment of the run."""
        self.environment = {"device": device}

    def warn(self, sentence: str) -> None:
        """Add a warning, once."""
        if sentence not in self.warnings:
            self.warnings.append(sentence)


def main() -> int:
    """Do one errand; returns the exit code. The row says how the run went, not the exit code."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    faulthandler.enable()
    errand = read_errand()
    if not errand:
        return 1
    database = open_database(errand["url"])
    try:
        store = RunStore(folder=Path(errand["folder"]), database=database)
        claim = store.claim(f"process {os.getpid()}", run_id=errand["run"], environment=describe_environment())
        if claim:
            work(store, claim)
    finally:
        database.close()
    return 0


def work(store: RunStore, claim: Claim) -> None:
    """Calculate a claimed run and end its row; whatever the model does, the row says how it went."""
    run = claim.run
    try:
        with ObjectStore(Layout(store.folder).state).work_folder() as folder:
            context = _Context(folder, store, run)
            sentence = _attempt(store, claim, context)
        if sentence:
            store.fail(run.id, run.attempt, sentence, warnings=tuple(context.warnings))
    except DismissedError:
        with contextlib.suppress(DismissedError):  # the supervisor may have settled it
            store.stopped(run.id, run.attempt)
    except StaleAttemptError:
        traceback.print_exc()  # another attempt has the run now; only the log needs to know


def _attempt(store: RunStore, claim: Claim, context: _Context) -> str:
    """Calculate and publish; return an empty string, or the sentence that says why it failed."""
    try:
        _finish(store, claim.run, _calculate(store, claim, context), context)
    except (DismissedError, StaleAttemptError):
        raise
    except MorgenError as error:
        traceback.print_exc()
        return str(error)
    except MemoryError:
        traceback.print_exc()
        return "there is not enough memory for this calculation; choose a smaller area or a larger cell size"
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a model is somebody else's code; it goes to the log
        traceback.print_exc()
        first_line = str(error).partition("\n")[0]
        return f"the model {claim.run.manifest.model} stopped with {type(error).__name__}: {first_line}"
    return ""


def _calculate(store: RunStore, claim: Claim, context: _Context) -> Result:
    manifest = claim.run.manifest
    model = get_model(manifest.model)
    if model.version != manifest.version:
        raise RunError(
            f"the run asks for {manifest.model} {manifest.version}, but {model.version} is installed; run again"
        )
    context.device = read_device(store.folder)
    layers = LayerStore(ObjectStore(Layout(store.folder).state))
    situation = Situation.from_json(claim.situation, reader=layers.read)
    context.progress(0.0, "started")
    result: Any = model(situation, **_arguments(model, manifest.parameters), run=context)
    return _checked(model, result)


def _arguments(model: Model, given: Mapping[str, Any]) -> dict[str, Any]:
    checked = validate_parameters(model, given)
    return {name: getattr(checked, name) for name in type(checked).model_fields}


def _checked(model: Model, result: Any) -> Result:
    if not isinstance(result, Result):
        raise RunError(f"the model {model.id} returned a {type(result).__name__}, not a Result; tell its owner")
    try:
        canonical_json(result.to_json())
    except ValueError:
        raise RunError(f"the model {model.id} returned an indicator or balance that is no number") from None
    return result


def _finish(store: RunStore, run: Run, result: Result, context: _Context) -> None:
    layout = Layout(store.folder)
    outputs = context.store(ObjectStore(layout.state))
    warnings = tuple(context.warnings)
    environment = {**run.environment, **context.environment}
    told = {
        "indicators": result.indicators,
        "balance": result.balance,
        "outputs": outputs,
        "warnings": warnings,
        "environment": environment,
    }
    publish(layout, run.model_copy(update=told))
    try:
        store.finish(
            run.id, run.attempt, result=result, outputs=outputs, warnings=warnings, environment=environment
        )
    except MorgenError:
        unpublish(layout, run.id)
        raise


if __name__ == "__main__":
    sys.exit(main())
