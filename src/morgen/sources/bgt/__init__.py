"""The BGT (Basisregistratie Grootschalige Topografie) in every form in which it is delivered."""

from morgen.sources.bgt import citygml, database, ogcapi
from morgen.sources.contract import Reader

__all__ = ["CITYGML", "GEOPACKAGE", "OGC_API", "SQLITE"]

CITYGML = Reader(
    id=citygml.FORMAT, title="BGT, CityGML or gmllight", recognise=citygml.recognise, read=citygml.read
)
SQLITE = Reader(
    id=database.SQLITE, title="BGT, SQLite of ogr2ogr", recognise=database.recognise_sqlite, read=database.read
)
GEOPACKAGE = Reader(
    id=database.GEOPACKAGE, title="BGT, GeoPackage", recognise=database.recognise_geopackage, read=database.read
)
OGC_API = Reader(id=ogcapi.FORMAT, title="BGT, OGC API Features", recognise=ogcapi.recognise, read=ogcapi.read)
