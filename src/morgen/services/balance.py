"""The balance of a programme: its file, the twin that it lies in, and the sets of norms that it is held to."""

from collections.abc import Sequence
from pathlib import Path

from morgen.core.noun import Noun
from morgen.models.balance import Balance, Course, Programme, balance_of, courses, read_programme
from morgen.models.norms import Basis, load_norms
from morgen.services.twin import Twin

__all__ = ["ProgrammeBalance", "balance_file", "balance_programme"]

COURSES = (Basis.CHILD_0_3, Basis.CHILD_4_11, Basis.YOUTH_12_17, Basis.ELDERLY_75)


class ProgrammeBalance(Noun):
    """A programme under one or more sets of norms, side by side."""

    balances: tuple[Balance, ...]
    courses: tuple[Course, ...]
    """Age groups over the years, with peak and structural level."""


def balance_file(
    path: Path, *, norms: Sequence[str], year: int | None = None, twin: Path | None = None
) -> ProgrammeBalance:
    """Balance a programme file; a programme without ``site_area`` takes the area of the twin.

    Raises ``NotFoundError``, ``InputError`` and what ``Twin.open`` raises.
    """
    site_area = None if twin is None else Twin.open(twin).config.area.surface
    return balance_programme(read_programme(path, site_area=site_area), norms=norms, year=year)


def balance_programme(programme: Programme, *, norms: Sequence[str], year: int | None = None) -> ProgrammeBalance:
    """Balance a programme under each of the named sets; raises ``NotFoundError`` and ``InputError``."""
    return ProgrammeBalance(
        balances=tuple(balance_of(load_norms(name), programme, year=year) for name in norms),
        courses=courses(programme, COURSES),
    )
