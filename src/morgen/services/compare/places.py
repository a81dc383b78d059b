"""Who gains and who loses: buildings and streets of two runs, matched by their ids."""

from typing import TYPE_CHECKING, Final

import numpy as np

from morgen.services.compare.comparison import PlaceChange, PlaceChanges
from morgen.services.result import RunResult

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

__all__ = ["building_changes", "named_streets", "place_changes", "street_changes"]

BESIDE: Final = 12.0
"""How far a road part may lie from the line of the street that it is called after, m."""
WORSE, BETTER = ("wet", "deeper"), ("dry", "shallower")


def building_changes(base: RunResult, other: RunResult, *, floor: float) -> PlaceChanges | None:
    """Compare the largest depth at façades; None when one of the runs has no buildings. ``floor`` is in m."""
    if any("buildings" not in run.outputs for run in (base, other)):
        return None
    frames = [run.output("buildings").to_geopandas() for run in (base, other)]
    tables = [_table(frame, "object_id", "bag_id") for frame in frames]
    return place_changes(*tables, threshold=_threshold(base, "facade_low"), floor=floor)


def street_changes(base: RunResult, other: RunResult, *, floor: float) -> PlaceChanges | None:
    """Compare the largest depth on streets, by name where the situation knows names, else by road part."""
    if any("roads" not in run.outputs for run in (base, other)):
        return None
    frames = [run.output("roads").to_geopandas() for run in (base, other)]
    situation = base.situation
    paths = situation.features("paths") if situation.has("paths") else None
    tables = [_table(named_streets(frame, paths), "place", "function") for frame in frames]
    return place_changes(*tables, threshold=_threshold(base, "road_low"), floor=floor)


def named_streets(roads: "GeoDataFrame", paths: "GeoDataFrame | None") -> "GeoDataFrame":
    """Return the road parts with a column ``place``: the nearest named street within 12 m, else the object_id.

    ``paths`` has lines with a column ``street`` (empty when unknown); None for a situation without names.
    """
    import shapely

    place = roads["object_id"].astype(str).to_numpy(dtype=object)
    if paths is not None and len(paths) and len(roads):
        names = paths["street"].fillna("").astype(str).to_numpy()
        named = names != ""
        tree = shapely.STRtree(paths.geometry.to_numpy()[named])
        points = roads.geometry.representative_point().to_numpy()
        rows, lines = tree.query_nearest(points, max_distance=BESIDE, all_matches=False)
        place[rows] = names[named][lines]
    return roads.assign(place=place)


def place_changes(
    before: "pd.DataFrame", after: "pd.DataFrame", *, threshold: float, floor: float
) -> PlaceChanges:
    """Compare two tables by their index: columns ``depth`` (m, NaN when unknown), ``kind``, ``x`` and ``y``.

    A place changes only when its depth does by more than ``floor``, so a place that a hair's breadth took over the
    threshold counts as unchanged.
    """
    both = before.join(after["depth"].rename("depth_after"), how="inner")
    known = both.dropna(subset=["depth", "depth_after"])
    one, two = (known[name].to_numpy(dtype=np.float64) for name in ("depth", "depth_after"))
    change = _change(one, two, threshold=threshold, floor=floor)
    places = [
        PlaceChange(
            id=str(name), kind=kind, coordinates=(x, y), base=_m(b), other=_m(o), difference=_m(o - b), change=what
        )
        for name, kind, x, y, b, o, what in zip(
            known.index, known["kind"], known["x"], known["y"], one, two, change, strict=True
        )
        if what
    ]
    count = {what: int((change == what).sum()) for what in (*WORSE, *BETTER)}
    return PlaceChanges(
        threshold=threshold,
        **count,
        unchanged=len(known) - sum(count.values()),
        unknown=len(both) - len(known),
        only_base=len(before) - len(both),
        only_other=len(after) - len(both),
        losers=tuple(sorted((item for item in places if item.change in WORSE), key=_worst_first)),
        gainers=tuple(sorted((item for item in places if item.change in BETTER), key=_worst_first)),
    )


def _change(one: "np.ndarray", two: "np.ndarray", *, threshold: float, floor: float) -> "np.ndarray":
    """Return what happened to each place, an empty text when it is nothing."""
    # As the models do it: a threshold in single precision, on depths in single precision.
    was, now = (depth >= np.float32(threshold) for depth in (one, two))
    rose, fell = two - one > floor, one - two > floor
    chosen = [rose & ~was & now, fell & was & ~now, rose, fell]
    return np.select(chosen, ["wet", "dry", "deeper", "shallower"], default="")


def _worst_first(item: PlaceChange) -> tuple[bool, float]:
    return item.change not in {"wet", "dry"}, -abs(item.difference)


def _table(frame: "GeoDataFrame", name: str, kind: str) -> "pd.DataFrame":
    """Return one row per place with its largest depth; pieces of one place go together."""
    import pandas as pd

    points = frame.geometry.representative_point()
    table = pd.DataFrame(
        {
            "place": frame[name].astype(str),
            "depth": frame["max_depth"].replace(-np.inf, np.nan),
            "kind": frame[kind].fillna("").astype(str),
            "x": points.x.round(2),
            "y": points.y.round(2),
        }
    )
    # The deepest piece tells where and of what kind it is.
    deepest = table.sort_values("depth", ascending=False, na_position="last", kind="stable")
    return deepest.drop_duplicates("place").set_index("place").sort_index()


def _threshold(run: RunResult, parameter: str) -> float:
    """Return the threshold of the base run, m; 0 for a model without one: then any water counts."""
    return float(run.run.manifest.parameters.get(parameter, 0.0))


def _m(depth: float) -> float:
    return round(float(depth), 6)
