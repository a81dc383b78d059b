"""One table that brings every spelling of the BGT to the standard topography columns.

The same attribute is spelled four ways: CityGML ``plus-fysiekVoorkomenWegdeel``, the lower case columns that
ogr2ogr makes of it, ``plus_fysiek_voorkomen`` of PDOK's GeoPackage and OGC API, and ``plus-fysiekVoorkomen`` of
gmllight. Folded to bare letters they differ little, so the table holds folded names only.

Sources: Gegevenscatalogus IMGeo 2.1.1 and 2.2 (Geonovum), BGT|IMGeo GML schemas, and PDOK's BGT collections.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from morgen.sources.bgt.themes import THEME_TITLES

__all__ = [
    "COLUMN_SPELLINGS",
    "NOT_BGT",
    "UNKNOWN_WORDS",
    "fold",
    "is_known_column",
    "spellings_of",
    "theme_of",
]

CITYGML_CLASSES: Mapping[str, str] = MappingProxyType(
    {
        "trafficarea": "wegdeel",
        "auxiliarytrafficarea": "ondersteunendwegdeel",
        "plantcover": "begroeidterreindeel",
        "buildingpart": "pand",
        "building": "pand",
        "buildinginstallation": "gebouwinstallatie",
        "bridgeconstructionelement": "overbruggingsdeel",
        "tunnelpart": "tunneldeel",
        "railway": "spoor",
        "solitaryvegetationobject": "vegetatieobject",
    }
)
"""Classes that IMGeo has from CityGML, under their English names; deliveries of 2015 named their layers so."""

COLUMN_SPELLINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "object_id": ("lokaalid", "gmlid"),
        "function": (
            *("function", "functie", "bgtfunctie", "class", "klasse"),
            *("bgttype", "type", "typeoverbruggingsdeel", "openbareruimtetype"),
        ),
        "surface": ("surfacematerial", "fysiekvoorkomen", "bgtfysiekvoorkomen"),
        "plus_function": (
            *("plusfunctie", "plusfunctiewegdeel", "plusfunctieondersteunendwegdeel", "plusfunctiespoor"),
            "hoortbijtypeoverbrugging",
        ),
        "plus_surface": (
            *("plusfysiekvoorkomen", "plusfysiekvoorkomenwegdeel", "plusfysiekvoorkomenondersteunendwegdeel"),
            *("plustype", "plustypegebouwinstallatie"),
        ),
        "level": ("relatievehoogteligging",),
        "owner": ("bronhouder",),
        "registered_at": ("tijdstipregistratie",),
        "status": ("bgtstatus", "status"),
        "plus_status": ("plusstatus",),
        "bag_id": ("identificatiebagpnd", "bagpnd"),
        "ended_at": ("eindregistratie", "terminationdate", "objecteindtijd"),
        "published_at": ("lvpublicatiedatum",),
    }
)
"""Folded spellings per column, in order of preference.

``plus_status``, ``ended_at`` and ``published_at`` are used while reading and do not reach the standard form.
"""

UNKNOWN_WORDS: frozenset[str] = frozenset({"waardeonbekend", "geenwaarde", "none", "null", "nan"})
"""VoidReasonValue of IMGeo, folded: the owner does not know it, or there is nothing to know."""

NOT_BGT = "niet-bgt"
"""Function or type of an object that IMGeo has and the BGT has not; what it is stands in the plus part."""

GEOMETRY_SUFFIX = re.compile(r"_(punt|lijn|vlak|p|l|v)$")
"""PDOK cuts an object type of mixed geometry in collections such as ``kunstwerkdeel_vlak``."""

_KNOWN_COLUMNS = frozenset(spelling for spellings in COLUMN_SPELLINGS.values() for spelling in spellings)


@lru_cache(maxsize=8192)
def fold(name: str) -> str:
    """Return ``name`` as bare lower case letters and digits, without gmllight's path before the last dot."""
    return re.sub(r"[^a-z0-9]", "", name.rpartition(".")[2].lower())


def is_known_column(name: str) -> bool:
    """Whether a column or element name carries something that the standard form needs."""
    return fold(name) in _KNOWN_COLUMNS


def spellings_of(column: str, *, theme: str) -> tuple[str, ...]:
    """Return the folded spellings of ``column`` for objects of ``theme``.

    The 'class' of a begroeid terreindeel is its fysiek voorkomen; of all other objects it is the function.
    """
    spellings = COLUMN_SPELLINGS[column]
    if theme == "begroeidterreindeel":
        if column == "function":
            return tuple(spelling for spelling in spellings if spelling not in {"class", "klasse"})
        if column == "surface":
            return (*spellings, "class", "klasse")
    return spellings


def theme_of(name: str) -> str:
    """Return the theme that a layer, class, collection or file name stands for; empty when it is none.

    >>> theme_of("bgt_wegdeel"), theme_of("TrafficArea"), theme_of("kunstwerkdeel_vlak"), theme_of("streets")
    ('wegdeel', 'wegdeel', 'kunstwerkdeel', '')
    """
    word = GEOMETRY_SUFFIX.sub("", name.rpartition(":")[2].lower())
    folded = re.sub(r"[^a-z]", "", word).removeprefix("bgt")
    theme = CITYGML_CLASSES.get(folded, folded)
    return theme if theme in THEME_TITLES else ""
