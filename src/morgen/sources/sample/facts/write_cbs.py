"""CBS: wijken en buurten with their figures, and the statistics of 100 m squares, as GeoPackage."""

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from morgen.sources.sample.facts.buurt_figures import Neighbourhood, Surroundings, figures, urbanity
from morgen.sources.sample.facts.cbs_columns import BUURT_COLUMNS, SQUARE_COLUMNS, columns_of_level, names_of_2021
from morgen.sources.sample.facts.population import COUPLE, FAMILY, SINGLE, SINGLE_PARENT
from morgen.sources.sample.facts.settlement import CORPORATION, OWNER, Settlement, district_of
from morgen.sources.sample.facts.tables import TEXT, Table, write_tables
from morgen.sources.sample.facts.tally import SECRET, STEP, Tally, percentages, rounded
from morgen.sources.sample.frame import MUNICIPALITY, NAME, key
from morgen.sources.sample.wijk import Wijk

__all__ = ["write_cut_buurten", "write_districts", "write_squares"]

Row = dict[str, Any]
Values = npt.NDArray[np.float64]

EDITION = 2023
SQUARE = 100.0
OLD_SECRET = -99999999
"""What the 2021 shapefile writes where a figure is held back."""
BUILT = (1945, 1965, 1975, 1985, 1995, 2005, 2015)
BUILT_COLUMNS = ("voor_1945", "45_tot_65", "65_tot_75", "75_tot_85", "85_tot_95", "95_tot_05", "05_tot_15")
AGES = ("0_tot_15_jaar", "15_tot_25_jaar", "25_tot_45_jaar", "45_tot_65_jaar", "65_jaar_en_ouder")
CLIPPED = 25.0
"""How much of the edge a shapefile that someone clipped has lost, m; its figures are of whole buurten."""
LEAST_DWELLINGS = 5
"""A square gives percentages and means of dwellings from this number."""


def write_districts(folder: Path, wijk: Wijk, settlement: Settlement, around: Surroundings) -> Path:
    """Write ``wijkenbuurten_2023.gpkg`` with the layers buurten, wijken and gemeenten."""
    tables = []
    for level in ("buurten", "wijken", "gemeenten"):
        rows = _level(level, wijk, settlement, around)
        tables.append(Table(level, columns_of_level(level), rows, "MultiPolygon"))
    return write_tables(folder / f"wijkenbuurten_{EDITION}.gpkg", tables)


def write_squares(folder: Path, settlement: Settlement, around: Surroundings) -> Path:
    """Write ``cbs_vk100_2023.gpkg``: the squares of 100 m in which someone lives, with their figures."""
    corners, ranks = np.unique(np.floor(settlement.points / SQUARE).astype(int), axis=0, return_inverse=True)
    tally = Tally(settlement, ranks.reshape(-1), len(corners))
    counts = _square_counts(tally)
    means = _square_means(tally, counts, around)
    rows = [
        dict.fromkeys(SQUARE_COLUMNS, SECRET)
        | {name: SECRET if count[rank] < STEP else rounded(count[rank]) for name, count in counts.items()}
        | means[rank]
        | {"crs28992res100m": f"E{east * 100}N{north * 100}", "geometry": _square(east, north)}
        for rank, (east, north) in enumerate(corners.tolist())
    ]
    path = folder / f"cbs_vk100_{EDITION}.gpkg"
    return write_tables(path, [Table("cbs_vk100", SQUARE_COLUMNS, rows, "MultiPolygon")])


def write_cut_buurten(folder: Path, wijk: Wijk, settlement: Settlement, around: Surroundings) -> list[Path]:
    """Write the buurten as the shapefile of 2021: cut names, clipped shapes, and -99999999 for no figure."""
    import geopandas as gpd
    import pandas as pd
    import pyogrio

    rows = _level("buurten", wijk, settlement, around)
    columns = {}
    for cut, name in names_of_2021().items():
        values = [_old_value(name, row) for row in rows]
        kind: Any = BUURT_COLUMNS.get(name, TEXT if name == "fuuid" else "Int64")
        columns[cut] = pd.Series(values, dtype="object").astype("Int64" if kind == "Int32" else kind)
    for name in ("gemiddeldInkomenPerInkomensontvanger", "gemiddeldInkomenPerInwoner"):
        columns[name] = columns[name].astype("Int64")
    clip = wijk.box.buffer(-CLIPPED, join_style="mitre")
    shapes = [row["geometry"].intersection(clip) for row in rows]
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:28992")
    path = folder / "statistiek_gebieden_buurten.shp"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # that names are cut is what is wanted
        pyogrio.write_dataframe(
            frame, path, driver="ESRI Shapefile", encoding="UTF-8", DBF_DATE_LAST_UPDATE=f"{EDITION}-12-31"
        )
    return sorted(folder.glob(f"{path.stem}.*"))


def _old_value(name: str, row: Mapping[str, Any]) -> Any:
    if name == "fuuid":
        identity = key("buurt", row["buurtcode"])
        parts = (identity[:8], identity[8:12], identity[12:16], identity[16:20], identity[20:])
        return f"buurten.{'-'.join(parts)}"
    value = row.get(name, SECRET)
    return OLD_SECRET if value == SECRET else value


def _level(level: str, wijk: Wijk, settlement: Settlement, around: Surroundings) -> list[Row]:
    """Return the rows of one layer: buurten as they are, wijken and the municipality as their unions."""
    districts = wijk.districts
    codes = {
        "buurten": [district.code for district in districts],
        "wijken": [district.wijk_code for district in districts],
        "gemeenten": [f"GM{MUNICIPALITY}"] * len(districts),
    }[level]
    areas = sorted(set(codes))
    of_district = np.array([areas.index(code) for code in codes])
    tally = Tally(settlement, of_district[district_of(districts, settlement.points)], len(areas))
    shapes = [
        shapely.union_all([each.shape for each, code in zip(districts, codes, strict=True) if code == area])
        for area in areas
    ]
    water = shapely.union_all([waterway.shape for waterway in wijk.waterways])
    ground = [Neighbourhood(shape.area / 1e4, shape.intersection(water).area / 1e4) for shape in shapes]
    known = figures(tally, ground, around)
    return [
        dict.fromkeys(_held_back(level), SECRET)
        | _identity(level, wijk, codes.index(area))
        | found
        | {"geometry": _multi(shape)}
        for area, shape, found in zip(areas, shapes, known, strict=True)
    ]


def _held_back(level: str) -> list[str]:
    return [name for name, kind in columns_of_level(level).items() if kind != TEXT]


def _identity(level: str, wijk: Wijk, rank: int) -> Row:
    """Return code and name of an area and of those it lies in, from one of its buurten."""
    district = wijk.districts[rank]
    row: Row = {
        "gemeentecode": f"GM{MUNICIPALITY}",
        "gemeentenaam": NAME,
        "water": "NEE",
        "jaar": EDITION,
        "indelingswijziging_wijken_en_buurten": 1,
    }
    if level != "gemeenten":
        row |= {"wijkcode": district.wijk_code, "wijknaam": district.wijk_name}
    if level == "buurten":
        row |= {"buurtcode": district.code, "buurtnaam": district.name, "dekkingspercentage": 1}
        row |= {"meest_voorkomende_postcode": MUNICIPALITY}
    code = {"buurten": "buurtcode", "wijken": "wijkcode", "gemeenten": "gemeentecode"}[level]
    return row | {"jrstatcode": f"{EDITION}{row[code]}"}


def _square_counts(tally: Tally) -> dict[str, Values]:
    """Return the exact counts of all squares by column."""
    settlement = tally.settlement
    women = tally.people(settlement.population.woman)
    built = np.digitize(settlement.year, BUILT)
    kind = settlement.population.kind
    return {
        "aantal_inwoners": tally.people(),
        "aantal_mannen": tally.people() - women,
        "aantal_vrouwen": women,
        **{f"aantal_inwoners_{band}": count for band, count in zip(AGES, tally.by_age.T, strict=True)},
        "aantal_part_huishoudens": tally.households(),
        "aantal_eenpersoonshuishoudens": tally.households(kind == SINGLE),
        "aantal_meerpersoonshuishoudens_zonder_kind": tally.households(kind == COUPLE),
        "aantal_eenouderhuishoudens": tally.households(kind == SINGLE_PARENT),
        "aantal_tweeouderhuishoudens": tally.households(kind == FAMILY),
        "aantal_woningen": tally.dwellings(),
        **{
            f"aantal_woningen_bouwjaar_{era}": tally.dwellings(built == index)
            for index, era in enumerate((*BUILT_COLUMNS, "15_en_later"))
        },
        "aantal_meergezins_woningen": tally.dwellings(settlement.is_flat),
        "aantal_huurwoningen_in_bezit_woningcorporaties": tally.dwellings(settlement.tenure == CORPORATION),
        "aantal_niet_bewoonde_woningen": tally.dwellings() - tally.households(),
    }


def _square_means(tally: Tally, counts: Mapping[str, Values], around: Surroundings) -> list[Row]:
    """Return the figures of each square that are no counts; few dwellings give none on themselves."""
    owned = tally.dwellings(tally.settlement.tenure == OWNER)
    worth = tally.dwellings(weight=tally.settlement.worth)
    density = tally.dwellings(weight=around.density) / tally.dwellings()
    rows: list[Row] = []
    for rank in range(tally.areas):
        row: Row = {
            "omgevingsadressendichtheid": round(float(density[rank])),
            "stedelijkheid": urbanity(density[rank]),
        }
        total, households = counts["aantal_woningen"][rank], counts["aantal_part_huishoudens"][rank]
        if min(total, households) >= LEAST_DWELLINGS:
            owner, tenant = percentages([owned[rank], total - owned[rank]])
            row |= {
                "gemiddelde_huishoudensgrootte": round(float(counts["aantal_inwoners"][rank] / households), 1),
                "percentage_koopwoningen": owner,
                "percentage_huurwoningen": tenant,
                "gemiddelde_woz_waarde_woning": round(float(worth[rank] / total)),
            }
        rows.append(row)
    return rows


def _square(east: int, north: int) -> shapely.MultiPolygon:
    x, y = east * SQUARE, north * SQUARE
    return shapely.MultiPolygon([shapely.box(x, y, x + SQUARE, y + SQUARE)])


def _multi(shape: Any) -> shapely.MultiPolygon:
    return shapely.MultiPolygon([part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon)])
