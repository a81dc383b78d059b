"""Who can reach what on foot, and who is worst off."""

from morgen.models.access.equity import gini, worst_off_quarter
from morgen.models.access.green import ThreeThirty, green_within, three_thirty_three_hundred
from morgen.models.access.model import access_on_foot
from morgen.models.access.nature import green_patches
from morgen.models.access.network import Network, Placed, Walkable, build_network
from morgen.models.access.people import Groups, Shares, group_neighbours
from morgen.models.access.reach import (
    Distances,
    fifteen_minute_score,
    nearest,
    pairs_within,
    share_within,
    summarise,
)

__all__ = [
    "Distances",
    "Groups",
    "Network",
    "Placed",
    "Shares",
    "ThreeThirty",
    "Walkable",
    "access_on_foot",
    "build_network",
    "fifteen_minute_score",
    "gini",
    "green_patches",
    "green_within",
    "group_neighbours",
    "nearest",
    "pairs_within",
    "share_within",
    "summarise",
    "three_thirty_three_hundred",
    "worst_off_quarter",
]
