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
    "pumped": "pumped out of open water",
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
    if sentences := _checks(result):
        parts.append("How sure this is\n" + "\n".join(f"  - {sentence}" for sentence in sentences))
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
    plain = {
        k: v for k, v in result.run.manifest.parameters.items() if not isinstance(v, dict) and v not in (None, [])
    }
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


def _checks(result: RunResult) -> list[str]:
    """Return the checks of the run in sentences; none for a run that made none."""
    checks = result.output("checks").to_json() if "checks" in result.outputs else {}
    sentences = []
    if engines := checks.get("engines"):
        overlap = engines["wet_overlap"]
        wet = "neither finds 0.10 m there" if overlap is None else f"{overlap:.0%} of places with 0.10 m in common"
        sentences.append(
            f"engines {' and '.join(engines['engines'])} on the wettest part: {wet}, largest depths differ by"
            f" {engines['rmse']:.3f} m (root mean square), {engines['largest']:.2f} m at most"
        )
    if resolution := checks.get("resolution"):
        flooded = resolution["indicators"].get("flooded-area", {"run": 0.0, "other": 0.0})
        sentences.append(
            f"cells of {resolution['cell_sizes'][1]:g} m instead of {resolution['cell_sizes'][0]:g} m: "
            f"{flooded['other']:,.0f} m2 flooded instead of {flooded['run']:,.0f} m2"
        )
    if noise := checks.get("noise"):
        sentences.append(f"rounding moves depths by up to {noise['p999']:.1e} m on 999 of 1000 cells")
    if ensemble := checks.get("ensemble"):
        sentences.append(
            f"bands are the least and most of this run and {len(ensemble['members'])} on other ground"
        )
    return sentences


def _indicators(indicators: Sequence[Indicator]) -> str:
    banded = any(_band(item) for item in indicators)
    rows = [
        [item.title, _number(item.value), item.unit, *([_band(item)] if banded else [])] for item in indicators
    ]
    head = ["indicator", "value", "unit", *(["from - to"] if banded else [])]
    sources = sorted({item.threshold_source for item in indicators if item.threshold_source})
    text = "Indicators\n" + table(rows, head=head, right=[1])
    return text + "".join(f"\n  threshold: {source}" for source in sources)


def _number(value: float) -> str:
    return f"{value:,.4g}" if value % 1 else f"{value:,.0f}"


def _band(item: Indicator) -> str:
    return "" if item.low is None or item.high is None else f"{_number(item.low)} - {_number(item.high)}"


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
