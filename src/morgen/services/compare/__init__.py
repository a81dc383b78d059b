"""Comparing runs: what differs, indicators side by side, maps of differences, who gains and loses, and cost."""

from morgen.services.compare.comparison import Comparison, Variant
from morgen.services.compare.make import compare
from morgen.services.compare.maps import MAPPED, difference_raster, write_difference_maps

__all__ = ["MAPPED", "Comparison", "Variant", "compare", "difference_raster", "write_difference_maps"]
