"""Residents over dwellings: a number per home from what CBS publishes, marked where it is guessed.

A square or buurt that CBS holds back is unknown, not zero. Its homes get the average of their buurt, or else that
of the country, and are marked. They do not get what is left of a total after subtracting the other squares: that
would give back the very number that was held back. A square below the threshold of disclosure is treated as held
back too, so that no small group can be read off.
"""

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from morgen.core.disclosure import THRESHOLD

if TYPE_CHECKING:
    import geopandas

__all__ = ["RESIDENT_COLUMNS", "homes_of", "spread"]

Floats = npt.NDArray[np.float64]

RESIDENT_COLUMNS: Final[dict[str, str]] = {
    "home_id": "verblijfsobject or pand, 16 digits as text; the id of the square where no dwelling is known",
    "dwellings": "how many dwellings the row stands for",
    "residents": "people, a fraction",
    "imputed": "whether the number of its square or buurt is held back, so that an average stands here",
    "basis": "'square', 'buurt', 'buurten around' or 'country': whose average it is",
    "area_id": "code of that square or buurt; empty for the last two",
    "source_id": "the source that the number comes from; empty for the last two",
    "geometry": "Point, RD New",
}
"""Columns of the layer ``residents``, one row per home."""

PER_DWELLING: Final = 2.1
"""People per dwelling of the country, indicative: 17.8 million people, 8.2 million dwellings (CBS, 2023)."""
DWELLING: Final = "woonfunctie"
SQUARE, BUURT, AROUND, COUNTRY = "square", "buurt", "buurten around", "country"
DWELLING_FLOOR: Final = 120.0
"""Gross m2 per dwelling where only buildings are known; it only divides a total within a square or buurt."""
STOREY: Final = 3.0
"""m"""


def homes_of(
    addresses: "geopandas.GeoDataFrame | None", buildings: "geopandas.GeoDataFrame | None"
) -> "geopandas.GeoDataFrame":
    """Return where people can live: ``home_id``, ``dwellings``, point. Addresses of dwellings, or else buildings.

    ``addresses`` have ADDRESS_COLUMNS. A building counts by its floors when nothing else is known.
    """
    import geopandas as gpd
    import pandas as pd

    if addresses is not None and len(addresses):
        lived = addresses[addresses["use"].str.contains(DWELLING, regex=False)]
        columns = {"home_id": lived["bag_id"], "dwellings": np.ones(len(lived))}
        return gpd.GeoDataFrame(columns, geometry=lived.geometry, crs="EPSG:28992").reset_index(drop=True)
    if buildings is None or not len(buildings):
        nothing = {"home_id": pd.Series([], dtype="str"), "dwellings": pd.Series([], dtype="float64")}
        return gpd.GeoDataFrame(nothing, geometry=gpd.GeoSeries([], crs="EPSG:28992"))
    lived = buildings[buildings["use"].str.contains(DWELLING, regex=False)]
    storeys = np.maximum(1.0, np.round(lived["height"].astype(float).fillna(STOREY) / STOREY))
    amount = np.maximum(1.0, np.round(lived.geometry.area * storeys / DWELLING_FLOOR))
    identity = lived["bag_id"].where(lived["bag_id"] != "", lived["object_id"])
    columns = {"home_id": identity.astype("str"), "dwellings": amount.astype(float)}
    return gpd.GeoDataFrame(columns, geometry=lived.geometry.representative_point(), crs="EPSG:28992").reset_index(
        drop=True
    )


def spread(
    population: "geopandas.GeoDataFrame", homes: "geopandas.GeoDataFrame", *, threshold: int = THRESHOLD
) -> "geopandas.GeoDataFrame":
    """Return the ``residents`` layer: homes with their share of the people of their square, or else buurt.

    ``population`` has POPULATION_COLUMNS and ``source_id``; ``homes`` come from ``homes_of``. The smallest area
    that publishes at least ``threshold`` residents counts. A square whose people have no home on the map keeps
    them in its middle. People are fractions.
    """
    import pandas as pd

    squares, buurten = (population[population["kind"] == kind].reset_index(drop=True) for kind in (SQUARE, BUURT))
    in_square, in_buurt = _inside(homes, squares), _inside(homes, buurten)
    amount = homes["dwellings"].to_numpy(dtype=np.float64)
    per_square = _average(squares, in_square, amount, threshold)
    per_buurt = _average(buurten, in_buurt, amount, threshold)
    around = _around(buurten, in_buurt, amount, threshold)
    table = pd.DataFrame({"home_id": homes["home_id"], "dwellings": amount})
    known_square, known_buurt = np.isfinite(per_square), np.isfinite(per_buurt)
    table["residents"] = amount * np.select([known_square, known_buurt], [per_square, per_buurt], around[0])
    # Held back is only what was asked: with buurten alone a home in a known buurt has no guess.
    table["imputed"] = ~known_square & (~known_buurt if not len(squares) else True)
    table["basis"] = np.select([known_square, known_buurt], [SQUARE, BUURT], around[1])
    table["area_id"] = _of(
        squares, in_square, known_square, "area_id", _of(buurten, in_buurt, known_buurt, "area_id")
    )
    table["source_id"] = _of(
        squares, in_square, known_square, "source_id", _of(buurten, in_buurt, known_buurt, "source_id")
    )
    return _layer(table, homes.geometry.to_numpy(), _homeless(squares, in_square, threshold))


def _inside(homes: "geopandas.GeoDataFrame", areas: "geopandas.GeoDataFrame") -> npt.NDArray[np.int64]:
    """Return for each home the row of the smallest area that it lies in; -1 for none."""
    found = np.full(len(homes), -1, dtype=np.int64)
    if not len(areas) or not len(homes):
        return found
    shapes = areas.geometry.to_numpy()
    home, area = shapely.STRtree(shapes).query(homes.geometry.to_numpy(), predicate="intersects")
    largest_first = np.argsort(-shapely.area(shapes[area]), kind="stable")
    found[home[largest_first]] = area[largest_first]
    return found


def _average(areas: Any, inside: npt.NDArray[np.int64], amount: Floats, threshold: int) -> Floats:
    """Return people per dwelling of the area of each home; NaN where it publishes none, or too few."""
    if not len(areas):
        return np.full(len(inside), np.nan)
    people = areas["residents"].to_numpy(dtype=np.float64)
    held = np.where(people >= threshold, people, np.nan)
    own = np.bincount(inside[inside >= 0], weights=amount[inside >= 0], minlength=len(areas))
    stated = areas["dwellings"].to_numpy(dtype=np.float64)
    # A buurt that sticks out of what was read has more dwellings than the map; CBS tells how many.
    homes = np.where(np.isfinite(stated) & (areas["kind"] == BUURT), np.fmax(stated, own), own)
    with np.errstate(invalid="ignore", divide="ignore"):
        average = np.where(homes > 0, held / homes, np.nan)
    return np.where(inside >= 0, average[inside], np.nan)


def _around(buurten: Any, inside: npt.NDArray[np.int64], amount: Floats, threshold: int) -> tuple[float, str]:
    """Return people per dwelling of all buurten that publish them together, or else of the country."""
    per_home = _average(buurten, inside, amount, threshold)
    known = np.isfinite(per_home)
    if not known.any():
        return PER_DWELLING, COUNTRY
    return float(np.average(per_home[known], weights=amount[known])), AROUND


def _of(areas: Any, inside: Any, known: Any, column: str, other: Any = "") -> Any:
    if not len(areas):
        return np.where(known, "", other)
    return np.where(known, areas[column].to_numpy(dtype=object)[inside], other)


def _homeless(squares: Any, inside: npt.NDArray[np.int64], threshold: int) -> Any:
    """Return the squares that publish people but hold no home of the map."""
    if not len(squares):
        return squares
    empty = np.bincount(inside[inside >= 0], minlength=len(squares)) == 0
    return squares[empty & (squares["residents"] >= threshold).to_numpy()]


def _layer(table: Any, points: Any, homeless: Any) -> "geopandas.GeoDataFrame":
    import geopandas as gpd
    import pandas as pd

    if len(homeless):
        middle = {
            "home_id": homeless["area_id"],
            "dwellings": 0.0,
            "residents": homeless["residents"],
            "imputed": False,
            "basis": SQUARE,
            "area_id": homeless["area_id"],
            "source_id": homeless["source_id"],
        }
        table = pd.concat([table, pd.DataFrame(middle)], ignore_index=True)
        points = np.concatenate([points, shapely.centroid(homeless.geometry.to_numpy())])
    texts = dict.fromkeys(("home_id", "basis", "area_id", "source_id"), "str")
    typed = table.astype({"dwellings": "float64", "residents": "float64", "imputed": "bool", **texts})
    return gpd.GeoDataFrame(typed, geometry=points, crs="EPSG:28992")
