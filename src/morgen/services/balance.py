"""The balance of a programme: its file, the twin that it lies in, and the sets of norms that it is held to."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from morgen.core.noun import Noun
from morgen.core.situation import Situation
from morgen.models.balance import (
    Across,
    Balance,
    Course,
    Programme,
    Surroundings,
    across,
    balance_of,
    courses,
    look_around,
    quick_balance,
    read_programme,
)
from morgen.models.norms import Basis, NormSet, load_norms
from morgen.services.progress import Progress, silent
from morgen.services.twin import Twin

__all__ = ["ProgrammeBalance", "balance_file", "balance_numbers", "balance_programme", "balance_situation"]

COURSES = (Basis.CHILD_0_3, Basis.CHILD_4_11, Basis.YOUTH_12_17, Basis.ELDERLY_75)
REMEMBERED = 8
"""Situations of which a server keeps what was seen around; a situation is told by its content."""


class ProgrammeBalance(Noun):
    """A programme under one or more sets of norms, side by side."""

    title: str = ""
    balances: tuple[Balance, ...]
    across: tuple[Across, ...]
    """Facility by facility what each set says."""
    courses: tuple[Course, ...]
    """Age groups of the programme over the years, with peak and structural level."""


def balance_file(
    path: Path | None,
    *,
    norms: Sequence[str],
    year: int | None = None,
    twin: Path | None = None,
    scenario: str = "",
    on_progress: Progress = silent,
) -> ProgrammeBalance:
    """Balance a programme file, on a twin when one is given; without a programme, the twin as it stands.

    A programme without ``site_area`` takes the area of the twin. A twin without sources gives that area only.
    Raises ``NotFoundError``, ``InputError``, ``ParameterError`` and what ``Twin.open`` and ``situation`` raise.
    """
    sets = [load_norms(name) for name in norms]
    opened = None if twin is None else Twin.open(twin)
    site_area = None if opened is None else opened.config.area.surface
    programme = None if path is None else read_programme(path, site_area=site_area)
    if opened is None or (programme is not None and not scenario and not opened.config.sources):
        return balance_programme(programme, norms=sets, year=year)
    situation = opened.situation(on_progress=on_progress)
    if scenario:
        situation, _ = opened.changed(situation, scenario)
    return balance_situation(situation, programme, norms=sets, year=year)


def balance_situation(
    situation: Situation, programme: Programme | None, *, norms: Sequence[NormSet], year: int | None = None
) -> ProgrammeBalance:
    """Balance a situation with what is planned in it; raises ``ParameterError``."""
    demolish = () if programme is None else programme.demolish
    return balance_programme(programme, norms=norms, year=year, around=_seen(_Asked(situation), demolish))


def balance_programme(
    programme: Programme | None,
    *,
    norms: Sequence[NormSet],
    year: int | None = None,
    around: Surroundings | None = None,
) -> ProgrammeBalance:
    """Balance a programme under each of the sets; raises ``ParameterError``."""
    balances = tuple(balance_of(each, programme, year=year, around=around, beside=norms) for each in norms)
    return ProgrammeBalance(
        title="" if programme is None else programme.title,
        balances=balances,
        across=across(balances),
        courses=() if programme is None else courses(programme, COURSES),
    )


def balance_numbers(
    *,
    norms: Sequence[NormSet],
    dwellings: int,
    residents: int,
    site_area: float,
    paved_area: float | None = None,
) -> ProgrammeBalance:
    """Balance plain numbers under each of the sets; raises ``ParameterError``."""
    balances = tuple(
        quick_balance(each, dwellings=dwellings, residents=residents, site_area=site_area, paved_area=paved_area)
        for each in norms
    )
    return ProgrammeBalance(balances=balances, across=across(balances), courses=())


class _Asked:
    """A situation as key: two with the same content are the same."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self._hash = situation.content_hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self._hash == other._hash

    def __hash__(self) -> int:
        return hash(self._hash)


@lru_cache(maxsize=REMEMBERED)
def _seen(asked: _Asked, demolish: tuple[str, ...]) -> Surroundings:
    return look_around(asked.situation, without=demolish)
