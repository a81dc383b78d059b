"""Advice beside simpler ways of choosing: how much more the same money does, in how many runs and minutes.

    .venv/bin/python -m benchmarks.advise TWIN [--budgets 100000 250000 500000] [--random 200] [--workers 2]

TWIN is a twin, such as the folder that `morgen demo` makes. The peers spend as much on the same candidates:

- uniform: the candidate of each kind in turn, from the west to the east, as far as the money goes;
- largest first: the dearest candidate first, then what still can be paid;
- random: so many packages in random order, each filled as far as the money goes. All are computed by quick runs;
  the best three of them are run on the cells of the twin, so that chance gets the best that it has.

Everything that is printed as an effect is a run on the cells of the twin.
"""

import argparse
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from morgen.services.advice.advise import Question, _Work
from morgen.services.advice.evaluation import Evaluation, Look
from morgen.services.advice.on_twin import _OnTwin
from morgen.services.advice.ranking import Candidate
from morgen.services.layout import Layout
from morgen.services.twin import Twin

FINAL = 3
"""Random packages that are run on the cells of the twin."""


def main() -> None:
    """Print one line for each budget and way of choosing."""
    parser = argparse.ArgumentParser()
    parser.add_argument("twin", type=Path)
    parser.add_argument("--budgets", type=float, nargs="*", default=[100_000, 250_000, 500_000])
    parser.add_argument("--objective", default="buildings")
    parser.add_argument("--rain", type=float, default=70.0)
    parser.add_argument("--random", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    twin = Twin.open(asked.twin)
    situation = twin.situation()
    question = Question(
        budgets=tuple(asked.budgets),
        objective=asked.objective,
        parameters={"rain": asked.rain},
        workers=asked.workers,
    )
    work = _Work(
        situation,
        question,
        _OnTwin(twin, situation, question),
        Layout(twin.folder).advice,
        lambda _fraction, _message: None,
        lambda budget, cost, worth: print(f"  {budget:.0f}: {cost:.0f} euro, quick {worth:.2f}", flush=True),
    )
    begin = time.perf_counter()
    advice = work.advice()
    minutes = (time.perf_counter() - begin) / 60
    print(
        f"{advice.candidates} candidates, {advice.runs} quick runs on {advice.cell_sizes[0]:g} m,"
        f" {advice.verifications} runs on {advice.cell_sizes[1]:g} m, {minutes:.1f} min; without measures"
        f" {advice.before:g}",
        flush=True,
    )
    candidates = work._candidates()  # noqa: SLF001
    look = Look(situation, work.factor, question.model, work._quickest(), question.objective)  # noqa: SLF001
    measures = [candidate.site.measure for candidate in candidates]
    file = Layout(twin.folder).advice / f"{look.content_hash}.jsonl"
    with Evaluation(look, measures, file=file, workers=asked.workers) as evaluate:
        for budget in advice.budgets:
            compare(budget.budget, budget.effect or 0.0, candidates, evaluate, work, asked.random, advice.before)


def compare(
    budget: float,
    ours: float,
    candidates: Sequence[Candidate],
    evaluate: Evaluation,
    work: _Work,
    count: int,
    before: float,
) -> None:
    """Print what the peers do with ``budget``, on the cells of the twin."""

    def effect(package: frozenset[int]) -> float:
        chosen = tuple(candidates[number].site.measure for number in sorted(package))
        return before - work._value(chosen, "")  # noqa: SLF001

    even = effect(filled(uniform(candidates), candidates, budget))
    largest = effect(filled(np.argsort([-each.cost.middle for each in candidates]).tolist(), candidates, budget))
    rng = np.random.default_rng(1)
    drawn = [filled(rng.permutation(len(candidates)).tolist(), candidates, budget) for _ in range(count)]
    quick = evaluate(drawn)
    best = sorted(range(count), key=lambda number: -quick[number])[:FINAL]
    lucky = max(effect(drawn[number]) for number in best)
    print(
        f"{budget:10,.0f} euro: advice {ours:8.1f}  uniform {even:8.1f}  largest first {largest:8.1f}"
        f"  best of {count} random {lucky:8.1f}  (quick: median {np.median(quick):.2f}, best {max(quick):.2f})",
        flush=True,
    )


def uniform(candidates: Sequence[Candidate]) -> list[int]:
    """Return candidates of each kind in turn, from west to east."""
    kinds: dict[str, list[int]] = {}
    for number in np.argsort([each.site.measure.geometry.centroid.x for each in candidates]).tolist():
        kinds.setdefault(candidates[number].cost.kind, []).append(number)
    rows = list(kinds.values())
    return [row[turn] for turn in range(max(map(len, rows))) for row in rows if turn < len(row)]


def filled(order: Iterable[int], candidates: Sequence[Candidate], budget: float) -> frozenset[int]:
    """Return what can be paid, in this order, without two measures on one place."""
    chosen: list[int] = []
    spent = 0.0
    for number in order:
        shape = candidates[number].site.measure.geometry
        free = not any(shape.intersects(candidates[other].site.measure.geometry) for other in chosen)
        if free and spent + candidates[number].cost.middle <= budget:
            chosen.append(number)
            spent += candidates[number].cost.middle
    return frozenset(chosen)


if __name__ == "__main__":
    main()
