"""The object types of the BGT and what they are called.

Survey points (plaatsbepalingspunt) and crest lines (kruinlijn) are no objects: they describe the edges of objects.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["THEME_TITLES", "ThemeTitle"]


@dataclass(frozen=True)
class ThemeTitle:
    """What an object type of the BGT is called in reports."""

    dutch: str
    english: str


THEME_TITLES: Mapping[str, ThemeTitle] = MappingProxyType(
    {
        "wegdeel": ThemeTitle("wegdeel", "road"),
        "ondersteunendwegdeel": ThemeTitle("ondersteunend wegdeel", "road verge or island"),
        "begroeidterreindeel": ThemeTitle("begroeid terreindeel", "vegetated ground"),
        "onbegroeidterreindeel": ThemeTitle("onbegroeid terreindeel", "unvegetated ground"),
        "waterdeel": ThemeTitle("waterdeel", "water"),
        "ondersteunendwaterdeel": ThemeTitle("ondersteunend waterdeel", "bank"),
        "pand": ThemeTitle("pand", "building"),
        "overigbouwwerk": ThemeTitle("overig bouwwerk", "other structure"),
        "kunstwerkdeel": ThemeTitle("kunstwerkdeel", "civil structure"),
        "scheiding": ThemeTitle("scheiding", "wall, quay or fence"),
        "overigescheiding": ThemeTitle("overige scheiding", "other barrier"),
        "overbruggingsdeel": ThemeTitle("overbruggingsdeel", "bridge part"),
        "tunneldeel": ThemeTitle("tunneldeel", "tunnel part"),
        "ongeclassificeerdobject": ThemeTitle("ongeclassificeerd object", "unclassified object"),
        "gebouwinstallatie": ThemeTitle("gebouwinstallatie", "building installation"),
        "spoor": ThemeTitle("spoor", "railway track"),
        "vegetatieobject": ThemeTitle("vegetatieobject", "tree or hedge"),
        "put": ThemeTitle("put", "gully or manhole"),
        "paal": ThemeTitle("paal", "pole"),
        "kast": ThemeTitle("kast", "cabinet"),
        "bak": ThemeTitle("bak", "bin"),
        "bord": ThemeTitle("bord", "sign"),
        "mast": ThemeTitle("mast", "mast"),
        "sensor": ThemeTitle("sensor", "sensor"),
        "installatie": ThemeTitle("installatie", "installation"),
        "straatmeubilair": ThemeTitle("straatmeubilair", "street furniture"),
        "weginrichtingselement": ThemeTitle("weginrichtingselement", "road equipment"),
        "waterinrichtingselement": ThemeTitle("waterinrichtingselement", "water equipment"),
        "functioneelgebied": ThemeTitle("functioneel gebied", "functional area"),
        "openbareruimte": ThemeTitle("openbare ruimte", "public space"),
        "openbareruimtelabel": ThemeTitle("openbareruimtelabel", "street name label"),
        "buurt": ThemeTitle("buurt", "neighbourhood"),
        "wijk": ThemeTitle("wijk", "district"),
        "stadsdeel": ThemeTitle("stadsdeel", "borough"),
        "waterschap": ThemeTitle("waterschap", "water board"),
    }
)
"""Every object type of the BGT with its Dutch and English title."""
