"""Buildings out of BGT, BAG and 3D models as one layer, each building once."""

from morgen.sources.buildings.extrusion import extrude, extrude_missing
from morgen.sources.buildings.join import join_buildings
from morgen.sources.buildings.match import BuildingMatches, Match, match_buildings
from morgen.sources.buildings.quality import JoinQuality, join_quality
from morgen.sources.buildings.surface_heights import add_heights_from_surface

__all__ = [
    "BuildingMatches",
    "JoinQuality",
    "Match",
    "add_heights_from_surface",
    "extrude",
    "extrude_missing",
    "join_buildings",
    "join_quality",
    "match_buildings",
]
