"""The programme of a wijk: dwellings by type and year, and what is there already."""

import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from morgen.core.errors import InputError, NotFoundError
from morgen.core.noun import Noun
from morgen.models.balance.cohorts import HOUSEHOLDS, DwellingType

__all__ = ["Dwellings", "Existing", "Programme", "Provision", "parse_programme", "read_programme"]

Count = Annotated[int, Field(ge=1, le=1_000_000)]
Year = Annotated[int, Field(ge=1900, le=2200)]
Area = Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)]


class Dwellings(Noun):
    """Dwellings of one type that are finished in one year."""

    type: DwellingType
    number: Count
    year: Year
    """In which they are finished."""
    tenure: str = ""
    """Social rent, middle rent, sale ...; it changes nothing in the need."""
    floor_area: Area | None = None
    """Gross floor area of one, m2; None takes the usual one of the type."""
    storeys: Annotated[float, Field(ge=1, le=100)] | None = None
    """Storeys of the buildings that they are in; with it the ground under them is known."""

    @property
    def total_floor_area(self) -> float:
        """Gross floor area together, m2."""
        return self.number * (self.floor_area or HOUSEHOLDS[self.type].floor_area)

    @property
    def footprint(self) -> float | None:
        """Ground under them together, m2; None when their storeys are not given."""
        return None if self.storeys is None else self.total_floor_area / self.storeys


class Existing(Noun):
    """What stands and lives in the area already, when the municipality knows better than the data of the twin."""

    dwellings: Annotated[int, Field(ge=0, le=1_000_000)]
    residents: Annotated[int, Field(ge=0, le=10_000_000)]


class Provision(Noun):
    """What is there, or will be, of one facility."""

    facility: Annotated[str, Field(min_length=1)]
    amount: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    """In the unit of the norm: m2, m3 or a number."""
    unit: Annotated[str, Field(pattern="^(m2|m3|count)$")]
    shared: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0
    """What neighbouring wijken could share besides, in the same unit."""
    source: str = ""


class Programme(Noun):
    """What is planned on a site."""

    title: str = ""
    site_area: Area
    """m2 of the whole area that is planned."""
    paved_area: Area | None = None
    """m2 of roofs and paving on plots; None when it is not known yet."""
    dwellings: Annotated[tuple[Dwellings, ...], Field(min_length=1, max_length=1000)]
    provision: Annotated[tuple[Provision, ...], Field(max_length=1000)] = ()
    other_floor_area: Area | None = None
    """Gross floor area of all that is no dwelling, m2; None leaves FSI to the dwellings, and MXI unknown."""
    other_footprint: Area | None = None
    """Ground under buildings without dwellings, m2."""
    demolish: tuple[Annotated[str, Field(pattern="^[0-9]{16}$")], ...] = ()
    """BAG ids of panden that go; on a twin they leave the stock."""
    existing: Existing | None = None
    """Overrules what the twin tells of the stock that stays."""


def read_programme(path: Path, *, site_area: float | None = None) -> Programme:
    """Read a programme from a TOML file; ``site_area`` (m2) counts where the file gives none.

    Raises ``NotFoundError``, or ``InputError`` naming row and column.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotFoundError(f"the programme {path} does not exist; check the name") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the programme {path} cannot be read as UTF-8 text: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"the programme {path} is not TOML: {error}") from error
    if site_area is not None:
        document.setdefault("site_area", site_area)
    return parse_programme(document, place=f"the programme {path}")


def parse_programme(document: Any, *, place: str) -> Programme:
    """Read a programme from its JSON form; ``place`` is named when it is wrong. Raises ``InputError``."""
    try:
        return Programme.from_json(document)
    except ValidationError as error:
        raise InputError(_sentence(error, place)) from error


def _sentence(error: ValidationError, place: str) -> str:
    first = error.errors(include_url=False)[0]
    where = [f"row {part + 1}" if isinstance(part, int) else str(part) for part in first["loc"]]
    given = "" if first["type"] == "missing" else f", not {first['input']!r}"
    return f"{place} is wrong at {', '.join(where) or 'the top'}: {first['msg']}{given}; see docs/balance.md"
