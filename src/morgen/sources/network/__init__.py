"""Where people can walk: networks of footpaths, and the roads of the NWB."""

from morgen.sources.network.join import join_paths
from morgen.sources.network.nwb import reader as nwb_reader
from morgen.sources.network.walking import reader as walking_reader

__all__ = ["join_paths", "nwb_reader", "walking_reader"]
