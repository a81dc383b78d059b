"""The answer of a run as a readable table."""

from collections.abc import Sequence

from morgen.core.indicator import Indicator
from morgen.services.quality import QualityReport
from morgen.services.result import RunResult

__all__ = ["answer", "meanings", "provenance", "quality", "run_list", "table"]

BALANCE_WORDS = {
    "rain": "rain",
    "stored": "still standing, and kept by leaves and hollows",
    "infiltrated": "into the ground",
    "sewer": "into the sewer",
    "outflow": "over the edge of the data",
}


def table(rows: Sequence[Sequence[str]], *, head: Sequence[str], right: Sequence[int] = ()) -> str:
    """Return rows as aligned columns under a head; columns numbered in ``right`` align to the right."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    lines = [
        "  ".join(
            cell.rjust(w) if i in right else cell.ljust(w)
            for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in [head, ["-" * w for w in widths], *rows]
    ]
    return "\n".join(line.rstrip() for line in lines)


def answer(result: RunResult) -> str:
    """Return the whole answer: what was asked, balance, indicators, warnings, outputs."""
    run = result.run
    parts = [_heading(result)]
    if run.message and run.state != "successful":
        parts.append(f"{run.state}: {run.message}")
    if run.balance:
        parts.append(_balance(result))
    if run.indicators:
        parts.append(_indicators(run.indicators))
    if run.warnings:
        parts.append("Take note\n" + "\n".join(f"  - {warning}" for warning in run.warnings))
    if run.outputs:
        rows = [[item.name, item.title, str(result.outputs[item.name])] for item in run.outputs]
        parts.append("Outputs\n" + table(rows, head=["name", "what", "where"]))
    return "\n\n".join(parts)


def run_list(results: Sequence[RunResult]) -> str:
    """Return the runs as a table, or a sentence when there are none."""
    if not results:
        return "This twin has no runs yet; start one with `morgen run`."
    rows = [
        [item.id, item.run.manifest.model, item.state.value, f"{item.run.progress:.0%}", _parameters(item)]
        for item in results
    ]
    return table(rows, head=["run", "model", "state", "done", "parameters"], right=[3])


def quality(report: QualityReport) -> str:
    """Return the quality report: layers, findings, sources."""
    rows = [
        [item.name, str(item.count) if item.available else "-", item.problem or item.title]
        for item in report.layers
    ]
    parts = [
        f"{report.area}: {report.surface / 10_000:.2f} ha, cells of {report.cell_size:g} m",
        "Layers\n" + table(rows, head=["layer", "count", "what"], right=[1]),
        "Findings\n" + "\n".join(f"  [{item.level}] {item.sentence}" for item in report.findings),
    ]
    return "\n\n".join(parts)


def _heading(result: RunResult) -> str:
    run = result.run
    return (
        f"Run {run.id}: {run.manifest.model} {run.manifest.version}"
        f" on {result.situation.area.name!r}, {run.state}\n"
        f"{_parameters(result)}"
    )


def _parameters(result: RunResult) -> str:
    plain = {k: v for k, v in result.run.manifest.parameters.items() if not isinstance(v, dict) and v is not None}
    return ", ".join(f"{name} {_short(value)}" for name, value in plain.items())


def _short(value: object) -> str:
    if isinstance(value, list):
        return "/".join(_short(item) for item in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _balance(result: RunResult) -> str:
    rain = result.balance.get("rain", 0.0) or 1.0
    rows = [
        [words, f"{result.balance[key]:,.1f}", f"{result.balance[key] / rain:.1%}"]
        for key, words in BALANCE_WORDS.items()
        if key in result.balance
    ]
    closing = f"  closes to {abs(result.balance.get('error', 0.0)):.1e} of the rain"
    return "Water balance\n" + table(rows, head=["", "m3", "share"], right=[1, 2]) + "\n" + closing


def _indicators(indicators: Sequence[Indicator]) -> str:
    rows = [
        [item.title, f"{item.value:,.4g}" if item.value % 1 else f"{item.value:,.0f}", item.unit]
        for item in indicators
    ]
    sources = sorted({item.threshold_source for item in indicators if item.threshold_source})
    text = "Indicators\n" + table(rows, head=["indicator", "value", "unit"], right=[1])
    return text + "".join(f"\n  threshold: {source}" for source in sources)


def meanings(indicators: Sequence[Indicator]) -> str:
    """Return what each indicator means, and what a reader might take it for but it does not show."""
    lines = [f"  {item.title}\n    {item.meaning}\n    Does not show: {item.does_not_show}" for item in indicators]
    return "\n".join(["What the indicators mean", *lines])


def provenance(result: RunResult) -> str:
    """Return what a run was made of: layers, sources and software, by hash."""
    run = result.run
    rows = [[name, sha256[:16]] for name, sha256 in run.manifest.inputs.items()]
    sources = [[source_id, sha256[:16]] for source_id, sha256 in run.manifest.sources.items()]
    software = ", ".join(f"{name} {version}" for name, version in run.environment.items())
    parts = [
        "Made of\n" + table(rows, head=["layer", "sha256"]),
        "Sources\n" + table(sources, head=["source", "sha256"]),
        f"Software: {software}",
        f"Created {run.created_at:%Y-%m-%d %H:%M:%S}, attempt {run.attempt}",
    ]
    return "\n\n".join(parts)
