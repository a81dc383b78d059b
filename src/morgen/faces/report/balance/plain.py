"""A balance as text for the terminal."""

from collections.abc import Iterator, Sequence

from morgen.core.noun import Text
from morgen.faces.report.text import table
from morgen.models.balance import Balance, Course, Density, Row, Supply, Under
from morgen.services.balance import ProgrammeBalance

__all__ = ["balance_text"]

SMALL = 10
"""Under this, two decimals: 0.07 of a hall is not 0.1."""


def balance_text(found: ProgrammeBalance) -> str:
    """Return the sets side by side when there are several, each set, and the courses of the age groups."""
    parts = [_across(found)] if len(found.balances) > 1 else []
    parts += [part for item in found.balances for part in _one(item)]
    if found.courses:
        parts.append(_courses(found.courses))
    return "\n" + "\n\n".join(parts)


def _across(found: ProgrammeBalance) -> str:
    sets = [balance.norms for balance in found.balances]
    rows = [[row.theme, row.facility, *[_under(each) for each in row.under]] for row in found.across]
    title = "Side by side (need of what is there: light)"
    return title + "\n\n" + table(rows, head=["theme", "facility", *sets])


def _under(under: Under | None) -> str:
    if under is None:
        return "no norm"
    return f"{_number(under.need)} {under.unit} of {_number(under.have)}: {under.light}"


def _one(found: Balance) -> Iterator[str]:
    when = "" if found.year is None else f" in {found.year}"
    head = ["theme", "facility", "need", "unit", "units", "have", "nearby", "light", "state"]
    rows = [_cells(row) for row in found.rows]
    yield f"Under {found.norms} {found.edition}{when}:\n\n" + table(rows, head=head, right=[2, 4, 5, 6])
    if found.impossible:
        yield "\n".join(f"{item.sentence.en}." for item in found.impossible)
    if densities := list(_densities(found)):
        head = ["density", "dwellings/ha", "FSI", "GSI", "OSR", "L", "MXI", "made of"]
        yield table(densities, head=head, right=[1, 2, 3, 4, 5, 6])
    notes = [*_sources(found.rows), *_without_norm(found.without_norm)]
    notes += [f"note: {sentence}" for sentence in (*found.left_out, *(item.en for item in found.assumptions))]
    yield "\n".join(notes)


def _cells(row: Row) -> list[str]:
    units = "" if row.units is None else f"{row.units:.2f} -> {row.whole_units}"
    have = _number(row.have) if row.have_certainty != "at-least" else f">= {_number(row.have)}"
    nearby = "" if row.nearby is None else _number(row.nearby)
    return [row.theme, row.facility, _number(row.need), row.unit, units, have, nearby, row.light, row.state]


def _sources(rows: Sequence[Row]) -> Iterator[str]:
    """Yield one line for each source of what is there, with the facilities that it gave."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if row.have is not None:
            found.setdefault(_origin(row.have_certainty, row.have_source, row.have_note), []).append(row.facility)
    yield from (f"there: {', '.join(names)}: {origin}" for origin, names in found.items())


def _without_norm(supplies: Sequence[Supply]) -> Iterator[str]:
    found: dict[str, list[str]] = {}
    for item in supplies:
        told = f"{item.facility} {_number(item.amount)} {item.unit}"
        found.setdefault(_origin(item.certainty, item.source, item.note), []).append(told)
    yield from (f"there, without a norm: {', '.join(told)}: {origin}" for origin, told in found.items())


def _origin(certainty: str | None, source: str, note: Text | None) -> str:
    return f"{certainty} from {source}" + (f"; {note.en}" if note else "")


def _densities(found: Balance) -> Iterator[list[str]]:
    wijk = "wijk" if found.density is None else "wijk with plan"
    for name, density in (("plan", found.density), (wijk, found.wijk_density)):
        if density is not None:
            yield [name, *_density(density)]


def _density(density: Density) -> list[str]:
    values = (density.fsi, density.gsi, density.osr, density.layers, density.mxi)
    per_hectare = density.dwellings_per_hectare
    numbers = [f"{value:.2f}" if value is not None else "unknown" for value in values]
    return ["unknown" if per_hectare is None else f"{per_hectare:.1f}", *numbers, density.source.en]


def _courses(courses: Sequence[Course]) -> str:
    rows = [[item.basis, _whole(item.peak_year), _whole(item.peak), _whole(item.structural)] for item in courses]
    return table(rows, head=["age group", "peak year", "people then", "structural"], right=[1, 2, 3])


def _number(value: float | None) -> str:
    if value is None:
        return "unknown"
    return f"{value:,.2f}" if abs(value) < SMALL and value % 1 else f"{value:,.1f}"


def _whole(value: int | None) -> str:
    return "too few" if value is None else str(value)
