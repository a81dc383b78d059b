"""What may be built where: plans of redevelopment with their plots."""

from morgen.sources.redevelopment.join import join_plots
from morgen.sources.redevelopment.reader import reader

__all__ = ["join_plots", "reader"]
