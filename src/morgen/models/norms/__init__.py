"""Norms for facilities as data: what a wijk needs, how sure that is, and where it was written."""

from morgen.models.norms.compare import Difference, differences
from morgen.models.norms.norm import Basis, Dimensions, Environment, LeftOut, Level, Norm, NormSet, State, Theme
from morgen.models.norms.read import load_norms, read_norms, shipped
from morgen.models.norms.words import BASIS_WORDS, THEME_WORDS

__all__ = [
    "BASIS_WORDS",
    "THEME_WORDS",
    "Basis",
    "Difference",
    "Dimensions",
    "Environment",
    "LeftOut",
    "Level",
    "Norm",
    "NormSet",
    "State",
    "Theme",
    "differences",
    "load_norms",
    "read_norms",
    "shipped",
]
