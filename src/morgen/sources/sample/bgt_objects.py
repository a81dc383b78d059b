"""The objects of the BGT delivery of one sheet, in the spelling of PDOK's database form, current and former."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from morgen.sources.sample.cover import Cover
from morgen.sources.sample.frame import OWNER, REGISTERED, key, street_number
from morgen.sources.sample.lines import along
from morgen.sources.sample.scene import Scene

__all__ = ["POINT_THEMES", "BgtObject", "objects_of"]

Row = dict[str, Any]

PUBLISHED = "2024-03-02T03:12:00.000"
EARLIER = "2019-06-12T09:30:00.000"
POINT_THEMES = ("vegetatieobject", "put", "paal", "openbareruimtelabel")
HISTORIC = {"wegdeel": 9, "begroeidterreindeel": 12, "pand": 16, "waterdeel": 3, "vegetatieobject": 14}
"""One in how many objects of a type has a former version in the file too, as real deliveries do."""
WATER_BOARD = "W9999"


@dataclass(frozen=True)
class BgtObject:
    """One version of one object."""

    theme: str
    columns: Mapping[str, Any]
    """By the lower case column of the database form."""
    shape: Any


def objects_of(scene: Scene, seed: int) -> Iterator[BgtObject]:
    """Yield everything in the delivery: per object type the current objects, then their former versions."""
    by_theme: dict[str, list[BgtObject]] = defaultdict(list)
    sheet = scene.planned.sheet.number
    for theme, columns, shape in _current(scene):
        rank = len(by_theme[theme])
        by_theme[theme].append(BgtObject(theme, _shared(theme, rank, seed, sheet) | columns, shape))
    for theme in sorted(by_theme):
        yield from by_theme[theme]
        if theme in HISTORIC:
            yield from (_former(item) for item in by_theme[theme][:: HISTORIC[theme]])


def _shared(theme: str, rank: int, seed: int, sheet: int) -> Row:
    identity = key("bgt", seed, sheet, theme, rank)
    owner = WATER_BOARD if theme in {"waterdeel", "ondersteunendwaterdeel"} else OWNER
    return {
        "gml_id": f"b{identity}",
        "creationdate": "2018-05-14",
        "lv_publicatiedatum": PUBLISHED,
        "relatievehoogteligging": 0,
        "inonderzoek": False,
        "tijdstipregistratie": REGISTERED,
        "namespace": "NL.IMGeo",
        "lokaalid": f"{owner}.{identity}",
        "bronhouder": owner,
        "bgt_status": "bestaand",
        "plus_status": "geenWaarde",
        "eindregistratie": None,
        "terminationdate": None,
    }


def _current(scene: Scene) -> Iterator[tuple[str, Row, Any]]:
    """Yield (object type, its own columns, geometry) of every current object."""
    doors = _house_numbers(scene)
    for piece in scene.pieces:
        cover = piece.claim.cover
        columns = _own_columns(cover)
        if cover.theme == "pand":
            columns |= {"identificatiebagpnd": piece.claim.number, **doors.get(piece.claim.number, NO_DOOR)}
        yield cover.theme, columns, piece.shape
    for deck in scene.decks:
        for part in shapely.get_parts(shapely.set_precision(deck.shape, 0.001)):
            yield deck.cover.theme, _own_columns(deck.cover) | {"relatievehoogteligging": 1}, part
    for tree in scene.trees:
        yield "vegetatieobject", {"class": "niet-bgt", "plus_type": "boom"}, tree.point
    for gully in scene.gullies:
        yield "put", {"function": "niet-bgt", "plus_type": "kolk"}, gully
    for lamp in scene.lamps:
        yield "paal", {"function": "niet-bgt", "plus_type": "lichtmast"}, lamp
    yield from _labels(scene)


NO_DOOR: Row = {
    "tekst": None,
    "plaatsingspunt": None,
    "hoek": None,
    "identificatiebagvbolaagstehuisnummer": None,
    "identificatiebagvbohoogstehuisnummer": None,
}


def _house_numbers(scene: Scene) -> dict[str, Row]:
    """Return the label of every pand with an address: its numbers, and where they are written."""
    doors: dict[str, list[Any]] = defaultdict(list)
    for residence in scene.planned.residences:
        doors[residence.pand].append(residence)
    labels = {}
    for pand, residences in doors.items():
        first, last = residences[0], residences[-1]
        text = str(first.house_number)
        if first is not last:
            text += f"-{last.house_number}"
        labels[pand] = {
            "tekst": text,
            "plaatsingspunt": f"{first.point.x:.3f} {first.point.y:.3f}",
            "hoek": "0.0",
            "identificatiebagvbolaagstehuisnummer": first.number,
            "identificatiebagvbohoogstehuisnummer": None if first is last else last.number,
        }
    return labels


def _labels(scene: Scene) -> Iterator[tuple[str, Row, Any]]:
    """Yield the name of every street that is long enough in the box."""
    window = shapely.box(*scene.planned.bounds)
    sheet = scene.planned.sheet
    for rank, street in enumerate(sheet.streets, start=1):
        middle, heading = along(street.line, street.line.length * 0.5)
        point = shapely.Point(np.round(middle, 3))
        if window.contains(point):
            angle = round(float(np.degrees(np.arctan2(heading[1], heading[0]))), 1)
            columns = {
                "identificatiebagopr": street_number(sheet.number, rank),
                "tekst": street.name,
                "hoek": angle,
                "openbareruimtetype": "Weg",
            }
            yield "openbareruimtelabel", columns, point


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
            "ondersteunendwegdeeloptalud": cover.relief == "slope",
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
        "pand": dict(NO_DOOR),
    }
    return dict(by_theme[theme])


def _former(current: BgtObject) -> BgtObject:
    """Return the version that an object had before: same lokaalID, ended when the current one began."""
    columns = {
        **current.columns,
        "gml_id": f"b{key('former', current.columns['gml_id'])}",
        "tijdstipregistratie": EARLIER,
        "eindregistratie": REGISTERED,
    }
    return BgtObject(current.theme, columns, current.shape)
