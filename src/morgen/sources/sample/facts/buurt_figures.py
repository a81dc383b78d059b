"""The figures of CBS of each area: people, households, dwellings, cars, ground and distances to places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from morgen.sources.sample.facts.cbs_columns import DISTANCES
from morgen.sources.sample.facts.population import SINGLE
from morgen.sources.sample.facts.settlement import CORPORATION, OTHER_LANDLORD, OWNER
from morgen.sources.sample.facts.tally import SECRET, Tally, percentages, rounded

__all__ = ["Neighbourhood", "Surroundings", "Way", "figures", "urbanity"]

Values = npt.NDArray[np.float64]

LEAST_PEOPLE = 50
"""Percentages of people are given from this number of inhabitants."""
LEAST_HOUSEHOLDS = 10
LEAST_DWELLINGS = 20
"""Figures on dwellings are given from this number."""
LEAST_COUNTED = 10
"""Below this number of inhabitants every count of people is held back."""
DENSITIES = (2500, 1500, 1000, 500)
"""Addresses a km2 from which urbanity is 1, 2, 3 and 4 (CBS, stedelijkheid); below it is 5."""


@dataclass(frozen=True)
class Neighbourhood:
    """Ground of one area."""

    hectares: float
    water: float
    """ha."""


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What lies around the dwellings."""

    density: Values
    """Addresses a km2 within 1 km of each dwelling (omgevingsadressendichtheid)."""
    ways: Mapping[str, "Way"]
    """By kind of place in ``DISTANCES``."""


@dataclass(frozen=True, eq=False)
class Way:
    """How far the places of one kind are from each dwelling."""

    nearest: Values
    """Way over the road to the nearest, km."""
    within: Mapping[int, Values]
    """Number of places by distance, km."""


def figures(tally: Tally, ground: Sequence[Neighbourhood], around: Surroundings) -> list[dict[str, Any]]:
    """Return the columns that the sample fills for each area; the others are held back as CBS does."""
    return [
        _people(tally, area)
        | _households(tally, area)
        | _dwellings(tally, area)
        | _cars(tally, area, ground[area])
        | _ground(tally, area, ground[area])
        | _surroundings(tally, area, around)
        for area in range(tally.areas)
    ]


def urbanity(density: float) -> int:
    """Return the class of urbanity, 1 (very strong) to 5 (none)."""
    return 1 + sum(density < bound for bound in DENSITIES)


def _people(tally: Tally, area: int) -> dict[str, Any]:
    women = tally.people(tally.settlement.population.woman)[area]
    people = tally.people()[area]
    ages = [f"percentage_personen_{band}_jaar" for band in ("0_tot_15", "15_tot_25", "25_tot_45", "45_tot_65")]
    ages.append("percentage_personen_65_jaar_en_ouder")
    counts = {
        "aantal_inwoners": rounded(people),
        "mannen": rounded(people - women),
        "vrouwen": rounded(women),
    }
    if people < LEAST_COUNTED:
        return dict.fromkeys([*counts, *ages], SECRET)
    if people < LEAST_PEOPLE:
        return counts | dict.fromkeys(ages, SECRET)
    return counts | dict(zip(ages, percentages(list(tally.by_age[area])), strict=True))


def _households(tally: Tally, area: int) -> dict[str, Any]:
    settlement = tally.settlement
    total = tally.households()[area]
    if total < LEAST_HOUSEHOLDS:
        return {"aantal_huishoudens": SECRET if tally.people()[area] < LEAST_COUNTED else rounded(total)}
    kinds = (settlement.population.kind == SINGLE, settlement.is_couple, settlement.has_children)
    single, without, with_children = percentages([tally.households(which)[area] for which in kinds])
    return {
        "aantal_huishoudens": rounded(total),
        "percentage_eenpersoonshuishoudens": single,
        "percentage_huishoudens_zonder_kinderen": without,
        "percentage_huishoudens_met_kinderen": with_children,
        "gemiddelde_huishoudsgrootte": round(float(tally.people()[area] / total), 1),
    }


def _dwellings(tally: Tally, area: int) -> dict[str, Any]:
    settlement, total = tally.settlement, tally.dwellings()[area]
    if total < LEAST_DWELLINGS:
        return {"woningvoorraad": int(total)}
    flats = tally.dwellings(settlement.is_flat)[area]
    new = tally.dwellings(settlement.year >= 2000)[area]  # noqa: PLR2004  the bound of the column
    single, multiple = percentages([total - flats, flats])
    lived_in, empty = percentages([tally.households()[area], total - tally.households()[area]])
    kinds = (OWNER, CORPORATION, OTHER_LANDLORD)
    owner, corporation, other = percentages([tally.dwellings(settlement.tenure == kind)[area] for kind in kinds])
    old, recent = percentages([total - new, new])
    return {
        "woningvoorraad": int(total),
        "gemiddelde_woningwaarde": round(float(tally.dwellings(weight=settlement.worth)[area] / total)),
        "percentage_eengezinswoning": single,
        "percentage_meergezinswoning": multiple,
        "percentage_bewoond": lived_in,
        "percentage_onbewoond": empty,
        "percentage_koopwoningen": owner,
        "percentage_huurwoningen": corporation + other,
        "perc_huurwoningen_in_bezit_woningcorporaties": corporation,
        "perc_huurwoningen_in_bezit_overige_verhuurders": other,
        "percentage_woningen_met_eigendom_onbekend": 0,
        "percentage_bouwjaarklasse_tot_2000": old,
        "percentage_bouwjaarklasse_vanaf_2000": recent,
        "gemiddeld_gasverbruik_totaal": round(float(tally.dwellings(weight=settlement.gas)[area] / total), -1),
        "gemiddeld_elektriciteitsverbruik_totaal": round(
            float(tally.dwellings(weight=settlement.power)[area] / total), -1
        ),
        "percentage_woningen_met_stadsverwarming": 0,
    }


def _cars(tally: Tally, area: int, ground: Neighbourhood) -> dict[str, Any]:
    households, land = tally.households()[area], (ground.hectares - ground.water) / 100
    if households < LEAST_HOUSEHOLDS:
        return {}
    cars = tally.households(weight=tally.settlement.cars)[area]
    return {
        "personenautos_totaal": rounded(cars),
        "personenautos_per_huishouden": round(float(cars / households), 1),
        "personenautos_per_km2": round(float(cars / land)),
    }


def _ground(tally: Tally, area: int, ground: Neighbourhood) -> dict[str, Any]:
    """Return the areas; the density is that of inhabitants as published on the land, as CBS does it."""
    people, land = tally.people()[area], ground.hectares - ground.water
    return {
        "bevolkingsdichtheid_inwoners_per_km2": (
            SECRET if people < LEAST_COUNTED else round(rounded(people) / land * 100)
        ),
        "oppervlakte_totaal_in_ha": round(ground.hectares),
        "oppervlakte_land_in_ha": round(land),
        "oppervlakte_water_in_ha": round(ground.hectares) - round(land),
    }


def _surroundings(tally: Tally, area: int, around: Surroundings) -> dict[str, Any]:
    here = tally.area == area
    if not here.any():
        return {}
    density = round(float(around.density[here].mean()))
    row: dict[str, Any] = {
        "omgevingsadressendichtheid": density,
        "stedelijkheid_adressen_per_km2": urbanity(density),
    }
    if tally.people()[area] < LEAST_COUNTED:
        return row
    for kind, way in around.ways.items():
        column, stem, _ = DISTANCES[kind]
        row[column] = round(float(way.nearest[here].mean()), 1)
        row |= {f"{stem}_{radius}_km": round(float(count[here].mean()), 1) for radius, count in way.within.items()}
    return row
