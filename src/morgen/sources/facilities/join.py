"""One table of facilities out of several registers: placed by their address, and each counted once."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from morgen.sources.contract import FACILITY_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas

__all__ = ["Joined", "join_facilities"]

COLUMNS = (*FACILITY_COLUMNS, "source_id")
SHOWN = 3
"""How many names a remark gives."""


@dataclass(frozen=True, eq=False)
class Joined:
    """Facilities with a point, and what was said of the others."""

    facilities: "geopandas.GeoDataFrame"
    """Columns of ``FACILITY_COLUMNS`` and ``source_id``; every row has a point."""
    remarks: dict[str, str]
    """Source id to one sentence on the rows of that source that could not be placed."""


def join_facilities(
    frames: "Sequence[geopandas.GeoDataFrame]",
    addresses: "geopandas.GeoDataFrame | None",
    *,
    box: tuple[float, float, float, float],
) -> Joined:
    """Place the rows of ``frames`` (FACILITY_COLUMNS and source_id) and count each facility once.

    A row without a point gets that of its verblijfsobject in ``addresses`` (ADDRESS_COLUMNS), by number or else
    by postcode and house number, and its floor area where it has none. Of rows of one kind at one
    verblijfsobject those of the first source stay (a practice may share its door with another one of the same
    list); what they do not know comes from the others. Rows with a postcode that no
    address has are of elsewhere; those that could be of here and cannot be placed are in the remarks.
    """
    import geopandas as gpd
    import pandas as pd

    filled = [frame[list(COLUMNS)] for frame in frames if len(frame)]
    if not filled:
        return Joined(_empty(), {})
    rows = pd.concat(filled, ignore_index=True)
    rows = _placed(rows, addresses)
    missing = rows.geometry.isna() | rows.geometry.is_empty
    remarks = _remarks(rows[missing], addresses)
    found = rows[~missing].cx[box[0] : box[2], box[1] : box[3]]
    return Joined(gpd.GeoDataFrame(_once(found), geometry="geometry", crs="EPSG:28992"), remarks)


def _placed(rows: Any, addresses: "geopandas.GeoDataFrame | None") -> Any:
    """Return the rows with number, point and floor area of their address where they lack them."""
    if addresses is None or not len(addresses):
        return rows
    rows = rows.copy()
    by_door = {
        (postcode, number): bag
        for postcode, number, bag in zip(
            addresses["postcode"], addresses["house_number"], addresses["bag_id"], strict=True
        )
        if postcode and number
    }
    known = set(addresses["bag_id"])
    rows["bag_id"] = [
        bag if bag in known or not postcode else by_door.get((postcode, number), bag)
        for bag, postcode, number in zip(rows["bag_id"], rows["postcode"], rows["house_number"], strict=True)
    ]
    homes = addresses.drop_duplicates("bag_id").set_index("bag_id")
    at = homes.reindex(rows["bag_id"])
    no_point = (rows.geometry.isna() | rows.geometry.is_empty).to_numpy()
    rows.geometry = np.where(no_point, at.geometry.to_numpy(), rows.geometry.to_numpy())
    rows["floor_area"] = rows["floor_area"].fillna(rows["bag_id"].map(homes["floor_area"]))
    for name in ("postcode", "house_number"):
        rows[name] = rows[name].where(rows[name] != "", rows["bag_id"].map(homes[name]).fillna(""))
    return rows


def _once(rows: Any) -> Any:
    """Return the rows of the first source for each kind and verblijfsobject; in the open air all rows."""
    import pandas as pd

    rows = rows.reset_index(drop=True)
    own = "row " + rows.index.astype(str)
    place = rows["bag_id"].where(rows["bag_id"] != "", own)
    kept: list[Any] = []
    for _, same in rows.groupby([rows["kind"], place], sort=False):
        first = same[same["source_id"] == same["source_id"].iloc[0]]
        kept.append(first if len(first) > 1 else _completed(first, same))
    if not kept:
        return _empty()
    return pd.concat(kept, ignore_index=True)


def _completed(row: Any, same: Any) -> Any:
    """Return the one row with what it does not know from the other registers of the same place."""
    row = row.copy()
    known = same[same["capacity"].notna()]
    if row["capacity"].isna().all() and len(known):
        row["capacity"] = known["capacity"].iloc[0]
        row["capacity_unit"] = known["capacity_unit"].iloc[0]
    row["floor_area"] = row["floor_area"].fillna(same["floor_area"].max())
    return row


def _remarks(lost: Any, addresses: "geopandas.GeoDataFrame | None") -> dict[str, str]:
    """Return by source what could not be placed though it may be of here."""
    if addresses is None or not len(addresses):
        return {
            source: f"{len(same)} places have an address only, and no linked source has addresses (BAG"
            " verblijfsobjecten); they were left out."
            for source, same in lost.groupby("source_id", sort=False)
        }
    here = {postcode[:4] for postcode in addresses["postcode"] if postcode}
    near = lost[lost["postcode"].str[:4].isin(here)]
    return {
        source: f"{len(same)} places with a postcode of here are at no address that was read"
        f" ({_named(same)}); they were left out."
        for source, same in near.groupby("source_id", sort=False)
    }


def _named(rows: Any) -> str:
    names = [name or identity for name, identity in zip(rows["name"], rows["facility_id"], strict=True)]
    return ", ".join(names[:SHOWN]) + (" ..." if len(names) > SHOWN else "")


def _empty() -> "geopandas.GeoDataFrame":
    from morgen.sources.facilities.place import to_frame

    return to_frame([]).assign(source_id="").reset_index(drop=True)
