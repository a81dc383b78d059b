"""The look of the maquette on paper: pastel ground, soft white buildings, water from light cyan to deep blue."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = [
    "BUILDING",
    "BUILDING_EDGE",
    "FALL_COLOURS",
    "GROUND",
    "GROUND_CLASSES",
    "HIT_COLOURS",
    "MEASURE",
    "PAPER",
    "RISE_COLOURS",
    "SHARE_CLASSES",
    "SHARE_COLOURS",
    "WATER",
    "GroundClass",
    "ground_class",
    "ground_colour",
]

PAPER = "#f6f5f2"
BUILDING = "#fbfaf7"
BUILDING_EDGE = "#a7a196"
WATER = "#9fb3c2"

GROUND: Mapping[str, str] = {
    "wegdeel": "#cfcac1",
    "ondersteunendwegdeel": "#cbd6b4",
    "begroeidterreindeel": "#c3d3a3",
    "onbegroeidterreindeel": "#e3dac6",
    "waterdeel": WATER,
    "ondersteunendwaterdeel": "#b9cda0",
    "pand": BUILDING,
    "overigbouwwerk": "#e9e5dd",
    "kunstwerkdeel": "#bdb7ac",
    "scheiding": "#b3ab9d",
}
"""Theme of the land cover to its colour; others are ``UNKNOWN_GROUND``."""

UNKNOWN_GROUND = "#ebe7df"

SHARE_CLASSES = (0.0, 0.2, 0.4, 0.6, 0.8)
"""Lower limits of the drawn shares of an ensemble; nothing is drawn where no member was wet."""

SHARE_COLOURS = ("#f3e3c3", "#f0bd8b", "#e08a78", "#a9547a", "#572a6b")

HIT_COLOURS = ("#f2b661", "#d9542b")
"""Buildings above the lower and the higher threshold at the façade."""

MEASURE = "#5b2a86"
"""Outline of a measure that somebody drew."""

FALL_COLOURS = ("#bfe3d6", "#80c7b0", "#3fa387", "#0b6f5a")
RISE_COLOURS = ("#f6dcae", "#ecb46a", "#d97f31", "#a84a13")
"""Differences between runs, the smallest first: less in green, more in orange; apart for the colour-blind too."""


def ground_colour(theme: str) -> str:
    """Return the colour of a land cover theme."""
    return GROUND.get(theme, UNKNOWN_GROUND)


@dataclass(frozen=True)
class GroundClass:
    """One kind of ground as a planner tells it apart, in the colour that it has in the maquette."""

    id: str
    theme: str
    """Object type of the BGT."""
    colour: str
    """#rrggbb."""
    dutch: str
    english: str


GROUND_CLASSES: Mapping[str, GroundClass] = MappingProxyType(
    {
        item.id: item
        for item in (
            GroundClass(
                "road-asphalt", "wegdeel", "#bfc0c2", "Rijbaan, asfalt of beton", "Road, asphalt or concrete"
            ),
            GroundClass("road-brick", "wegdeel", "#cdbfb2", "Rijbaan, klinkers", "Road, brick paving"),
            GroundClass("cycle-path", "wegdeel", "#d6ab9c", "Fietspad", "Cycle path"),
            GroundClass("footpath", "wegdeel", "#dedad3", "Voetpad", "Footpath"),
            GroundClass("parking", "wegdeel", "#b4aea8", "Parkeervlak", "Parking"),
            GroundClass("track", "wegdeel", "#a9a49d", "Spoor of busbaan", "Railway or bus lane"),
            GroundClass("unpaved-path", "wegdeel", "#dac9a5", "Half- of onverhard pad", "Unpaved path"),
            GroundClass("verge", "ondersteunendwegdeel", "#cbd6b4", "Berm", "Verge"),
            GroundClass("green", "begroeidterreindeel", "#bfd3a0", "Gras en groen", "Grass and green"),
            GroundClass("shrubs", "begroeidterreindeel", "#a9c28c", "Struiken en bos", "Shrubs and woods"),
            GroundClass("field", "begroeidterreindeel", "#d3dba6", "Akker of weiland", "Field or meadow"),
            GroundClass("yard", "onbegroeidterreindeel", "#e3e1c6", "Erf en tuin", "Yard and garden"),
            GroundClass("paved", "onbegroeidterreindeel", "#d5cfc7", "Verhard terrein", "Paved ground"),
            GroundClass("bare", "onbegroeidterreindeel", "#ead9b5", "Zand of onverhard", "Sand or unpaved"),
            GroundClass("water", "waterdeel", WATER, "Water", "Water"),
            GroundClass("trench", "waterdeel", "#bcbd93", "Greppel, droge sloot", "Trench, dry ditch"),
            GroundClass("bank", "ondersteunendwaterdeel", "#b6c99a", "Oever", "Bank"),
            GroundClass("building", "pand", "#e6e1d8", "Gebouw", "Building"),
            GroundClass("structure", "overigbouwwerk", "#d9cdb9", "Overig bouwwerk", "Other structure"),
            GroundClass("civil", "kunstwerkdeel", "#bdb7ac", "Brug of kunstwerk", "Bridge or civil structure"),
            GroundClass("wall", "scheiding", "#aaa294", "Muur of kade", "Wall or quay"),
            GroundClass("unknown", "", UNKNOWN_GROUND, "Onbekend", "Unknown"),
        )
    }
)
"""Kinds of ground by their id, in the order of a legend."""

_WOODY = ("bos", "struik", "houtwal", "heester", "boomteelt", "fruitteelt", "griend", "rietland")
_FARMED = ("grasland agrarisch", "bouwland")
_LOOSE = ("onverhard", "half verhard", "zand", "grind", "gravel", "schelpen", "puin", "boomschors")
_BUILT: Mapping[str, str] = {
    "pand": "building",
    "overigbouwwerk": "structure",
    "kunstwerkdeel": "civil",
    "overbruggingsdeel": "civil",
    "tunneldeel": "civil",
    "scheiding": "wall",
    "overigescheiding": "wall",
    "ondersteunendwaterdeel": "bank",
}
_USES = (
    (("fietspad",), "cycle-path"),
    (("voetpad", "voetgangersgebied"), "footpath"),
    (("parkeervlak",), "parking"),
    (("spoorbaan", "ov-baan", "overweg", "baan voor vliegverkeer"), "track"),
    (("ruiterpad",), "unpaved-path"),
)
"""First words of the function of a road part."""


def ground_class(theme: str, *, function: str = "", surface: str = "", plus_surface: str = "") -> GroundClass:
    """Return which kind of ground a row of ``land_cover`` or ``decks`` is, by the words of the BGT."""
    return GROUND_CLASSES[_kind(theme, function.lower(), surface.lower(), plus_surface.lower())]


def _kind(theme: str, function: str, surface: str, plus: str) -> str:
    if theme in _BUILT:
        return _BUILT[theme]
    if theme == "wegdeel":
        return _road(function, surface, plus)
    if theme == "waterdeel":
        return "trench" if any("greppel" in word for word in (function, surface)) else "water"
    if theme == "begroeidterreindeel":
        return _green(f"{function} {surface} {plus}")
    if theme in {"onbegroeidterreindeel", "ondersteunendwegdeel"}:
        return _open_ground(theme, function, surface, plus)
    return "unknown"


def _road(function: str, surface: str, plus: str) -> str:
    if any(word.startswith(_LOOSE) for word in (plus, surface)):
        return "unpaved-path"
    for words, kind in _USES:
        if function.startswith(words):
            return kind
    brick = surface == "open verharding" or function == "inrit"
    return "road-brick" if brick and plus not in {"asfalt", "cementbeton"} else "road-asphalt"


def _green(words: str) -> str:
    if any(word in words for word in _WOODY):
        return "shrubs"
    return "field" if any(word in words for word in _FARMED) else "green"


def _open_ground(theme: str, function: str, surface: str, plus: str) -> str:
    words = (plus, surface, function)
    if any(word.startswith(_LOOSE) for word in words):
        return "bare"
    if "verharding" in surface:
        return "paved"
    if theme == "ondersteunendwegdeel":
        return "shrubs" if any(wood in plus for wood in _WOODY) else "verge"
    return "yard" if "erf" in words else "bare"
