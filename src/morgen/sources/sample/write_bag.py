"""BAG: panden and verblijfsobjecten as the PDOK web feature service gives them, two layers of one GeoPackage."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from morgen.sources.sample.buildings import Building
from morgen.sources.sample.frame import NAME
from morgen.sources.sample.geopackage import append_layers
from morgen.sources.sample.quirks import troubled_panden
from morgen.sources.sample.wijk import Residence

if TYPE_CHECKING:
    import geopandas

__all__ = ["append_bag", "bag_geopackage"]

REGISTER = "http://bag.basisregistraties.overheid.nl/bag/id"


def bag_geopackage(folder: Path) -> Path:
    """Return where the BAG goes in ``folder``."""
    return folder / f"bag_{NAME.lower()}.gpkg"


def append_bag(
    folder: Path, buildings: Sequence[Building], residences: Sequence[Residence], *, quirks: bool = False
) -> Path:
    """Add the panden and verblijfsobjecten of one sheet to ``bag_voorbeelddorp.gpkg``.

    With ``quirks`` ids are numbers, footprints have a height of 0, and panden that do not stand are there too.
    """
    path = bag_geopackage(folder)
    if not buildings:  # the box may hold a strip of a sheet only
        return path
    panden = _panden([*buildings, *troubled_panden(buildings)] if quirks else buildings, residences)
    if quirks:
        panden = panden.astype({"identificatie": "int64"})
        panden.geometry = panden.geometry.force_3d(0.0)
    layers = {"pand": panden, "verblijfsobject": _residences(buildings, residences)}
    append_layers(path, layers, types={"pand": "Polygon Z" if quirks else "Polygon", "verblijfsobject": "Point"})
    return path


def _panden(buildings: Sequence[Building], residences: Sequence[Residence]) -> "geopandas.GeoDataFrame":
    """One row a pand; a shed has no use and no verblijfsobject."""
    import geopandas

    areas: dict[str, list[int]] = defaultdict(list)
    for residence in residences:
        areas[residence.pand].append(residence.floor_area)
    rows = [
        {
            "identificatie": building.number,
            "rdf_seealso": f"{REGISTER}/pand/{building.number}",
            "bouwjaar": building.year,
            "status": building.status,
            "gebruiksdoel": building.use or None,
            "oppervlakte_min": min(areas[building.number], default=None),
            "oppervlakte_max": max(areas[building.number], default=None),
            "aantal_verblijfsobjecten": len(areas[building.number]),
        }
        for building in buildings
    ]
    frame = geopandas.GeoDataFrame(rows, geometry=[building.footprint for building in buildings], crs="EPSG:28992")
    return frame.astype({"oppervlakte_min": "Int32", "oppervlakte_max": "Int32", "bouwjaar": "int32"})


def _residences(buildings: Sequence[Building], residences: Sequence[Residence]) -> "geopandas.GeoDataFrame":
    import geopandas

    status = {building.number: building.status for building in buildings}
    rows = [
        {
            "identificatie": residence.number,
            "rdf_seealso": f"{REGISTER}/verblijfsobject/{residence.number}",
            "oppervlakte": residence.floor_area,
            "status": residence.status,
            "gebruiksdoel": residence.use,
            "openbare_ruimte": residence.street,
            "huisnummer": residence.house_number,
            "huisletter": residence.letter or None,
            "toevoeging": residence.suffix or None,
            "postcode": residence.postcode,
            "woonplaats": NAME,
            "bouwjaar": residence.year,
            "pandidentificatie": residence.pand,
            "pandstatus": status[residence.pand],
        }
        for residence in residences
    ]
    frame = geopandas.GeoDataFrame(rows, geometry=[residence.point for residence in residences], crs="EPSG:28992")
    text = {"huisletter": "str", "toevoeging": "str"}
    return frame.astype({"oppervlakte": "int32", "huisnummer": "int32", "bouwjaar": "int32"}).astype(text)
