"""The area of the sample as a polygon to begin a twin with, and the page that says what all this is."""

import json
from pathlib import Path

import shapely
import shapely.geometry

from morgen.sources.sample.frame import BOX, GENERATED, MUNICIPALITY, NAME

__all__ = ["write_area", "write_readme"]

README = f"""\
{NAME}: gegenereerde voorbeelddata

{GENERATED}
De ligging (RD New {BOX[0]:.0f}-{BOX[2]:.0f}, {BOX[1]:.0f}-{BOX[3]:.0f}) is gekozen om mee te
rekenen; op die plek ligt in werkelijkheid iets anders.
Elke sleutel draagt gemeentecode {MUNICIPALITY}, die niet is uitgegeven.
De bestanden hebben de vorm van AHN, BGT, BAG en 3DBAG, maar bevatten geen gegevens daaruit.

M_99XX1.tif                  maaiveld, 0,5 m (AHN DTM)
R_99XX1.tif                  oppervlak met daken en bomen, 0,5 m (AHN DSM)
bgt_voorbeelddorp.gpkg       topografie (BGT)
bag_pand_voorbeelddorp.gpkg  panden (BAG)
voorbeelddorp.city.jsonl     gebouwen in 3D (3DBAG, CityJSONSeq 2.0)
area.geojson                 het gebied

Met opzet laag: een deel van de Lage Weide, de verdiepte parkeerplaats achter de flat, en het park.

{NAME} does not exist: these files are generated, in exactly the national formats.
"""


def write_area(folder: Path) -> Path:
    """Write ``area.geojson`` in RD New, which its crs member says."""
    feature = {
        "type": "Feature",
        "properties": {"name": NAME, "municipality": f"GM{MUNICIPALITY}", "description": GENERATED},
        "geometry": shapely.geometry.mapping(shapely.box(*BOX, ccw=True)),
    }
    collection = {
        "type": "FeatureCollection",
        "name": NAME,
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}},
        "features": [feature],
    }
    path = folder / "area.geojson"
    path.write_text(json.dumps(collection, indent=1) + "\n", encoding="utf-8")
    return path


def write_readme(folder: Path) -> Path:
    """Write ``LEESMIJ.txt``."""
    path = folder / "LEESMIJ.txt"
    path.write_text(README, encoding="utf-8")
    return path
