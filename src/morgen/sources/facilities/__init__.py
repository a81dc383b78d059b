"""Schools, childcare, care, shops, sport and culture: the registers of DUO and LRK, and lists of places."""

from morgen.sources.facilities.childcare import reader as childcare_reader
from morgen.sources.facilities.join import join_facilities
from morgen.sources.facilities.places import reader as place_reader
from morgen.sources.facilities.schools import reader as school_reader

__all__ = ["childcare_reader", "join_facilities", "place_reader", "school_reader"]
