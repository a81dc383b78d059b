"""The ground of a plan: plots of a situation as sites, unions of neighbours, and buildings that may stay."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
import shapely.ops

from morgen.core.errors import InputError
from morgen.core.situation import Situation
from morgen.models.fit.candidates import room_for
from morgen.models.fit.hazard import Water
from morgen.models.fit.prices import Prices
from morgen.models.fit.problem import FacilityKind, Site

if TYPE_CHECKING:
    import geopandas

__all__ = ["STOREY", "Ground", "Lot", "ground_of", "with_unions"]

STOREY: Final = 3.0
"""m from floor to floor of a new building; indicative."""
OLD_STOREY: Final = 3.5
"""m from floor to floor of a building that stands; indicative."""
GROSS: Final = 1.25
"""Gross floor for each m2 of gebruiksoppervlakte; indicative."""
SMALLEST_REUSE: Final = 200.0
"""m2; smaller buildings are not looked at for another use."""
TOUCH: Final = 5.0
"""m of common edge from which two plots can be one site."""
SLIVER: Final = 0.05
"""m2 of overlap that is rounding of drawing."""


@dataclass(frozen=True, eq=False)
class Lot:
    """A site with its shape: what the solver does not need, and the plan does."""

    site: Site
    shape: Any
    """Polygon, RD New."""
    highest: float
    """m above the ground; 0 when nothing may be built."""
    standing: tuple[int, ...]
    """Buildings on it that go, as rows of the layer ``buildings``."""
    reused: int | None = None
    """The building that stays, as such a row."""


@dataclass(frozen=True, eq=False)
class Ground:
    """All lots of the plots of a situation, and what else the plots tell."""

    lots: tuple[Lot, ...]
    asked: int
    """Dwellings that the plots ask for together."""
    green: float
    """m2 of plots that are green already in the plan."""
    surface: float
    """m2 of all plots, streets and green of the plan."""
    notes: tuple[str, ...]

    def lot(self, identity: str) -> Lot:
        """Return the lot of a site."""
        return next(lot for lot in self.lots if lot.site.id == identity)


def ground_of(situation: Situation, *, water: Water | None, ways: Any, prices: Prices) -> Ground:
    """Return the plots inside the area as lots, with the buildings that may be used again.

    ``ways`` is the walking network as one shape: a plot meets the street where it is nearest to it. Raises
    ``InputError`` when no plot lies in the area.
    """
    frame = situation.features("plots")
    kinds = frame["kind"].to_numpy()
    inside = _inside(situation, frame.geometry.to_numpy())
    if not (inside & (kinds == "plot")).any():
        raise InputError(
            f"none of the {len(frame)} plots lies inside the area {situation.area.name!r}; link a plan with plots"
            " to build on (layer 'plots')"
        )
    buildings, wet = situation.features("buildings"), _open_water(situation)
    yard = _Yard(frame, buildings, water, ways, prices, wet)
    lots = [yard.lot(row) for row in np.flatnonzero(inside & (kinds == "plot")).tolist()]
    kept = list(yard.reuse(lots))
    left = int((~inside).sum())
    notes = [f"{left} plots lie outside the area and were left out"] if left else []
    areas = shapely.area(frame.geometry.to_numpy())
    return Ground(
        lots=(*lots, *kept),
        asked=int(frame["dwellings"].to_numpy()[inside].sum()),
        green=float(areas[inside & (kinds == "green")].sum()),
        surface=float(areas[inside].sum()),
        notes=tuple(notes),
    )


def with_unions(lots: Sequence[Lot], kinds: Iterable[FacilityKind]) -> tuple[Lot, ...]:
    """Return the lots and the pairs of neighbours that together have room for a facility that neither has."""
    wanted = list(kinds)
    plain = [lot for lot in lots if lot.reused is None and len(lot.site.parts) == 1]
    shapes = np.array([lot.shape for lot in plain], dtype=object)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = [(plain[a], plain[b]) for a, b in sorted(zip(one.tolist(), other.tolist(), strict=True)) if a < b]
    unions = [_union(*pair) for pair in pairs if _common_edge(*pair) >= TOUCH]
    return (*lots, *(union for union, pair in unions if _makes_room(union, pair, wanted)))


def _makes_room(union: Lot, pair: tuple[Lot, Lot], kinds: Iterable[FacilityKind]) -> bool:
    return any(
        _holds(kind, union) and not any(_holds(kind, lot) for lot in pair)
        for kind in kinds
        if kind.use in union.site.uses
    )


def _holds(kind: FacilityKind, lot: Lot) -> bool:
    return kind.use in lot.site.uses and room_for(kind, lot.site) >= kind.smallest


def _common_edge(one: Lot, other: Lot) -> float:
    return float(shapely.intersection(one.shape.buffer(0.1), other.shape.buffer(0.1)).length / 2)


def _union(one: Lot, other: Lot) -> tuple[Lot, tuple[Lot, Lot]]:
    """Return two neighbours as one lot, and the two."""
    # A millimetre between the drawings of neighbours is no gap in the ground.
    shape = shapely.union(one.shape.buffer(0.01), other.shape.buffer(0.01)).buffer(-0.01)
    first, second = one.site, other.site
    area = first.area + second.area
    site = Site(
        id=f"{first.id}+{second.id}",
        parts=(*first.parts, *second.parts),
        x=first.x,
        y=first.y,
        area=area,
        floor=first.floor + second.floor,
        storeys=min(first.storeys, second.storeys),
        coverage=(first.coverage * first.area + second.coverage * second.area) / area,
        uses=tuple(use for use in first.uses if use in second.uses),
        min_green=(first.min_green * first.area + second.min_green * second.area) / area,
        depth=max(first.depth, second.depth),
        noise=max(first.noise, second.noise),
        cost=first.cost + second.cost,
    )
    standing = tuple(sorted({*one.standing, *other.standing}))
    return Lot(site, shape, min(one.highest, other.highest), standing), (one, other)


def _inside(situation: Situation, shapes: Any) -> Any:
    # A plan is drawn to the edge of its area: a centimetre over it is rounding.
    return shapely.covers(situation.area.polygon.buffer(0.01), shapes)


def _open_water(situation: Situation) -> Any:
    if not situation.has("land_cover"):
        return shapely.Polygon()
    cover = situation.features("land_cover")
    return shapely.union_all(cover.geometry[cover["theme"] == "waterdeel"].to_numpy())


@dataclass(frozen=True, eq=False)
class _Yard:
    """What lies and stands around the plots."""

    frame: "geopandas.GeoDataFrame"
    buildings: "geopandas.GeoDataFrame"
    water: Water | None
    ways: Any
    prices: Prices
    wet: Any
    """Open water of the BGT: nothing is built in it."""

    def lot(self, row: int) -> Lot:
        """Return the lot of a plot."""
        plot = self.frame.iloc[row]
        shape = _largest(shapely.difference(plot.geometry, self.wet))
        if shape.area < 1:
            raise InputError(f"the plot {plot['plot_id']} lies in open water (layer 'plots', column geometry)")
        standing = self._on(shape)
        noise = float(plot["noise"])
        x, y = self._door(shape)
        storeys = int(plot["max_storeys"])
        site = Site(
            id=plot["plot_id"],
            parts=(plot["plot_id"],),
            x=x,
            y=y,
            area=shape.area,
            floor=float(plot["max_floor_area"]),
            storeys=storeys,
            coverage=float(plot["max_coverage"]),
            uses=tuple(plot["allowed_uses"].split(",")),
            min_green=float(plot["min_green"]),
            depth=0.0 if self.water is None else self.water.on(shape),
            noise=0.0 if np.isnan(noise) else noise,
            cost=self._demolition(standing, shape),
        )
        return Lot(site, shape, float(plot["max_height"]), standing)

    def reuse(self, lots: Sequence[Lot]) -> Iterator[Lot]:
        """Yield a lot for each larger building on the plots: it stays, all else on these plots goes."""
        for row in sorted({row for lot in lots for row in lot.standing}):
            footprint = self.buildings.geometry.iloc[row]
            under = [lot for lot in lots if shapely.area(shapely.intersection(lot.shape, footprint)) > SLIVER]
            ground = shapely.union_all([lot.shape.buffer(0.01) for lot in under]).buffer(-0.01)
            whole = isinstance(ground, shapely.Polygon) and ground.buffer(0.02).covers(footprint)
            uses = tuple(use for use in under[0].site.uses if all(use in lot.site.uses for lot in under))
            if whole and uses and footprint.area >= SMALLEST_REUSE:
                yield self._kept(row, footprint, ground, under, uses)

    def _kept(self, row: int, footprint: Any, ground: Any, under: list[Lot], uses: tuple[str, ...]) -> Lot:
        sites = [lot.site for lot in under]
        area = sum(site.area for site in sites)
        storeys, floor = self._old_floor(row, footprint)
        others = tuple(sorted({other for lot in under for other in lot.standing} - {row}))
        site = Site(
            id=f"reuse-{self.buildings['bag_id'].iloc[row] or self.buildings['object_id'].iloc[row]}",
            parts=tuple(site.id for site in sites),
            x=sites[0].x,
            y=sites[0].y,
            area=area,
            floor=floor,
            storeys=storeys,
            coverage=min(1.0, footprint.area / area),
            uses=uses,
            min_green=min(
                sum(site.min_green * site.area for site in sites) / area, 1 - min(1.0, footprint.area / area)
            ),
            depth=max(site.depth for site in sites),
            noise=max(site.noise for site in sites),
            cost=self._demolition(others, ground),
            kept=footprint.area,
        )
        return Lot(site, ground, 0.0, others, reused=row)

    def _old_floor(self, row: int, footprint: Any) -> tuple[int, float]:
        """Return storeys and gross floor (m2) of a building, by its register or else by its height."""
        height = float(self.buildings["height"].iloc[row])
        storeys = max(1, int(height // OLD_STOREY)) if height > 0 else 1
        known = float(self.buildings["usable_area"].iloc[row]) if "usable_area" in self.buildings else np.nan
        whole = storeys * footprint.area
        return storeys, min(whole, known * GROSS) if known > 0 else whole

    def _on(self, shape: Any) -> tuple[int, ...]:
        found = shapely.STRtree(self.buildings.geometry.to_numpy()).query(shape, predicate="intersects")
        common = shapely.area(shapely.intersection(self.buildings.geometry.to_numpy()[found], shape))
        return tuple(sorted(found[common > SLIVER].tolist()))

    def _demolition(self, rows: Iterable[int], shape: Any) -> float:
        """Return the price of what goes on this ground; a building on two plots is paid for by both, in parts."""
        total = 0.0
        for row in rows:
            footprint = self.buildings.geometry.iloc[row]
            _, floor = self._old_floor(row, footprint)
            total += floor * float(shapely.intersection(footprint, shape).area / footprint.area)
        return total * self.prices.demolition

    def _door(self, shape: Any) -> tuple[float, float]:
        point, _ = shapely.ops.nearest_points(shape, self.ways)
        return float(point.x), float(point.y)


def _largest(shape: Any) -> Any:
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon)]
    return max(parts, key=lambda part: part.area) if parts else shapely.Polygon()
