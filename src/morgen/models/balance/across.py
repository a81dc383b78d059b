"""One programme under several sets of norms, facility by facility."""

from collections.abc import Sequence

from morgen.core.noun import Noun
from morgen.models.balance.need import Balance
from morgen.models.balance.row import Light, Row

__all__ = ["Across", "Under", "across"]


class Under(Noun):
    """What one set says of a facility."""

    norms: str
    """Id of the set."""
    norm: str
    need: float | None
    unit: str
    units: float | None
    have: float | None
    light: Light


class Across(Noun):
    """One facility under every set that was asked."""

    theme: str
    facility: str
    title: str
    under: tuple[Under | None, ...]
    """In the order of the sets; None where a set has no norm for it."""


def across(balances: Sequence[Balance]) -> tuple[Across, ...]:
    """Lay balances side by side; where a set has several norms for one facility, in their order."""
    tables = [_by_facility(balance) for balance in balances]
    keys = dict.fromkeys(key for table in tables for key in table)
    return tuple(_across(key, balances, [table.get(key) for table in tables]) for key in keys)


def _by_facility(balance: Balance) -> dict[tuple[str, int], Row]:
    found: dict[tuple[str, int], Row] = {}
    for row in balance.rows:
        earlier = sum(facility == row.facility for facility, _ in found)
        found[row.facility, earlier] = row
    return found


def _across(key: tuple[str, int], balances: Sequence[Balance], rows: Sequence[Row | None]) -> Across:
    known = next(row for row in rows if row is not None)
    return Across(
        theme=known.theme,
        facility=key[0],
        title=known.title,
        under=tuple(
            None if row is None else _under(balance.norms, row)
            for balance, row in zip(balances, rows, strict=True)
        ),
    )


def _under(norms: str, row: Row) -> Under:
    return Under(
        norms=norms,
        norm=row.norm,
        need=row.need,
        unit=row.unit,
        units=row.units,
        have=row.have,
        light=row.light,
    )
