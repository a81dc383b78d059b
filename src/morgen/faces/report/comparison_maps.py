"""The maps of differences of a comparison as pictures, in the language of the report."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from morgen.core.situation import Raster
from morgen.faces.report.comparison_words import WORDS, Lang, number
from morgen.faces.report.maps import draw_difference
from morgen.services.compare.comparison import Comparison, MapSummary, Variant
from morgen.services.result import RunResult

__all__ = ["draw_difference_map"]

LIMITS: Final = {"m": (0.02, 0.05, 0.15), "min": (10.0, 30.0, 60.0)}
"""Edges of the classes of differences above the noise floor, by unit."""
DIGITS: Final = {"m": 3, "min": 0}


def draw_difference_map(
    comparison: Comparison,
    variant: Variant,
    summary: MapSummary,
    *,
    base: RunResult,
    raster: Raster,
    measures: Sequence[Any],
    path: Path,
    lang: Lang,
) -> Path:
    """Draw one map of differences as PNG and return its path; ``measures`` are shapes, m RD."""
    words = WORDS[lang]
    limits = (summary.floor, *LIMITS[summary.unit])
    told = variant.run
    name = words["with"].format(name=told.scenario_name) if told.scenario_name else told.id
    return draw_difference(
        base.situation,
        raster.values,
        path,
        limits=limits,
        labels=_labels(limits, summary, lang),
        measures=measures,
        title=comparison.base.area,
        subtitle=f"{words[f'map_{summary.name}']}: {name}",
        drawn=words["measures_drawn"],
        legend=words["difference"].capitalize(),
        note=f"{comparison.base.model} {comparison.base.version}, {comparison.base.id} > {told.id}.\n"
        f"{words['sources']}: {'; '.join(comparison.base.sources)}. RD New + NAP.",
    )


def _labels(limits: Sequence[float], summary: MapSummary, lang: Lang) -> list[tuple[str, str]]:
    """Return the words of each class, for less and for more."""
    words, digits = WORDS[lang], DIGITS[summary.unit]
    less, more = ("earlier", "later") if summary.name == "arrival" else ("less", "more")
    shown = [number(limit, lang, digits=digits) for limit in limits]
    spans = [f"{low} - {high} {summary.unit}" for low, high in pairwise(shown)]
    spans.append(f"> {shown[-1]} {summary.unit}")
    return [(f"{span} {words[less]}", f"{span} {words[more]}") for span in spans]
