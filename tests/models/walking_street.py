"""A street with homes, facilities and trees, in memory: a situation for tests of who walks where."""

from dataclasses import replace
from typing import Any

import geopandas
import numpy as np
import shapely

from morgen.core.noun import content_hash
from morgen.core.situation import Layer, LayerKind, Situation
from morgen.testing.situations import ORIGIN, building, ground, situation

LENGTH = 1_000.0
"""m of the street, with two homes of 6 people each 10 m north of it every 20 m."""


def frame(rows: dict[str, Any], shapes: list[Any]) -> geopandas.GeoDataFrame:
    moved = [shapely.transform(shape, lambda xy: xy + np.array(ORIGIN)) for shape in shapes]
    return geopandas.GeoDataFrame(rows, geometry=moved, crs="EPSG:28992")


def with_layers(base: Situation, **frames: geopandas.GeoDataFrame) -> Situation:
    """Return the situation with other feature layers."""

    def read(layer: Layer, grid: Any) -> Any:
        if layer.name in frames:
            return frames[layer.name].copy()
        assert base.reader is not None
        return base.reader(layer, grid)

    layers = dict(base.layers)
    for name, content in frames.items():
        text = content.to_json()
        digest = content_hash(text.encode())
        layers[name] = Layer(name=name, kind=LayerKind.FEATURES, title=name, sha256=digest, count=len(content))
    return replace(base, layers=layers, reader=read)


def street(*, facilities: list[tuple[str, float]], imputed: bool = False, off: float = 10.0) -> Situation:
    x = np.arange(10.0, LENGTH, 20.0)
    base = situation(
        np.zeros((40, 200)),
        cell_size=5.0,
        land_cover=[
            ground("onbegroeidterreindeel", shapely.box(0, 0, LENGTH, 100), surface="erf"),
            ground("begroeidterreindeel", shapely.box(0, 62, 200, 162), surface="groenvoorziening"),
        ],
        buildings=[building("0001100000000001", shapely.box(0, 55, 20, 65))],
    )
    line = shapely.LineString([(0, 50), (LENGTH, 50)])
    paths = frame(
        {"from_node": ["a"], "to_node": ["b"], "length": [LENGTH], "walkable": [True], "path_id": ["p"]}, [line]
    )
    residents = frame(
        {
            "home_id": [f"h{rank}" for rank in range(len(x))],
            "dwellings": np.full(len(x), 2.0),
            "residents": np.full(len(x), 12.0),
            "imputed": np.arange(len(x)) < (10 if imputed else 0),
        },
        [shapely.Point(at, 50 + off) for at in x],
    )
    places = frame(
        {"kind": [kind for kind, _ in facilities], "name": [""] * len(facilities)},
        [shapely.Point(at, 50) for _, at in facilities],
    )
    trees = frame({"object_id": ["1", "2", "3"]}, [shapely.Point(990, y) for y in (70, 72, 74)])
    return with_layers(base, paths=paths, residents=residents, facilities=places, trees=trees)
