"""A comparison as a readable table in the terminal."""

from morgen.faces.report.text import table
from morgen.services.compare.comparison import (
    Banded,
    ComparedRun,
    Comparison,
    IndicatorChange,
    PlaceChanges,
    Variant,
)

__all__ = ["comparison_text"]

SHOWN = 10
"""Rows of losers and of gainers that are printed; files have all."""


def comparison_text(comparison: Comparison) -> str:
    """Return the whole comparison: first what differs beside the measures, then what changed."""
    parts = [f"Base run {_named(comparison.base)}"]
    for variant in comparison.variants:
        parts.extend(_variant(comparison, variant))
    return "\n\n".join(parts)


def _variant(comparison: Comparison, variant: Variant) -> list[str]:
    parts = [f"Run {_named(variant.run)}"]
    if variant.unlike:
        told = "\n".join(f"  - {item.sentence}" for item in variant.unlike)
        parts.append(f"Take note: more differs than the measures\n{told}")
    parts += [_indicators(variant), _noise(variant), _maps(variant)]
    for title, places in (("Buildings", variant.buildings), ("Streets", variant.streets)):
        if places is not None:
            parts.append(_places(title, places))
    parts.append(_cost(comparison, variant))
    if variant.run.side_effects:
        rows = [[item.theme, item.effect, ", ".join(item.measures)] for item in variant.run.side_effects]
        parts.append("Other themes\n" + table(rows, head=["theme", "effect", "measures"]))
    return parts


def _named(run: ComparedRun) -> str:
    made = f"scenario {run.scenario_name or run.scenario[:8]}" if run.scenario else "the situation as it is"
    return f"{run.id}: {run.model} {run.version} on {run.area!r}, {made}"


def _indicators(variant: Variant) -> str:
    banded = any(side and side.low is not None for item in variant.indicators for side in (item.base, item.other))
    aimed = any(item.target is not None for item in variant.indicators)
    head = ["indicator", "unit", "base", "this run", "difference", "verdict"]
    head += ["base from - to", "from - to"] * banded + ["target"] * aimed
    rows = [_indicator(item, banded=banded, aimed=aimed) for item in variant.indicators]
    return "Indicators\n" + table(rows, head=head, right=[2, 3, 4])


def _indicator(item: IndicatorChange, *, banded: bool, aimed: bool) -> list[str]:
    difference = (
        "" if item.difference is None else f"{'+' if item.difference > 0 else ''}{_number(item.difference)}"
    )
    row = [item.title, item.unit, _value(item.base), _value(item.other), difference]
    row.append(item.verdict.replace("-", " "))
    row += [_band(item.base), _band(item.other)] * banded
    return row + [_target(item)] * aimed


def _target(item: IndicatorChange) -> str:
    if item.target is None:
        return ""
    met = {True: ", met", False: ", not met", None: ""}[item.meets_target]
    return f"{_number(item.target)}{met}"


def _value(side: Banded | None) -> str:
    return "-" if side is None else _number(side.value)


def _band(side: Banded | None) -> str:
    return "" if side is None or side.low is None or side.high is None else (
        f"{_number(side.low)} - {_number(side.high)}"
    )  # fmt: skip


def _number(value: float) -> str:
    return f"{value:,.4g}" if value % 1 else f"{value:,.0f}"


def _noise(variant: Variant) -> str:
    noise = variant.noise
    known = (
        "measured in these runs" if noise.measured else "not measured in these runs (run with --noise-check true)"
    )
    return (
        f"Differences up to {noise.depth:.4g} m of depth and {noise.duration:g} min are noise, {known}; places"
        " that change by less count as unchanged."
    )


def _maps(variant: Variant) -> str:
    if variant.maps_refused:
        return f"No maps of differences: {variant.maps_refused}."
    rows = [
        [
            item.name,
            f"{item.lower_area:,.0f}",
            f"{item.higher_area:,.0f}",
            f"{item.higher_in_measures:,.0f}",
            f"{item.hidden_area:,.0f}",
            f"{item.largest_fall:.3g} {item.unit}",
            f"{item.largest_rise:.3g} {item.unit}",
        ]
        for item in variant.maps
    ]
    head = [
        "map",
        "lower m2",
        "higher m2",
        "of that in measures",
        "under noise m2",
        "largest fall",
        "largest rise",
    ]
    return "Maps of differences\n" + table(rows, head=head, right=[1, 2, 3, 4, 5, 6])


def _places(title: str, places: PlaceChanges) -> str:
    tally = (
        f"{title}: {places.dry} become dry, {places.wet} become wet, {places.deeper} deeper, {places.shallower}"
        f" shallower, {places.unchanged} unchanged, {places.unknown} unknown (wet from {places.threshold:g} m)"
    )
    lines = [tally]
    if places.only_base or places.only_other:
        lines.append(f"  {places.only_base} in the base run only, {places.only_other} in this run only")
    for words, found in (("Worse off", places.losers), ("Better off", places.gainers)):
        rows = [
            [item.id, item.kind, f"{item.base:.3f}", f"{item.other:.3f}", f"{item.difference:+.3f}", item.change]
            for item in found[:SHOWN]
        ]
        if rows:
            head = [words, "kind", "base m", "this run m", "difference", "change"]
            lines.append(table(rows, head=head, right=[2, 3, 4]))
            lines += [f"  and {len(found) - SHOWN} more"] * (len(found) > SHOWN)
        else:
            lines.append(f"{words}: nobody")
    return "\n".join(lines)


def _cost(comparison: Comparison, variant: Variant) -> str:
    run, cost = variant.run, variant.run.cost
    if cost is None:
        return f"Cost: {'not kept with this run' if run.scenario else 'none, for there are no measures'}."
    rows = [
        [item.id, item.kind, f"{item.quantity:,.4g} {item.per}"]
        + [f"{euro:,.0f}" for euro in (item.low, item.middle, item.high)]
        + [item.source]
        for item in cost.measures
    ]
    rows.append(["total", "", "", f"{cost.low:,.0f}", f"{cost.middle:,.0f}", f"{cost.high:,.0f}", ""])
    head = ["measure", "kind", "quantity", "low euro", "middle euro", "high euro", "source"]
    return "Cost, without VAT and upkeep\n" + table(rows, head=head, right=[3, 4, 5]) + "\n" + _by_building(
        comparison, variant
    )  # fmt: skip


def _by_building(comparison: Comparison, variant: Variant) -> str:
    if comparison.base.scenario:
        return "Cost by building kept dry: none, for the base run has measures itself."
    if variant.per_building is None:
        return "Cost by building kept dry: none, for on balance no building is."
    band = variant.per_building
    return (
        f"Cost by building kept dry ({variant.kept_dry} on balance): {band.low:,.0f} to {band.high:,.0f} euro,"
        f" middle {band.middle:,.0f}."
    )
