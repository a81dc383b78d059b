"""A twin: one folder with settings, linked sources and runs, and what a user does with it."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from morgen.core.area import Area
from morgen.core.errors import InputError
from morgen.core.run import Run
from morgen.core.situation import Situation
from morgen.core.source import Role
from morgen.services.config import (
    LinkedSource,
    TwinConfig,
    append_source,
    default_cell_size,
    read_config,
    write_new_config,
)
from morgen.services.layout import Layout
from morgen.services.plan import Plan
from morgen.services.progress import Progress, part_of, silent
from morgen.services.quality import QualityReport, judge
from morgen.services.result import RunResult
from morgen.sources.contract import Recognised

if TYPE_CHECKING:
    import xarray

    from morgen.services.advice.advise import Question
    from morgen.services.advice.nouns import Advice
    from morgen.services.compare import Comparison
    from morgen.services.layers import LayerStore
    from morgen.services.runs import RunStore
    from morgen.services.scenarios import ScenarioStore

__all__ = ["Added", "Twin"]

GATHERING = 0.2
"""Share of the progress of a run that gathering gets."""
STOP_PATIENCE = 10.0
"""Seconds that ``stop`` waits for the run to end; twice the lease of a run whose starter is gone."""

ToHtml = Callable[[RunResult], str]


@dataclass(frozen=True)
class Added:
    """What ``Twin.add`` linked, and what it left alone."""

    recognised: tuple[Recognised, ...]
    skipped: tuple[str, ...]
    failures: tuple[str, ...]


@dataclass(frozen=True)
class Twin:
    """A twin folder. Opening reads its settings; data are gathered when they are asked for."""

    folder: Path
    to_html: ToHtml | None = None
    """Draws a run for a notebook; given by the face that opened the twin."""

    @classmethod
    def open(cls, folder: Path | str, *, to_html: ToHtml | None = None) -> Self:
        """Open an existing twin; raises ``TwinNotFoundError`` or ``ConfigError``."""
        twin = cls(Path(folder).resolve(), to_html)
        _ = twin.config
        return twin

    @classmethod
    def create(cls, folder: Path | str, area: Area, *, cell_size: float | None = None) -> Self:
        """Make a new twin folder; raises ``InputError`` when there is one already."""
        path = Path(folder).resolve()
        write_new_config(path, area, cell_size=default_cell_size(area) if cell_size is None else cell_size)
        return cls.open(path)

    @property
    def config(self) -> TwinConfig:
        """The settings as morgen.toml has them now."""
        return read_config(self.folder)

    def add(self, *paths: Path | str, role: Role | None = None, attribution: str = "") -> Added:
        """Link files and folders. Nothing is linked unless every path gives something inside the area.

        ``role`` and ``attribution`` overrule what the readers tell of the files.

        Raises ``UnrecognisedSourceError``, ``UnreadableSourceError``, ``BusyError``, and ``SourceError`` when
        a path holds data of elsewhere only.
        """
        from morgen.services.lock import exclusive
        from morgen.services.reading import sight

        with exclusive(self.folder, "morgen add"):
            config = self.config
            known = set(config.source_paths(self.folder))
            links = [LinkedSource(path=self._written(path), role=role, attribution=attribution) for path in paths]
            sightings = [sight((self.folder / link.path).resolve(), link) for link in links]
            for sighting in sightings:
                sighting.raise_for_elsewhere(config.area)
            for link in links:
                if (self.folder / link.path).resolve() not in known:
                    append_source(self.folder, link)
        return Added(
            recognised=tuple(item for sighting in sightings for item in sighting.recognised),
            skipped=tuple(remark for sighting in sightings for remark in sighting.skipped),
            failures=tuple(stamp.problem for sighting in sightings for stamp in sighting.failures),
        )

    def situation(self, *, on_progress: Progress = silent) -> Situation:
        """Gather the situation from the linked sources, or read it back when they did not change.

        Raises ``InputError`` when nothing is linked yet, ``BusyError`` and ``StorageError``; a source that fails
        does not raise, the layers that it would have given say so.
        """
        from morgen.services.gather import gather, kept_situation
        from morgen.services.lock import exclusive

        config = self.config
        if not config.sources:
            raise InputError(
                f"the twin {self.folder} has no sources yet; link files with `morgen add {self.folder} PATH`"
            )
        kept = kept_situation(config, self.folder, self.layers)
        if kept is not None:
            return kept
        with exclusive(self.folder, "morgen gather"):
            return gather(config, self.folder, self.layers, progress=on_progress)

    def check(self, *, on_progress: Progress = silent) -> QualityReport:
        """Judge the quality of the data of the twin."""
        return judge(self.situation(on_progress=on_progress))

    def run(
        self,
        model_id: str,
        *,
        scenario: str = "",
        flood: str = "",
        on_progress: Progress = silent,
        **parameters: Any,
    ) -> RunResult:
        """Compute a model on the situation, as it is or with a scenario, and return the ended run.

        ``flood`` names a run whose water the model may use (layer ``flood_depth``). Parameters that are not given
        come from ``[models.<id>]`` in morgen.toml, then from the model. A run that fails is returned with state
        ``failed``; raises ``ModelNotFoundError``, ``ParameterError``, ``MissingLayerError`` and ``BusyError``
        before anything is started.
        """
        from morgen.services.lock import exclusive
        from morgen.services.worker import execute

        plan = Plan.make(self.config, model_id, parameters)
        situation = self.situation(on_progress=part_of(on_progress, 0.0, GATHERING))
        digest = ""
        if scenario:
            situation, digest = self.changed(situation, scenario)
        if flood:
            situation = self.flooded(situation, flood)
        manifest = plan.on(situation, scenario=digest)
        with exclusive(self.folder, f"morgen run {model_id}"), self._store() as store:
            submitted = store.submit(manifest, situation.to_json())
            ended = execute(store, submitted.id, on_progress=part_of(on_progress, GATHERING, 1.0))
        return self._result(ended)

    def changed(self, situation: Situation, scenario: str) -> tuple[Situation, str]:
        """Return the situation with a scenario of this twin applied, and the hash of the scenario.

        The scenario is kept under that hash with its cost, for whoever compares the runs made of it.
        Raises ``ScenarioNotFoundError``, and ``MeasureError`` when the scenario does not fit this situation.
        """
        from morgen.services.kept_scenarios import keep_scenario
        from morgen.services.scenarios import applied

        with self.scenarios() as store:
            found = store.get(scenario)
        changed = applied(self.folder, self.layers, situation, found)
        keep_scenario(self.folder, situation, found)
        return changed, found.content_hash

    def flooded(self, situation: Situation, run_id: str) -> Situation:
        """Return the situation with the water of a run; raises ``RunNotFoundError`` and ``InputError``."""
        from morgen.services.hazard import with_water

        return with_water(situation, self.get_run(run_id), self.layers)

    @contextmanager
    def scenarios(self) -> Iterator["ScenarioStore"]:
        """Open the scenarios of this twin."""
        from morgen.services.scenarios import ScenarioStore

        with ScenarioStore.open(self.folder) as store:
            yield store

    def advise(self, question: "Question", *, on_progress: Progress = silent) -> "Advice":
        """Return what can be done about it for each budget, verified by runs of this twin.

        Raises ``ParameterError``, ``MeasureError`` and ``MissingLayerError`` before the first run.
        """
        from morgen.services.advice.on_twin import advise_twin

        return advise_twin(self, question, on_progress=on_progress)

    def runs(self) -> list[RunResult]:
        """Return all runs, newest first."""
        with self._store() as store:
            return [self._result(run) for run in store.list()]

    def get_run(self, run_id: str) -> RunResult:
        """Return one run by its id or an unambiguous beginning of it; raises ``RunNotFoundError``."""
        with self._store() as store:
            return self._result(store.get(run_id))

    def compare(self, runs: Sequence[RunResult | str]) -> "Comparison":
        """Compare runs, or ids of runs, with the first of them.

        Raises ``RunNotFoundError``, and ``InputError`` for runs that cannot stand beside each other.
        """
        from functools import partial

        from morgen.services.compare import compare
        from morgen.services.kept_scenarios import kept_scenario

        found = [run if isinstance(run, RunResult) else self.get_run(run) for run in runs]
        return compare(found, kept=partial(kept_scenario, self.folder))

    def difference_map(self, base: RunResult | str, other: RunResult | str, name: str) -> "xarray.DataArray":
        """Return other less base on the map, (y, x) in RD New: ``max_depth``, ``duration`` or ``arrival``.

        Differences under the noise floor are 0. Raises ``InputError`` for runs on other grids.
        """
        from morgen.services.compare import difference_raster

        one, two = (run if isinstance(run, RunResult) else self.get_run(run) for run in (base, other))
        shown = two.output(name).to_xarray()
        return shown.copy(data=difference_raster(one, two, name).values)

    def stop(self, run_id: str) -> RunResult:
        """Stop a waiting or computing run and return it as it ended.

        Raises ``RunNotFoundError``; a run that ended before stays as it is.
        """
        with self._store() as store:
            run = store.dismiss(run_id)
            deadline = time.monotonic() + STOP_PATIENCE
            while not run.state.ended and time.monotonic() < deadline:
                time.sleep(0.05)
                run = store.get(run.id)
        return self._result(run)

    @property
    def layers(self) -> "LayerStore":
        """Where the layers of this twin's situations lie."""
        from morgen.services.layers import LayerStore
        from morgen.services.objects import ObjectStore

        return LayerStore(ObjectStore(Layout(self.folder).state))

    @contextmanager
    def _store(self) -> Iterator["RunStore"]:
        from morgen.services.runs import RunStore

        with RunStore.open(self.folder) as store:
            yield store

    def _result(self, run: Run) -> RunResult:
        folder = Layout(self.folder).runs / run.id
        return RunResult(run, folder, lambda: self._situation_of(run.id), self.to_html)

    def _situation_of(self, run_id: str) -> Situation:
        with self._store() as store:
            return Situation.from_json(store.situation(run_id), reader=self.layers.read)

    def _written(self, path: Path | str) -> str:
        """Return how a path is written in morgen.toml: relative when it lies inside the twin."""
        absolute = Path(path).resolve()
        inside = absolute.is_relative_to(self.folder)
        return (absolute.relative_to(self.folder) if inside else absolute).as_posix()
