"""How dense a plan or a wijk is, in the five numbers of NEN 9300 that RUDIFUN maps for the whole country."""

from morgen.core.noun import Noun, Text
from morgen.models.balance.programme import Dwellings, Programme
from morgen.models.balance.stock import Stock

__all__ = ["Density", "density_of", "plan_density", "wijk_density"]


WHOLE_PLAN = Text(nl="het programma", en="the programme")
HOMES_ONLY = Text(nl="het programma, alleen woningen", en="the programme, dwellings only")


class Density(Noun):
    """Numbers of an area; None where what they are made of is not known."""

    area: float
    """m2 of ground."""
    dwellings_per_hectare: float | None
    fsi: float | None
    """Floor space index: gross floor area by area."""
    gsi: float | None
    """Ground space index: ground under buildings by area."""
    osr: float | None
    """Open space ratio (spaciousness): open ground for each m2 of floor, (1 - GSI) / FSI."""
    layers: float | None
    """Mean number of storeys, L = FSI / GSI."""
    mxi: float | None
    """Mixed-use index: floor of dwellings by all floor, 0 to 1."""
    source: Text
    """What it was made of."""


def density_of(
    area: float,
    *,
    dwellings: int | None,
    floor_area: float | None,
    footprint: float | None,
    dwelling_floor_area: float | None,
    source: Text,
) -> Density:
    """Return the density of an area of so many m2; floor areas are gross, m2."""
    fsi = None if floor_area is None else floor_area / area
    gsi = None if footprint is None else footprint / area
    both = fsi is not None and gsi is not None
    return Density(
        area=area,
        dwellings_per_hectare=None if dwellings is None else round(dwellings / area * 10_000, 2),
        fsi=_rounded(fsi),
        gsi=_rounded(gsi),
        osr=_rounded((1 - gsi) / fsi) if both and fsi and gsi is not None else None,
        layers=_rounded(fsi / gsi) if both and gsi and fsi is not None else None,
        mxi=_rounded(dwelling_floor_area / floor_area) if floor_area and dwelling_floor_area is not None else None,
        source=source,
    )


def plan_density(programme: Programme, built: tuple[Dwellings, ...]) -> Density:
    """Return the density of a plan on its own site, as far as ``built``; without other floor MXI is not known."""
    homes = sum(row.total_floor_area for row in built)
    only_homes = programme.other_floor_area is None
    return density_of(
        programme.site_area,
        dwellings=sum(row.number for row in built),
        floor_area=homes + (programme.other_floor_area or 0.0),
        footprint=_footprint(programme, built),
        dwelling_floor_area=None if only_homes else homes,
        source=HOMES_ONLY if only_homes else WHOLE_PLAN,
    )


def wijk_density(area: float, stock: Stock, programme: Programme | None, built: tuple[Dwellings, ...]) -> Density:
    """Return the density of a whole area with its stock and what is built in it."""
    other = 0.0 if programme is None else programme.other_floor_area or 0.0
    homes = sum(row.total_floor_area for row in built)
    footprint = 0.0 if programme is None else _footprint(programme, built)
    return density_of(
        area,
        dwellings=None if stock.dwellings is None else stock.dwellings + sum(row.number for row in built),
        floor_area=None if stock.floor_area is None else stock.floor_area + homes + other,
        footprint=None if footprint is None else stock.footprint + footprint,
        dwelling_floor_area=None if stock.dwelling_floor_area is None else stock.dwelling_floor_area + homes,
        source=Text(
            nl=f"{stock.source}; {stock.floor_estimated:.0%} van het vloeroppervlak is geschat uit de hoogte",
            en=f"{stock.source}; {stock.floor_estimated:.0%} of the floor is estimated from the height",
        ),
    )


def _footprint(programme: Programme, built: tuple[Dwellings, ...]) -> float | None:
    """Return the ground under new buildings; None when storeys are missing, or the ground of other floor is."""
    grounds = [row.footprint for row in built]
    if programme.other_floor_area is not None and programme.other_footprint is None:
        return None
    known = [ground for ground in grounds if ground is not None]
    return sum(known) + (programme.other_footprint or 0.0) if len(known) == len(grounds) else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
