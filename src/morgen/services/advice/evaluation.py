"""What packages of measures do, by runs of a model on larger cells: side by side, and kept to go on with."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Self

from morgen.core.measure import Measure
from morgen.core.noun import content_hash
from morgen.core.situation import Situation
from morgen.services.advice.search import Package
from morgen.services.disk import storage_guard

__all__ = ["Evaluation", "Look"]


@dataclass(frozen=True)
class Look:
    """A quick look at what a model says of an objective; can be sent to another process."""

    situation: Situation
    """As it is, on its own cells."""
    factor: int
    """Cells in a row that become one."""
    model: str
    parameters: Mapping[str, Any]
    objective: str

    @property
    def content_hash(self) -> str:
        """Hash of all that changes what it says."""
        from morgen.models.registry import get_model

        version = get_model(self.model).version
        told = self.situation.content_hash, self.factor, self.model, version, dict(self.parameters), self.objective
        return content_hash(list(told))


@dataclass(eq=False)
class Evaluation:
    """Evaluates packages of candidates; call it, in a ``with`` block, with packages to hear what they are worth.

    What was evaluated once is read from ``file``, also after the work was stopped and begun again. With more than
    one of ``workers`` each is a process of its own with its share of the processors.
    """

    look: Look
    measures: Sequence[Measure]
    """Of each candidate."""
    file: Path | None = None
    workers: int = 1
    on_run: Callable[[int], None] = lambda _count: None
    """Gets the number of runs so far; may raise to stop."""
    runs: int = 0
    """Runs of the model by this evaluation; what was read back does not count."""
    _known: dict[str, float] = field(default_factory=dict)
    _open: ExitStack = field(default_factory=ExitStack)
    _pool: ProcessPoolExecutor | None = None
    _bench: "_Bench | None" = None

    def __enter__(self) -> Self:
        """Read what is known; start the workers."""
        if self.file is not None and self.file.exists():
            for line in self.file.read_text(encoding="utf-8").splitlines():
                if line.endswith("}"):  # the last line may be half written
                    document = json.loads(line)
                    self._known[document["package"]] = document["badness"]
        if self.workers > 1:
            each = max(1, (os.cpu_count() or 1) // self.workers)
            self._pool = self._open.enter_context(
                ProcessPoolExecutor(
                    self.workers, mp_context=get_context("spawn"), initializer=_prepare, initargs=(self.look, each)
                )
            )
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the workers, without waiting for what nobody will read."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
        self._open.close()

    def __call__(self, packages: Sequence[Package]) -> list[float]:
        """Return what each package is worth: how much less bad it makes things, in the unit of the look."""
        bad = self._badness([(), *(self._of(package) for package in packages)])
        return [bad[0] - other for other in bad[1:]]

    def _of(self, package: Package) -> tuple[Measure, ...]:
        return tuple(self.measures[number] for number in sorted(package))

    def _badness(self, asked: Sequence[tuple[Measure, ...]]) -> list[float]:
        keys = [_key(measures) for measures in asked]
        new = {key: measures for key, measures in zip(keys, asked, strict=True) if key not in self._known}
        for key, badness in zip(new, self._computed(list(new.values())), strict=True):
            self.runs += 1
            self._known[key] = badness
            self._keep(key, badness)
            self.on_run(self.runs)
        return [self._known[key] for key in keys]

    def _computed(self, asked: list[tuple[Measure, ...]]) -> Any:
        if self._pool is not None:
            return self._pool.map(_badness_here, asked)
        if self._bench is None:
            self._bench = _Bench.of(self.look)
        return map(self._bench.badness, asked)

    def _keep(self, key: str, badness: float) -> None:
        if self.file is None:
            return
        with storage_guard(self.file.parent):
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with self.file.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps({"package": key, "badness": badness}) + "\n")


def _key(measures: tuple[Measure, ...]) -> str:
    told = sorted(content_hash({**measure.to_json(), "id": "", "note": "", "year": None}) for measure in measures)
    return content_hash(told)


@dataclass(frozen=True, eq=False)
class _Bench:
    """A situation on larger cells, in memory, and the model that is run on it."""

    look: Look
    situation: Situation

    @classmethod
    def of(cls, look: Look) -> Self:
        from morgen.services.advice.coarse import coarser
        from morgen.services.advice.memory import in_memory

        return cls(look, in_memory(coarser(in_memory(look.situation), look.factor)))

    def badness(self, measures: tuple[Measure, ...]) -> float:
        from morgen.measures.application import apply_measure
        from morgen.models.registry import get_model
        from morgen.services.advice.trial import OBJECTIVES, Trial, badness, try_model

        changed = self.situation
        for measure in measures:
            changed = apply_measure(changed, measure)
        trial = Trial(keep=frozenset({"buildings"}))
        found = try_model(get_model(self.look.model), changed, self.look.parameters, trial=trial)
        return badness(OBJECTIVES[self.look.objective], found, trial)


_here: list[_Bench] = []


def _prepare(look: Look, threads: int) -> None:
    os.environ["NUMBA_NUM_THREADS"] = str(threads)
    _here[:] = [_Bench.of(look)]


def _badness_here(measures: tuple[Measure, ...]) -> float:
    return _here[0].badness(measures)
