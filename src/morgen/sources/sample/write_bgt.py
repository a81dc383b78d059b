"""BGT: one GeoPackage with a layer for each object type, in the spelling of the PDOK download."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import shapely

from morgen.sources.sample.cover import Cover
from morgen.sources.sample.frame import NAME, OWNER, REGISTERED, key
from morgen.sources.sample.geopackage import write_geopackage
from morgen.sources.sample.scene import Scene

__all__ = ["write_bgt"]

Row = dict[str, Any]

PUBLISHED = "2024-03-02T03:12:00.000"
EARLIER = "2019-06-12T09:30:00.000"
POINT_THEMES = ("vegetatieobject", "put")
HISTORIC = {"wegdeel": 4, "begroeidterreindeel": 3, "pand": 2, "vegetatieobject": 5}
"""How many objects of a type also have a former version in the file, as real deliveries do."""


def write_bgt(folder: Path, scene: Scene, *, seed: int) -> Path:
    """Write ``bgt_voorbeelddorp.gpkg``: the partition (level 0), the bridge decks (level 1), trees and gullies."""
    import geopandas

    numbers = {building.number: building.house_number for building in scene.buildings}
    objects: dict[str, list[tuple[Row, Any]]] = defaultdict(list)
    for theme, columns, shape in _objects(scene, numbers):
        rank = len(objects[theme])
        objects[theme].append((_common(theme, rank, seed) | columns, shape))
    layers, types = {}, {}
    for theme in sorted(objects):
        rows = [*objects[theme], *_former(objects[theme][: HISTORIC.get(theme, 0)])]
        shapes = [shape for _, shape in rows]
        frame = geopandas.GeoDataFrame([row for row, _ in rows], geometry=shapes, crs="EPSG:28992")
        layers[f"bgt_{theme}"] = frame.astype({"relatievehoogteligging": "int32"})
        types[f"bgt_{theme}"] = "Point" if theme in POINT_THEMES else "MultiPolygon"
    return write_geopackage(folder / f"bgt_{NAME.lower()}.gpkg", layers, types=types)


def _common(theme: str, rank: int, seed: int) -> Row:
    identity = key("bgt", seed, theme, rank)
    return {
        "gml_id": f"b{identity}",
        "creationdate": "2018-05-14",
        "lv_publicatiedatum": PUBLISHED,
        "relatievehoogteligging": 0,
        "inonderzoek": False,
        "tijdstipregistratie": REGISTERED,
        "namespace": "NL.IMGeo",
        "lokaalid": f"{OWNER}.{identity}",
        "bronhouder": OWNER,
        "bgt_status": "bestaand",
        "plus_status": "geenWaarde",
        "eindregistratie": None,
        "terminationdate": None,
    }


def _objects(scene: Scene, numbers: dict[str, str]) -> Iterator[tuple[str, Row, Any]]:
    """Yield (object type, its own columns, geometry) of everything in the delivery."""
    for piece in scene.pieces:
        cover = piece.claim.cover
        columns = _own_columns(cover)
        if cover.theme == "pand":
            columns |= {"identificatiebagpnd": piece.claim.number, "tekst": numbers[piece.claim.number] or None}
        yield cover.theme, columns, shapely.MultiPolygon([piece.shape])
    for deck in scene.decks:
        shape = shapely.set_precision(deck.shape, 0.001)
        for part in shapely.get_parts(shape):
            columns = _own_columns(deck.cover) | {"relatievehoogteligging": 1}
            yield deck.cover.theme, columns, shapely.MultiPolygon([part])
    for tree in scene.trees:
        yield "vegetatieobject", {"class": "niet-bgt", "plus_type": "boom"}, tree.point
    for gully in scene.gullies:
        yield "put", {"function": "niet-bgt", "plus_type": "kolk"}, gully


def _own_columns(cover: Cover) -> Row:
    """Return the columns that only this object type has, in the spelling of its layer."""
    theme, unknown = cover.theme, "waardeOnbekend"
    by_theme: dict[str, Row] = {
        "wegdeel": {
            "function": cover.function,
            "surfacematerial": cover.surface,
            "wegdeeloptalud": False,
            "plus_fysiekvoorkomenwegdeel": cover.plus,
            "plus_functiewegdeel": unknown,
        },
        "ondersteunendwegdeel": {
            "function": cover.function,
            "surfacematerial": cover.surface,
            "ondersteunendwegdeeloptalud": False,
            "plus_functieondersteunendwegdeel": unknown,
            "plus_fysiekvoorkomenondersteunendwegdeel": cover.plus,
        },
        "begroeidterreindeel": {
            "class": cover.surface,
            "begroeidterreindeeloptalud": False,
            "plus_fysiekvoorkomen": cover.plus,
        },
        "onbegroeidterreindeel": {
            "bgt_fysiekvoorkomen": cover.surface,
            "onbegroeidterreindeeloptalud": False,
            "plus_fysiekvoorkomen": cover.plus,
        },
        "overbruggingsdeel": {
            "class": cover.function,
            "overbruggingisbeweegbaar": False,
            "hoortbijtypeoverbrugging": "brug",
        },
        "waterdeel": {"class": cover.function, "plus_type": cover.plus},
        "ondersteunendwaterdeel": {"class": cover.function, "plus_type": cover.plus},
        "scheiding": {"bgt_type": cover.function, "plus_type": cover.plus},
        "pand": {
            "plaatsingspunt": None,
            "hoek": None,
            "identificatiebagvbolaagstehuisnummer": None,
            "identificatiebagvbohoogstehuisnummer": None,
        },
    }
    return dict(by_theme[theme])


def _former(current: list[tuple[Row, Any]]) -> list[tuple[Row, Any]]:
    """Return the version that each object had before: same lokaalID, ended when the current one began."""
    return [
        (
            row
            | {
                "gml_id": f"b{key('former', row['gml_id'])}",
                "tijdstipregistratie": EARLIER,
                "eindregistratie": REGISTERED,
            },
            shape,
        )
        for row, shape in current
    ]
