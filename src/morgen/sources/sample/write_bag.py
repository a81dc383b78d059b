"""BAG: panden in the form of the PDOK web feature service."""

from collections.abc import Sequence
from pathlib import Path

from morgen.sources.sample.buildings import Building
from morgen.sources.sample.frame import NAME
from morgen.sources.sample.geopackage import write_geopackage

__all__ = ["write_bag"]


def write_bag(folder: Path, buildings: Sequence[Building]) -> Path:
    """Write ``bag_pand_voorbeelddorp.gpkg``: one row a pand; a shed has no use and no verblijfsobject."""
    import geopandas

    rows = [
        {
            "identificatie": building.number,
            "rdf_seealso": f"http://bag.basisregistraties.overheid.nl/bag/id/pand/{building.number}",
            "bouwjaar": building.year,
            "status": building.status,
            "gebruiksdoel": building.use or None,
            "oppervlakte_min": min(building.dwellings) if building.dwellings else None,
            "oppervlakte_max": max(building.dwellings) if building.dwellings else None,
            "aantal_verblijfsobjecten": len(building.dwellings),
        }
        for building in buildings
    ]
    frame = geopandas.GeoDataFrame(rows, geometry=[building.footprint for building in buildings], crs="EPSG:28992")
    frame = frame.astype({"oppervlakte_min": "Int32", "oppervlakte_max": "Int32", "bouwjaar": "int32"})
    path = folder / f"bag_pand_{NAME.lower()}.gpkg"
    return write_geopackage(path, {"pand": frame}, types={"pand": "Polygon"})
