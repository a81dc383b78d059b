"""Panden and verblijfsobjecten of the BAG: the LVBAG extract, and files with the columns of the BAG."""

from morgen.sources.bag.addresses import no_addresses
from morgen.sources.bag.addresses import reader as address_reader
from morgen.sources.bag.extract import reader as extract_reader
from morgen.sources.bag.table import reader as table_reader

__all__ = ["address_reader", "extract_reader", "no_addresses", "table_reader"]
