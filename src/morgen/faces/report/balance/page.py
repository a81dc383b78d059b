"""The page of a balance, for a browser and for paper: one file, without scripts or anything from elsewhere."""

import base64
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import jinja2

from morgen.faces.report.balance.words import (
    CERTAINTY_WORDS,
    LIGHT_WORDS,
    STATE_WORDS,
    SUPPLY_WORDS,
    UNIT_WORDS,
    WORDS,
)
from morgen.models.balance import Balance, Density
from morgen.models.norms import BASIS_WORDS, THEME_WORDS, Basis, Theme
from morgen.services.balance import ProgrammeBalance

__all__ = ["balance_page"]

MARKS = {"green": "●", "amber": "◐", "red": "○", "unknown": "?"}
"""A light is told by a shape and a word too, for who does not see its colour."""


def balance_page(found: ProgrammeBalance, *, language: str = "nl", picture: Path | None = None) -> str:
    """Return the page in ``nl`` or ``en``; the picture is put into it. All texts are escaped."""
    data = None if picture is None else base64.b64encode(picture.read_bytes()).decode("ascii")
    return (
        _environment()
        .get_template("balance.html")
        .render(
            found=found,
            language=language,
            picture=data,
            marks=MARKS,
            t=WORDS[language].__getitem__,
            number=partial(_number, language=language),
            densities=_densities,
            **_names(language),
        )
    )


def _names(language: str) -> dict[str, Callable[[Any], str]]:
    return {
        "say": lambda text: "" if text is None else str(getattr(text, language)),
        "light": LIGHT_WORDS[language].__getitem__,
        "certainty": CERTAINTY_WORDS[language].__getitem__,
        "state": STATE_WORDS[language].__getitem__,
        "unit": UNIT_WORDS[language].__getitem__,
        "theme": lambda theme: str(getattr(THEME_WORDS[Theme(theme)], language)),
        "basis": lambda basis: str(getattr(BASIS_WORDS[Basis(basis)], language)),
        "supply": lambda name: SUPPLY_WORDS[language].get(name, name.replace("-", " ")),
        "facility": lambda row: row.title if language == "nl" else row.facility.replace("-", " "),
    }


def _densities(balance: Balance) -> list[tuple[str, Density]]:
    wijk = "of_wijk_now" if balance.density is None else "of_wijk"
    named = (("of_plan", balance.density), (wijk, balance.wijk_density))
    return [(name, density) for name, density in named if density is not None]


def _number(value: float | None, decimals: int = 0, *, language: str) -> str:
    """Return a number as people of a language write it; small ones are not rounded away."""
    if value is None:
        return WORDS[language]["unknown"]
    digits = decimals or (2 if 0 < abs(value) < 10 and value % 1 else 0)  # noqa: PLR2004 - 0.69 hall is not 1
    text = f"{value:,.{digits}f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "nl" else text


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("morgen.faces.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
