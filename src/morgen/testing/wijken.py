"""Made-up wijken of any size for the fit: the same seed gives the same plots, streets and people."""

import math

import numpy as np

from morgen.core.noun import Text
from morgen.models.fit.problem import Addresses, DwellingType, FacilityKind, GroundRules, Problem, Site, Streets

__all__ = ["KINDS", "made_up_wijk"]

USES = ("woonfunctie", "onderwijsfunctie", "gezondheidszorgfunctie", "winkelfunctie", "bijeenkomstfunctie")
EDUCATION, CARE, SHOP, MEETING = USES[1:]


def _kind(
    id: str, use: str, per_resident: float, smallest: float, largest: float, reach: float | None, **more: object
) -> FacilityKind:
    sizes = {"per_resident": per_resident, "smallest": smallest, "largest": largest, "reach": reach}
    return FacilityKind.model_validate({"id": id, "title": Text(nl=id, en=id), "use": use, **sizes, **more})


_SAFE = {"depth_limit": 0.20, "noise_limit": 58.0}
KINDS: tuple[FacilityKind, ...] = (
    _kind("primary-school", EDUCATION, 0.55, 900, 3000, 600, outdoor=0.6, dry_route=True, **_SAFE),
    _kind("childcare", EDUCATION, 0.16, 250, 1200, 500, outdoor=0.4, **_SAFE),
    _kind("health-centre", CARE, 0.17, 500, 1600, 1000, depth_limit=0.20),
    _kind("pharmacy", CARE, 0.025, 120, 400, 1000),
    _kind("supermarket", SHOP, 0.30, 800, 2500, 800),
    _kind("community-centre", MEETING, 0.075, 200, 900, 800),
    _kind("culture-house", MEETING, 0.12, 300, 1500, None),
    _kind("library", MEETING, 0.03, 150, 900, None),
    _kind("youth-room", MEETING, 0.03, 120, 300, 1000),
    _kind("sports-room", EDUCATION, 0.18, 450, 1500, 1500, stackable=False),
)
"""Ten kinds of facility with sizes of the usual order; they stand for no municipality."""

DWELLINGS = (
    DwellingType(id="apartment", floor=85, residents=1.8, parking=0.4),
    DwellingType(id="family", floor=115, residents=2.6, parking=0.7, share=0.3),
)


def made_up_wijk(
    plots: int, *, fill: float = 0.6, seed: int = 0, area: float = 2000.0, residents_now: float = 8.0
) -> Problem:
    """Return a wijk whose programme takes ``fill`` of all floor; 12 % of the plots flood and 10 % are noisy.

    ``area`` is the median plot, m2, and ``residents_now`` the present residents for each plot.
    """
    rng = np.random.default_rng(seed)
    side = math.sqrt(plots * area * 1.9)
    sites = tuple(_site(rng, row, side, area) for row in range(plots))
    people = max(1, round(plots * residents_now / 2.1))
    addresses = Addresses(points=rng.uniform(0, side, (people, 2)), residents=np.full(people, 2.1))
    return Problem(
        sites=sites,
        kinds=KINDS,
        dwellings=DWELLINGS,
        asked=float(round(fill * sum(site.floor for site in sites) / 95)),
        streets=_streets(rng, side),
        addresses=addresses,
        ground=GroundRules(green_per_dwelling=12.0, patch_area=area, patch_reach=300.0),
    )


def _site(rng: np.random.Generator, row: int, side: float, area: float) -> Site:
    ground = float(area * rng.lognormal(0.0, 0.4))
    storeys = int(rng.integers(2, 7))
    coverage = float(rng.uniform(0.35, 0.6))
    return Site(
        id=f"plot-{row:04d}",
        parts=(f"plot-{row:04d}",),
        x=float(rng.uniform(0, side)),
        y=float(rng.uniform(0, side)),
        area=ground,
        floor=ground * coverage * storeys,
        storeys=storeys,
        coverage=coverage,
        uses=USES,
        min_green=0.15,
        depth=float(rng.uniform(0.25, 0.6)) if rng.random() < 0.12 else 0.0,  # noqa: PLR2004
        noise=float(rng.uniform(60, 70)) if rng.random() < 0.10 else 50.0,  # noqa: PLR2004
    )


def _streets(rng: np.random.Generator, side: float) -> Streets:
    """Return a street pattern of about 45 m, bent a little, of which one part in thirty stands under water."""
    count = max(2, math.ceil(side / 45) + 1)
    across, up = np.meshgrid(np.arange(count), np.arange(count))
    nodes = np.stack([across.ravel(), up.ravel()], axis=1) * (side / (count - 1))
    nodes = nodes + rng.uniform(-4, 4, nodes.shape)
    number = np.arange(count * count).reshape(count, count)
    rightward = np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1)
    upward = np.stack([number[:-1].ravel(), number[1:].ravel()], axis=1)
    edges = np.concatenate([rightward, upward])
    length = np.hypot(*(nodes[edges[:, 0]] - nodes[edges[:, 1]]).T)
    depth = np.where(rng.random(len(edges)) < 1 / 30, 0.5, 0.0)
    return Streets(nodes=nodes, edges=edges, length=length, depth=depth)
