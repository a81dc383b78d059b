"""The answer of ``wijk-fit`` as readable text; it quotes the stored run and calculates nothing."""

from collections.abc import Iterator, Mapping
from typing import Any

from morgen.faces.report.text import table
from morgen.services.result import RunResult

__all__ = ["fit_answer"]


def fit_answer(result: RunResult) -> str:
    """Return reason, concessions, ways out, what comes where, and what was assumed."""
    answer = result.output("answer").to_json()
    front = result.output("front").to_json()
    return "\n\n".join([*_reason(answer), *_where(answer), *_front(front), *_sure(answer), *_ends(result)])


def _reason(answer: Mapping[str, Any]) -> Iterator[str]:
    yield f"{answer['sentence']['en']}\n{answer['sentence']['nl']}"
    if answer["concessions"]:
        rows = [
            [
                item["name"]["en"],
                f"{item['amount']:,.1f}",
                item["unit"],
                f"{item['price']:,.2f}",
                f"{item['cost']:,.0f}",
            ]
            for item in answer["concessions"]
        ]
        head = ["concession", "too little", "unit", "kEUR each", "kEUR"]
        yield f"What it concedes\n{table(rows, head=head, right=[1, 3, 4])}"
    if answer["ways_out"]:
        ways = "\n".join(f"  {number}. {way['en']}" for number, way in enumerate(answer["ways_out"], start=1))
        yield f"Ways out\n{ways}"


def _where(answer: Mapping[str, Any]) -> Iterator[str]:
    rows = [
        [
            site["site"],
            ", ".join(f"{number} {name}" for name, number in site["dwellings"].items()),
            ", ".join(f"{item['kind']} {item['floor']:,.0f} m2" for item in site["facilities"]),
            f"{site['footprint']:,.0f}",
            f"{site['green']:,.0f}",
        ]
        for site in answer["sites"]
    ]
    head = ["site", "dwellings", "facilities", "footprint m2", "green m2"]
    yield f"What comes where\n{table(rows, head=head, right=[3, 4])}"


def _front(front: Mapping[str, Any]) -> Iterator[str]:
    if not front["points"]:
        return
    knee = front["knee"]
    rows = [
        [
            f"{point['dwellings']}",
            f"{point['green']:,.0f}",
            f"{point['facility_floor']:,.0f}",
            f"{point['cost']:,.0f}",
            f"{price:,.1f}" if price is not None else "",
            "knee" if number == knee else "",
        ]
        for number, (point, price) in enumerate(zip(front["points"], [*front["marginal"], None], strict=True))
    ]
    head = ["dwellings", "green m2", "facilities m2", "kEUR conceded", "kEUR each next dwelling", ""]
    yield f"Between all norms and all dwellings\n{table(rows, head=head, right=[0, 1, 2, 3, 4])}"


def _sure(answer: Mapping[str, Any]) -> Iterator[str]:
    shares = [
        f"  {share['norm']}: {share['found']:.1%} of the residents ({share['asked']:.1%} asked);"
        f" {share['in_storm']:.1%} with dry feet"
        for share in answer["check"]["shares"]
    ]
    if shares:
        yield "Within walking distance, per address\n" + "\n".join(shares)
    gap, status = f"{answer['gap']:.2%}", answer["status"]
    sure = f"  The plan is at most {gap} from the best one ({status}); the checker agrees with it."
    yield f"How sure this is\n{sure}"
    told = [*(text["en"] for text in answer["assumptions"]), *answer["not_tested"]]
    yield "What was assumed\n" + "\n".join(f"  - {sentence}" for sentence in told)


def _ends(result: RunResult) -> Iterator[str]:
    if result.run.warnings:
        yield "Take note\n" + "\n".join(f"  - {warning}" for warning in result.run.warnings)
    rows = [[item.name, str(result.outputs[item.name])] for item in result.run.outputs]
    yield f"Run {result.id}\n{table(rows, head=['output', 'where'])}"
