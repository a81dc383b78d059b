"""A comparison as one printable page, in Dutch or English, with its maps inside; it computes nothing."""

import base64
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from morgen.faces.report.comparison_words import EFFECTS, THEMES, WORDS, Lang, dutch_indicator, number
from morgen.services.compare.comparison import (
    ComparedRun,
    Comparison,
    CostBand,
    IndicatorChange,
    SideEffect,
)

if TYPE_CHECKING:
    import jinja2

__all__ = ["comparison_html"]

SHOWN: Final = 20
"""Rows of losers and of gainers that are printed; the JSON has all."""
COUNT: Final[Mapping[Lang, str]] = {"nl": "aantal", "en": "number"}
UNITS: Final[Mapping[Lang, Mapping[str, str]]] = {
    "nl": {"m2": "m²", "m": "m", "m3": "m³", "piece": "stuks"},
    "en": {"m2": "m²", "m": "m", "m3": "m³", "piece": "pieces"},
}


def comparison_html(comparison: Comparison, pictures: Mapping[str, Path], *, lang: Lang) -> str:
    """Return the page; ``pictures`` maps ``<run>-<map>`` to a PNG, which is put inside. Text is escaped."""
    words = WORDS[lang]
    return (
        _environment()
        .get_template("comparison.html")
        .render(
            c=comparison,
            runs=(comparison.base, *(variant.run for variant in comparison.variants)),
            lang=lang,
            w=words,
            shown=SHOWN,
            units=UNITS[lang],
            pictures={name: _inside(path) for name, path in pictures.items()},
            settings=_settings(comparison.base),
            n=lambda value, digits=None: number(value, lang, digits=digits),
            signed=lambda value, digits=None: ("+" if value > 0 else "") + number(value, lang, digits=digits),
            say=lambda key, **values: words[key].format(**values),
            band=partial(_band, lang=lang),
            named=partial(_named, words=words),
            unit=lambda symbol: COUNT[lang] if symbol == "count" else symbol,
            title=partial(_title, parameters=comparison.base.parameters, lang=lang),
            themed=partial(_themed, lang=lang),
        )
    )


def _inside(path: Path) -> str:
    return f"data:image/png;base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"


def _settings(run: ComparedRun) -> str:
    plain = {name: value for name, value in run.parameters.items() if not isinstance(value, dict)}
    return ", ".join(f"{name} {value}" for name, value in plain.items() if value not in (None, [], ()))


def _band(cost: CostBand, *, lang: Lang) -> dict[str, str]:
    return {name: number(getattr(cost, name), lang, digits=0) for name in ("low", "middle", "high")}


def _named(run: ComparedRun, *, words: Mapping[str, str]) -> str:
    return words["with"].format(name=run.scenario_name or run.scenario[:8]) if run.scenario else words["base"]


def _title(item: IndicatorChange, *, parameters: Mapping[str, Any], lang: Lang) -> str:
    return (dutch_indicator(item.id, parameters) if lang == "nl" else None) or item.title


def _themed(item: SideEffect, *, lang: Lang) -> str:
    if lang == "en":
        return f"{item.theme}: {item.effect}"
    return f"{THEMES.get(item.theme, item.theme)}: {EFFECTS.get(item.effect, item.effect)}"


@cache
def _environment() -> "jinja2.Environment":
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("morgen.faces.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
