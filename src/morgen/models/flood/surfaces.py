"""What the ground does with water: the editable, sourced table from words of the BGT to surface classes."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, ValidationError, model_validator

from morgen.core.errors import ParameterError
from morgen.core.noun import Noun
from morgen.core.units import Unit

if TYPE_CHECKING:
    import geopandas

__all__ = [
    "BUILDING",
    "UNKNOWN",
    "WATER",
    "SourcedNumber",
    "SurfaceClass",
    "SurfaceTable",
    "ThemeWords",
    "default_surfaces",
    "surfaces_text",
]

WATER: Final = "water"
BUILDING: Final = "building"
UNKNOWN: Final = "unknown"
REQUIRED_CLASSES: Final = (WATER, BUILDING, UNKNOWN)
"""Classes that the model itself speaks of, so that every table has them."""

NO_WORD: Final = ("", "waardeonbekend", "geenwaarde")
"""How the BGT writes that a word is not known."""


class SourcedNumber(Noun):
    """A number and where it comes from."""

    value: float = Field(ge=0, allow_inf_nan=False)
    source: str = Field(min_length=1)
    """Paper, norm or standard; 'Indicatief' with the reason when there is none."""


class _Share(SourcedNumber):
    value: float = Field(ge=0, le=1, allow_inf_nan=False)


class _Roughness(SourcedNumber):
    value: float = Field(gt=0, le=1, allow_inf_nan=False)


class SurfaceClass(Noun):
    """What one kind of ground does with water."""

    title: str = Field(min_length=1)
    manning: Annotated[_Roughness, Unit("s/m^(1/3)")]
    """Roughness of Manning."""
    infiltration: Annotated[SourcedNumber, Unit("mm/h")]
    """Constant infiltration capacity."""
    initial_loss: Annotated[SourcedNumber, Unit("mm")]
    """Wetting and depression storage that the terrain does not resolve."""
    sewered: Annotated[_Share, Unit("1")]
    """Share of the class that drains to the sewer."""


class ThemeWords(Noun):
    """Which words of one BGT theme belong to which surface class."""

    default: str
    """Class of an object without a word, or with a word that is not listed."""
    columns: tuple[str, ...] = ("surface",)
    """Columns of the layer in which to look, the first with a word decides; empty: the theme alone decides."""
    surfaces: Mapping[str, str] = Field(default_factory=dict)
    """Word to class."""
    plus: Mapping[str, str] = Field(default_factory=dict)
    """Word of ``plus_surface`` to class; goes before ``surfaces`` when it is listed."""


class SurfaceTable(Noun):
    """The table of surface classes and of the words that lead to them.

    ``code_of`` and the arrays of the other methods follow the order of ``classes``.
    """

    classes: Mapping[str, SurfaceClass]
    themes: Mapping[str, ThemeWords]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        missing = [name for name in REQUIRED_CLASSES if name not in self.classes]
        if missing:
            raise ValueError(f"the class {missing[0]!r} is missing; every table has {', '.join(REQUIRED_CLASSES)}")
        for theme, words in self.themes.items():
            for named in (words.default, *words.surfaces.values(), *words.plus.values()):
                if named not in self.classes:
                    raise ValueError(
                        f"theme {theme!r} names the class {named!r}, but the classes are {', '.join(self.classes)}"
                    )
        return self

    @classmethod
    def from_toml(cls, text: str, *, name: str = "surface table") -> Self:
        """Read a table as TOML; raises ``ParameterError`` with the place and what is wrong there."""
        try:
            return cls.model_validate(tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            raise ParameterError(
                f"{name} is not TOML: {error}; compare it with the built-in surfaces.toml"
            ) from error
        except ValidationError as error:
            raise ParameterError(_first_problem(name, error)) from error

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Read a table from a TOML file; raises ``ParameterError`` when it cannot be read or understood."""
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ParameterError(f"the surface table {path} cannot be read: {error}") from error
        return cls.from_toml(text, name=str(path))

    def code_of(self, class_name: str) -> int:
        """Return the code of a class in rasters: its place in the table."""
        return list(self.classes).index(class_name)

    def values(self, quantity: str) -> npt.NDArray[np.float32]:
        """Return ``manning``, ``infiltration``, ``initial_loss`` or ``sewered`` per class code."""
        return np.array([getattr(kind, quantity).value for kind in self.classes.values()], dtype=np.float32)

    def classify(self, land_cover: "geopandas.GeoDataFrame") -> tuple[npt.NDArray[np.uint8], list[str]]:
        """Return the class code of every object, and one sentence per word that the table does not know.

        Reads the columns ``theme``, ``surface``, ``plus_surface`` and those that a theme names.
        """
        codes = {name: code for code, name in enumerate(self.classes)}
        needed = {"plus_surface"}.union(*(words.columns for words in self.themes.values()))
        columns = {name: _words(land_cover, name) for name in needed}
        unknown: dict[tuple[str, str, str], int] = {}
        found = np.empty(len(land_cover), dtype=np.uint8)
        for row, theme in enumerate(_words(land_cover, "theme")):
            named = self._class_of(theme, {name: words[row] for name, words in columns.items()}, unknown)
            found[row] = codes[named]
        return found, [_unknown_word(*key, count) for key, count in sorted(unknown.items())]

    def _class_of(self, theme: str, row: Mapping[str, str], unknown: dict[tuple[str, str, str], int]) -> str:
        words = self.themes.get(theme)
        if words is None:
            unknown[theme, "", UNKNOWN] = unknown.get((theme, "", UNKNOWN), 0) + 1
            return UNKNOWN
        if row["plus_surface"] in words.plus:
            return words.plus[row["plus_surface"]]
        given = [row[column] for column in words.columns if row[column]]
        known = [word for word in given if word in words.surfaces]
        if known:
            return words.surfaces[known[0]]
        if given:
            unknown[theme, given[0], words.default] = unknown.get((theme, given[0], words.default), 0) + 1
        return words.default


def default_surfaces() -> SurfaceTable:
    """Return the built-in table, ``surfaces.toml`` beside this module."""
    return SurfaceTable.from_toml(surfaces_text(), name="surfaces.toml")


def surfaces_text() -> str:
    """Return the text of ``surfaces.toml``, for users to copy and edit."""
    return (files("morgen.models.flood") / "surfaces.toml").read_text(encoding="utf-8")


def _words(land_cover: "geopandas.GeoDataFrame", column: str) -> list[str]:
    if column not in land_cover.columns:
        return [""] * len(land_cover)
    words = (value.strip().lower() if isinstance(value, str) else "" for value in land_cover[column])
    return ["" if word in NO_WORD else word for word in words]


def _unknown_word(theme: str, word: str, taken_as: str, count: int) -> str:
    what = f"{theme} with the surface {word!r}" if word else f"the theme {theme!r}"
    objects = "1 object" if count == 1 else f"{count} objects"
    return f"The surface table does not know {what} ({objects}); taken as {taken_as!r}, add the word to the table."


def _first_problem(name: str, error: ValidationError) -> str:
    problem: Any = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in problem["loc"]) or "the table as a whole"
    message = problem["msg"].removeprefix("Value error, ")
    value = "" if isinstance(problem["input"], dict) else f" is {problem['input']!r}, but"
    return f"{name}: {place}{value or ':'} {message[0].lower() + message[1:]}"
