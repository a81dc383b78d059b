"""Panden of the BAG: the LVBAG extract, and GeoPackage or GeoJSON with the columns of the BAG."""

from morgen.sources.bag.extract import reader as extract_reader
from morgen.sources.bag.table import reader as table_reader

__all__ = ["extract_reader", "table_reader"]
