"""BGT as PDOK delivers it: a zip with one CityGML (IMGeo 2.1) file per object type, empty ones included."""

import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import shapely

from morgen.sources.sample.bgt_objects import BgtObject
from morgen.sources.sample.frame import GENERATED, NAME

__all__ = ["append_gml", "gml_zip", "pack_gml"]

TYPES = (
    *(
        "bak",
        "begroeidterreindeel",
        "bord",
        "buurt",
        "functioneelgebied",
        "gebouwinstallatie",
        "installatie",
        "kast",
    ),
    *("kunstwerkdeel", "mast", "onbegroeidterreindeel", "ondersteunendwaterdeel", "ondersteunendwegdeel"),
    *("ongeclassificeerdobject", "openbareruimte", "openbareruimtelabel", "overbruggingsdeel", "overigbouwwerk"),
    *("overigescheiding", "paal", "pand", "put", "scheiding", "sensor", "spoor", "stadsdeel", "straatmeubilair"),
    *("tunneldeel", "vegetatieobject", "waterdeel", "waterinrichtingselement", "waterschap", "wegdeel"),
    *("weginrichtingselement", "wijk"),
)
"""Object types of a delivery, in its order."""

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<CityModel xmlns:gml="http://www.opengis.net/gml" xmlns:imgeo="http://www.geostandaarden.nl/imgeo/2.1"'
    ' xmlns="http://www.opengis.net/citygml/2.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="http://www.geostandaarden.nl/imgeo/2.1'
    ' http://register.geostandaarden.nl/gmlapplicatieschema/imgeo/2.1.1/imgeo.xsd">\n'
)
TAIL = "</CityModel>"
WHEN = (2024, 3, 2, 3, 12, 0)
LIST = "http://www.geostandaarden.nl/imgeo/def/2.1#"
CITYGML = "http://www.opengis.net/citygml/"
RD = 'srsName="urn:ogc:def:crs:EPSG::28992"'
GML = 'xmlns:gml="http://www.opengis.net/gml"'

ELEMENTS: dict[str, tuple[str, str, str]] = {
    "wegdeel": ("TrafficArea", "transportation/2.0", "Wegdeel"),
    "ondersteunendwegdeel": ("AuxiliaryTrafficArea", "transportation/2.0", "OndersteunendWegdeel"),
    "begroeidterreindeel": ("PlantCover", "vegetation/2.0", "BegroeidTerreindeel"),
    "onbegroeidterreindeel": ("imgeo:OnbegroeidTerreindeel", "", "OnbegroeidTerreindeel"),
    "waterdeel": ("imgeo:Waterdeel", "", "Waterdeel"),
    "ondersteunendwaterdeel": ("imgeo:OndersteunendWaterdeel", "", "OndersteunendWaterdeel"),
    "overbruggingsdeel": ("BridgeConstructionElement", "bridge/2.0", "Overbruggingsdeel"),
    "scheiding": ("imgeo:Scheiding", "", "OverigeConstructie"),
    "vegetatieobject": ("SolitaryVegetationObject", "vegetation/2.0", "VegetatieObject"),
    "put": ("imgeo:Put", "", "Put"),
    "paal": ("imgeo:Paal", "", "Paal"),
    "openbareruimtelabel": ("imgeo:OpenbareRuimteLabel", "", ""),
    "pand": ("BuildingPart", "building/2.0", "Grondvlak"),
}
"""Element, the CityGML module it is from, and the ending of its geometry property, by object type."""

CODES: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "wegdeel": (
        ("function", "function", "FunctieWeg", ""),
        ("surfacematerial", "surfaceMaterial", "FysiekVoorkomenWeg", ""),
        ("plus_fysiekvoorkomenwegdeel", "imgeo:plus-fysiekVoorkomenWegdeel", "FysiekVoorkomenWegPlus", ""),
        ("plus_functiewegdeel", "imgeo:plus-functieWegdeel", "FunctieWegPlus", ""),
    ),
    "ondersteunendwegdeel": (
        ("function", "function", "FunctieOndersteunendWegdeel", ""),
        ("surfacematerial", "surfaceMaterial", "FysiekVoorkomenOndersteunendWegdeel", ""),
        ("plus_functieondersteunendwegdeel", "imgeo:plus-functieOndersteunendWegdeel", "", ""),
        (
            "plus_fysiekvoorkomenondersteunendwegdeel",
            "imgeo:plus-fysiekVoorkomenOndersteunendWegdeel",
            "FysiekVoorkomenOndersteunendWegdeelPlus",
            "",
        ),
    ),
    "begroeidterreindeel": (
        ("class", "class", "FysiekVoorkomenBegroeidTerrein", ""),
        ("plus_fysiekvoorkomen", "imgeo:plus-fysiekVoorkomen", "FysiekVoorkomenBegroeidTerreinPlus", ""),
    ),
    "onbegroeidterreindeel": (
        ("bgt_fysiekvoorkomen", "imgeo:bgt-fysiekVoorkomen", "FysiekVoorkomenOnbegroeidTerrein", ""),
        ("plus_fysiekvoorkomen", "imgeo:plus-fysiekVoorkomen", "FysiekVoorkomenOnbegroeidTerreinPlus", ""),
    ),
    "waterdeel": (
        ("class", "class", "TypeWater", "waterbody/2.0"),
        ("plus_type", "imgeo:plus-type", "TypeWaterPlus", ""),
    ),
    "ondersteunendwaterdeel": (
        ("class", "class", "TypeOndersteunendWaterdeel", "waterbody/2.0"),
        ("plus_type", "imgeo:plus-type", "", ""),
    ),
    "overbruggingsdeel": (
        ("class", "class", "TypeOverbruggingsdeel", ""),
        ("hoortbijtypeoverbrugging", "imgeo:hoortBijTypeOverbrugging", "TypeOverbrugging", ""),
    ),
    "scheiding": (
        ("bgt_type", "imgeo:bgt-type", "TypeScheiding", ""),
        ("plus_type", "imgeo:plus-type", "TypeScheidingPlus", ""),
    ),
    "vegetatieobject": (
        ("class", "class", "TypeVegetatieObject", ""),
        ("plus_type", "imgeo:plus-type", "TypeVegetatieObjectPlus", ""),
    ),
    "put": (
        ("function", "function", "TypePut", "cityfurniture/2.0"),
        ("plus_type", "imgeo:plus-type", "TypePutPlus", ""),
    ),
    "paal": (
        ("function", "function", "TypePaal", "cityfurniture/2.0"),
        ("plus_type", "imgeo:plus-type", "TypePaalPlus", ""),
    ),
}
"""(column, element, code list, CityGML module of its own) of what an object type says of itself."""

FLAGS = {
    "wegdeel": ("wegdeeloptalud", "wegdeelOpTalud"),
    "ondersteunendwegdeel": ("ondersteunendwegdeeloptalud", "ondersteunendWegdeelOpTalud"),
    "begroeidterreindeel": ("begroeidterreindeeloptalud", "begroeidTerreindeelOpTalud"),
    "onbegroeidterreindeel": ("onbegroeidterreindeeloptalud", "onbegroeidTerreindeelOpTalud"),
    "overbruggingsdeel": ("overbruggingisbeweegbaar", "overbruggingIsBeweegbaar"),
}


def append_gml(folder: Path, objects: Iterable[BgtObject]) -> None:
    """Add the objects of one sheet to the files of their types in ``folder``."""
    folder.mkdir(exist_ok=True)
    by_theme: dict[str, list[str]] = {}
    for item in objects:
        by_theme.setdefault(item.theme, []).append(_member(item))
    for theme, members in by_theme.items():
        with (folder / f"bgt_{theme}.gml").open("a", encoding="utf-8") as file:
            file.writelines(members)


def pack_gml(folder: Path, path: Path) -> Path:
    """Pack the files in ``folder`` as PDOK does into the zip ``path``, and take ``folder`` away."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.comment = GENERATED.encode()
        for theme in TYPES:
            member = zipfile.ZipInfo(f"bgt_{theme}.gml", WHEN)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            body = folder / member.filename
            with archive.open(member, "w") as file:
                file.write(HEAD.encode())
                if body.exists():
                    with body.open("rb") as stream:
                        shutil.copyfileobj(stream, file)
                file.write(TAIL.encode())
    shutil.rmtree(folder)
    return path


def _member(item: BgtObject) -> str:
    """Return one object with all that the delivery says of it."""
    element, module, _ = ELEMENTS[item.theme]
    namespace = f' xmlns="{CITYGML}{module}"' if module else ""
    lines = [
        "    <cityObjectMember>",
        f'        <{element}{namespace} gml:id="{item.columns["gml_id"]}">',
        *_registration(item.columns),
        *_own(item),
        f"        </{element}>",
        "    </cityObjectMember>",
    ]
    return "\n".join(lines) + "\n"


def _registration(columns: Any) -> list[str]:
    """Return what every object says of its registration."""
    lines = [f'<creationDate xmlns="{CITYGML}2.0">{columns["creationdate"]}</creationDate>']
    if columns["terminationdate"]:
        lines.append(f'<terminationDate xmlns="{CITYGML}2.0">{columns["terminationdate"]}</terminationDate>')
    lines += [
        f"<imgeo:LV-publicatiedatum>{columns['lv_publicatiedatum'][:19]}</imgeo:LV-publicatiedatum>",
        f"<imgeo:relatieveHoogteligging>{columns['relatievehoogteligging']}</imgeo:relatieveHoogteligging>",
        f"<imgeo:inOnderzoek>{_flag(columns['inonderzoek'])}</imgeo:inOnderzoek>",
    ]
    if columns["eindregistratie"]:
        lines.append(f"<imgeo:eindRegistratie>{columns['eindregistratie'][:19]}</imgeo:eindRegistratie>")
    lines += [
        f"<imgeo:tijdstipRegistratie>{columns['tijdstipregistratie']}</imgeo:tijdstipRegistratie>",
        "<imgeo:identificatie>",
        "    <imgeo:NEN3610ID>",
        f"        <imgeo:namespace>{columns['namespace']}</imgeo:namespace>",
        f"        <imgeo:lokaalID>{columns['lokaalid']}</imgeo:lokaalID>",
        "    </imgeo:NEN3610ID>",
        "</imgeo:identificatie>",
        f"<imgeo:bronhouder>{columns['bronhouder']}</imgeo:bronhouder>",
        f'<imgeo:bgt-status codeSpace="{LIST}Status">{columns["bgt_status"]}</imgeo:bgt-status>',
        f'<imgeo:plus-status codeSpace="{LIST}VoidReasonValue">{columns["plus_status"]}</imgeo:plus-status>',
    ]
    return [f"            {line}" for line in lines]


def _own(item: BgtObject) -> list[str]:
    """Return what only this object type says, its shape included."""
    columns = item.columns
    lines = [
        _code(element, columns[column], codes, module)
        for column, element, codes, module in CODES.get(item.theme, ())
    ]
    if item.theme in FLAGS:
        column, name = FLAGS[item.theme]
        lines.append(f"<imgeo:{name}>{_flag(columns[column])}</imgeo:{name}>")
    if item.theme == "pand":
        lines.append(f"<imgeo:identificatieBAGPND>{columns['identificatiebagpnd']}</imgeo:identificatieBAGPND>")
    if item.theme == "openbareruimtelabel":
        lines += _street_label(item)
    else:
        ending = ELEMENTS[item.theme][2]
        lines.append(f"<imgeo:geometrie2d{ending}>{_geometry(item)}</imgeo:geometrie2d{ending}>")
    if item.theme == "pand" and columns["tekst"]:
        lines += _number_label(columns)
    return [f"            {line}" for line in lines]


def _flag(value: Any) -> str:
    return "true" if value else "false"


def _code(element: str, value: str, codes: str, module: str) -> str:
    unknown = value in {"waardeOnbekend", "geenWaarde"} or not codes
    namespace = f' xmlns="{CITYGML}{module}"' if module else ""
    source = "VoidReasonValue" if unknown else codes
    return f'<{element}{namespace} codeSpace="{LIST}{source}">{escape(value)}</{element}>'


def _geometry(item: BgtObject) -> str:
    if item.shape.geom_type == "Point":
        place = f'<gml:pos srsDimension="2">{item.shape.x:.3f} {item.shape.y:.3f}</gml:pos>'
        return f"<gml:Point {GML} {RD}>{place}</gml:Point>"
    if item.shape.geom_type == "LineString":
        places = f'<gml:posList srsDimension="2">{_numbers(item.shape)}</gml:posList>'
        return f"<gml:LineString {GML} {RD}>{places}</gml:LineString>"
    if item.theme == "pand":  # a pand has no reference system of its own, as in real deliveries
        polygon = _polygon(item.shape, "")
        return f"<gml:MultiSurface {GML}><gml:surfaceMember>{polygon}</gml:surfaceMember></gml:MultiSurface>"
    return _polygon(item.shape, f" {GML} {RD}")


def _polygon(shape: shapely.Polygon, attributes: str) -> str:
    inner = "".join(f"<gml:interior>{_ring(ring)}</gml:interior>" for ring in shape.interiors)
    return f"<gml:Polygon{attributes}><gml:exterior>{_ring(shape.exterior)}</gml:exterior>{inner}</gml:Polygon>"


def _ring(ring: shapely.LinearRing) -> str:
    return f'<gml:LinearRing><gml:posList srsDimension="2">{_numbers(ring)}</gml:posList></gml:LinearRing>'


def _numbers(line: shapely.LineString) -> str:
    return " ".join(f"{x:.3f} {y:.3f}" for x, y in line.coords)


def _label(text: str, place: str, angle: Any) -> list[str]:
    point = f"<gml:Point {GML}><gml:pos>{place}</gml:pos></gml:Point>"
    return [
        "<imgeo:Label>",
        f"    <imgeo:tekst>{escape(text)}</imgeo:tekst>",
        "    <imgeo:positie>",
        "        <imgeo:Labelpositie>",
        f"            <imgeo:plaatsingspunt>{point}</imgeo:plaatsingspunt>",
        f"            <imgeo:hoek>{float(angle):g}</imgeo:hoek>",
        "        </imgeo:Labelpositie>",
        "    </imgeo:positie>",
        "</imgeo:Label>",
    ]


def _number_label(columns: Any) -> list[str]:
    """Return the house numbers of a pand: the point that a general GML reader takes for its shape."""
    last = columns["identificatiebagvbohoogstehuisnummer"]
    lowest, highest = "identificatieBAGVBOLaagsteHuisnummer", "identificatieBAGVBOHoogsteHuisnummer"
    return [
        "<imgeo:nummeraanduidingreeks>",
        "    <imgeo:Nummeraanduidingreeks>",
        "        <imgeo:nummeraanduidingreeks>",
        *(f"            {line}" for line in _label(columns["tekst"], columns["plaatsingspunt"], columns["hoek"])),
        "        </imgeo:nummeraanduidingreeks>",
        f"        <imgeo:{lowest}>{columns['identificatiebagvbolaagstehuisnummer']}</imgeo:{lowest}>",
        *([f"        <imgeo:{highest}>{last}</imgeo:{highest}>"] if last else []),
        "    </imgeo:Nummeraanduidingreeks>",
        "</imgeo:nummeraanduidingreeks>",
    ]


def _street_label(item: BgtObject) -> list[str]:
    columns = item.columns
    place = f"{item.shape.x:.3f} {item.shape.y:.3f}"
    return [
        f"<imgeo:identificatieBAGOPR>{columns['identificatiebagopr']}</imgeo:identificatieBAGOPR>",
        "<imgeo:openbareRuimteNaam>",
        *(f"    {line}" for line in _label(columns["tekst"], place, columns["hoek"])),
        "</imgeo:openbareRuimteNaam>",
        f'<imgeo:openbareRuimteType codeSpace="{LIST}TypeOpenbareRuimte">Weg</imgeo:openbareRuimteType>',
    ]


def gml_zip(folder: Path) -> Path:
    """Return where the delivery goes in ``folder``."""
    return folder / f"bgt_{NAME.lower()}_citygml.zip"
