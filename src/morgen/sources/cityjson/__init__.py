"""3D buildings in CityJSON 1.0, 1.1 and 2.0, whole or as a sequence of lines."""

from morgen.sources.cityjson.reader import reader

__all__ = ["reader"]
