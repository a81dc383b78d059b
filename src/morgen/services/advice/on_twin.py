"""Advice on a twin: scenarios are kept in it, and every number comes from a run that is kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from morgen.core.errors import DismissedError, RunError
from morgen.core.measure import Measure
from morgen.core.run import RunState
from morgen.core.scenario import Base, Scenario
from morgen.services.advice.advise import Question, Verified, advise
from morgen.services.advice.nouns import Advice
from morgen.services.layout import Layout
from morgen.services.plan import Plan
from morgen.services.progress import Progress, silent

if TYPE_CHECKING:
    from morgen.core.situation import Situation
    from morgen.services.result import RunResult
    from morgen.services.twin import Twin

__all__ = ["advise_twin"]


def advise_twin(
    twin: "Twin",
    question: Question,
    *,
    on_progress: Progress = silent,
    on_package: Callable[[float, float, float], None] = lambda _budget, _cost, _worth: None,
) -> Advice:
    """Return advice on a twin; see ``advise``.

    The packages that are verified become scenarios of the twin called ``advice-<objective>-<number>``, and their
    runs are runs of the twin; one that was made before with the same input is not made again.
    """
    situation = twin.situation()
    verify = _OnTwin(twin, situation, question)
    folder = Layout(twin.folder).advice
    return advise(
        situation, question, verify=verify, folder=folder, on_progress=on_progress, on_package=on_package
    )


@dataclass(frozen=True)
class _OnTwin:
    twin: "Twin"
    situation: "Situation"
    question: Question

    def __call__(
        self, measures: tuple[Measure, ...], parameters: Mapping[str, Any], *, on_progress: Progress
    ) -> Verified:
        name = self._scenario(measures) if measures else ""
        result = self._known(name, parameters) or self.twin.run(
            self.question.model, scenario=name, on_progress=on_progress, **parameters
        )
        if result.state is RunState.DISMISSED:
            raise DismissedError("the advice was stopped; begin it again and it goes on where it was")
        if result.state is not RunState.SUCCESSFUL:
            raise RunError(f"run {result.id} of the advice {result.state}: {result.run.message}")
        return Verified({item.id: item for item in result.indicators}, result.id, name)

    def _scenario(self, measures: tuple[Measure, ...]) -> str:
        """Return the name of the scenario with these measures, which is made when there is none."""
        with self.twin.scenarios() as store:
            known = store.list()
            wanted = Scenario(name="advice", base=Base.of(self.situation), measures=measures)
            for found in known:
                if found.content_hash == wanted.content_hash:
                    return found.name
            taken = {found.name for found in known}
            stem = f"advice-{self.question.objective}"
            name = next(
                f"{stem}-{number}" for number in range(1, len(taken) + 2) if f"{stem}-{number}" not in taken
            )
            note = f"Advice on {self.question.objective}, by runs of {self.question.model}"
            return store.create(wanted.model_copy(update={"name": name, "note": note})).name

    def _known(self, scenario: str, parameters: Mapping[str, Any]) -> "RunResult | None":
        """Return a run of the twin that was made of the same, if there is one."""
        plan = Plan.make(self.twin.config, self.question.model, parameters)
        situation, digest = self.twin.changed(self.situation, scenario) if scenario else (self.situation, "")
        manifest = plan.on(situation, scenario=digest)
        for result in self.twin.runs():
            if result.state is RunState.SUCCESSFUL and result.run.manifest == manifest:
                return result
        return None
