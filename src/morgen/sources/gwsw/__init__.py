"""Sewers in the form of the open data of Stichting RIONED (GWSW)."""

from morgen.sources.gwsw.geopackage import reader
from morgen.sources.gwsw.network import join_sewers, sewer_nodes, sewer_pipes

__all__ = ["join_sewers", "reader", "sewer_nodes", "sewer_pipes"]
