"""The area of the sample as a polygon to begin a twin with, and the page that says what all this is."""

import json
from pathlib import Path

import shapely
import shapely.geometry

from morgen.sources.sample.frame import GENERATED, MUNICIPALITY, NAME, Frame

__all__ = ["write_area", "write_readme"]

README = """\
{name}: gegenereerde voorbeelddata

{generated}
De ligging (RD New {xmin:.0f}-{xmax:.0f}, {ymin:.0f}-{ymax:.0f}) is gekozen om mee te
rekenen; op die plek ligt in werkelijkheid iets anders.
Elke sleutel draagt gemeentecode {municipality}, die niet is uitgegeven.
De bestanden hebben de vorm van AHN, BGT, BAG en 3DBAG, maar bevatten geen gegevens daaruit.

dtm_05m/M_99XX1.tif              maaiveld, 0,5 m (AHN DTM)
dsm_05m/R_99XX1.tif              oppervlak met daken en bomen, 0,5 m (AHN DSM)
dtm_5m, dsm_5m                   hetzelfde op 5 m
bgt_voorbeelddorp_citygml.zip    topografie (BGT, CityGML, een bestand per objecttype)
bgt_voorbeelddorp.gpkg           dezelfde topografie als GeoPackage
bag_voorbeelddorp.gpkg           panden en verblijfsobjecten (BAG)
voorbeelddorp.city.jsonl         gebouwen in 3D (3DBAG, CityJSONSeq 2.0)
area.geojson                     het gebied

Met opzet laag: een deel van de Lage Weide en de Wilgenstraat, de verdiepte parkeerplaatsen
achter de galerijflats, het park en enkele binnenhoven.

{name} does not exist: these files are generated, in exactly the national formats.
"""


def write_area(folder: Path, frame: Frame) -> Path:
    """Write ``area.geojson`` in RD New, which its crs member says."""
    feature = {
        "type": "Feature",
        "properties": {"name": NAME, "municipality": f"GM{MUNICIPALITY}", "description": GENERATED},
        "geometry": shapely.geometry.mapping(shapely.box(*frame.bounds, ccw=True)),
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


def write_readme(folder: Path, frame: Frame) -> Path:
    """Write ``LEESMIJ.txt``."""
    path = folder / "LEESMIJ.txt"
    xmin, ymin, xmax, ymax = frame.bounds
    text = README.format(
        name=NAME, generated=GENERATED, municipality=MUNICIPALITY, xmin=xmin, ymin=ymin, xmax=xmax, ymax=ymax
    )
    path.write_text(text, encoding="utf-8")
    return path
