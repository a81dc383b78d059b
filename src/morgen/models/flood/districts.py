"""Sewer districts from the layers of sewers: which cells drain to which pipes, and what these hold and let out.

A district is all gravity sewers that hang together. Its store is the volume of its pipes below the crest of its
lowest overflow; foul pipes that hang together with mixed ones are part of it, as they fill with them.
"""

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from morgen.core.grid import Grid
from morgen.core.situation import Situation
from morgen.models.flood.sewers import SewerDistrict

if TYPE_CHECKING:
    import geopandas

__all__ = ["find_districts"]

Array = npt.NDArray[Any]
BoolArray = npt.NDArray[np.bool_]

RAIN: Final = ("Gemengd riool", "Hemelwaterriool", "Vrijverval rioolleiding")
"""Kinds of pipe that take rain, in the words of GWSW."""
GRAVITY: Final = (*RAIN, "Vuilwaterriool", "Zinker")
"""Kinds that fill with them where they hang together."""
OVERFLOW_PIPE: Final = "Overstortleiding"
INTERNAL: Final = "Interne overstortput"
"""Lets water go to other sewers only."""
OUTLET: Final = "Uitlaatconstructie"
GULLY: Final = "Kolk"

REACH: Final = 60.0
"""m: ground farther than this from any pipe that takes rain is in no district; streets with houses and gardens."""
TOGETHER: Final = 1.0
"""m: ends and nodes nearer than this to each other are joined."""
OPEN_WATER_REACH: Final = 25.0
"""m around an outlet in which water comes out."""
LEAST_KNOWN: Final = 0.5
"""Share of the length of a district whose sizes must be known."""
LEAST_HEAD: Final = 0.05
"""m."""
WEIR: Final = 2 / 3 * math.sqrt(2 / 3 * 9.81)
"""q = 1.70 H^1.5 over a broad crest (Bos 1989, Discharge measurement structures, section 1.9)."""
END_LOSSES: Final = 1.5
MANNING: Final = 0.015
"""s/m^(1/3), concrete (Chow 1959, table 5-6)."""
AREAS: Final = {"Rond": math.pi / 4, "Ei": 0.766, "Eivormig": 0.766, "Rechthoekig": 1.0}
"""Cross section over width times height; an egg of 2 to 3 has 0.51 times its height squared."""


def find_districts(
    situation: Situation, *, water: BoolArray, local: BoolArray, warn: Callable[[str], None]
) -> tuple[SewerDistrict, ...]:
    """Return the districts that the layers ``sewers`` and ``sewer_nodes`` tell; none without these layers.

    ``water`` are the cells of permanent water, into which overflows and outlets let go; ``local`` cells have
    storage of their own and are in no district. ``warn`` gets a sentence when pipes have no sizes: their ground
    keeps the plain capacity.
    """
    if not (situation.has("sewers") and situation.has("sewer_nodes")):
        return ()
    network = _Network(situation)
    nearest = _nearest(network, situation.grid)
    found, unknown = [], 0
    for number in np.unique(nearest[nearest > 0]).tolist():
        mask = (nearest == number) & ~local
        if not network.is_known(number):
            unknown += 1
        elif mask.any():
            found.append(network.district(number, mask, water))
    if unknown:
        warn(
            f"For {unknown} of {unknown + len(found)} sewer districts the sizes of pipes are not known; there the"
            " sewer takes its capacity all the time and is never full."
        )
    return tuple(found)


class _Network:
    """Pipes by district, and the nodes at their ends."""

    def __init__(self, situation: Situation) -> None:
        self._grid = situation.grid
        self._terrain = situation.raster("terrain").values
        pipes = situation.features("sewers")
        self.nodes = situation.features("sewer_nodes")
        gravity = pipes[pipes["kind"].isin(GRAVITY)].reset_index(drop=True)
        self.number, self._places = _districts(gravity)
        self.pipes = gravity.assign(area=_areas(gravity), metres=_lengths(gravity))
        beyond = pipes[pipes["kind"] == OVERFLOW_PIPE]
        self._beyond = beyond.assign(area=_areas(beyond), metres=_lengths(beyond)).reset_index(drop=True)

    def is_known(self, number: int) -> bool:
        """Return whether most of a district has sizes."""
        own = self.pipes[self.number == number]
        known = own.loc[own["area"].notna(), "metres"].sum()
        return bool(known >= LEAST_KNOWN * own["metres"].sum() > 0)

    def district(self, number: int, mask: BoolArray, water: BoolArray) -> SewerDistrict:
        """Return the district of ``mask``."""
        own = self.pipes[self.number == number]
        ends = shapely.MultiPoint(self._places[np.repeat(self.number, 2) == number])
        nodes = self.nodes[shapely.dwithin(self.nodes.geometry.to_numpy(), ends, TOGETHER)]
        crests = nodes.loc[nodes["kind"] != INTERNAL, "crest_level"].dropna()
        outlets = list(self._outlets(own, nodes))
        places = [place for _, place in outlets]
        near = _burnt([place.buffer(OPEN_WATER_REACH) for place in places], self._grid) > 0
        return SewerDistrict(
            mask=mask,
            storage=_storage(own, float(crests.min()) if len(crests) else math.inf),
            pump=float(nodes["pump_capacity"].fillna(0).sum()),
            overflow=sum(capacity for capacity, _ in outlets),
            overflow_to=near & water if (near & water).any() else None,
            gullies=self._gullies(mask),
        )

    def _outlets(
        self, own: "geopandas.GeoDataFrame", nodes: "geopandas.GeoDataFrame"
    ) -> Iterator[tuple[float, Any]]:
        """Yield the capacity (m3/s) and the place of each overflow and each outlet."""
        for node in nodes[nodes["crest_level"].notna() & (nodes["kind"] != INTERNAL)].itertuples():
            head = max(self._ground(node) - node.crest_level, LEAST_HEAD)
            width = node.crest_width if node.crest_width > 0 else 1.0
            pipe = self._at(self._beyond, node.geometry)
            through = math.inf if pipe is None else _full_flow(pipe, head)
            place = node.geometry if pipe is None else _other_end(pipe.geometry, node.geometry)
            yield min(WEIR * width * head**1.5, through), place
        for node in nodes[nodes["kind"] == OUTLET].itertuples():
            pipe = self._at(own, node.geometry)
            if pipe is not None:
                top = np.nanmax([pipe.invert_begin, pipe.invert_end, -math.inf]) + pipe.height
                head = self._level(_other_end(pipe.geometry, node.geometry)) - top
                yield _full_flow(pipe, max(head, LEAST_HEAD) if math.isfinite(head) else LEAST_HEAD), node.geometry

    def _at(self, pipes: "geopandas.GeoDataFrame", place: Any) -> Any:
        """Return the widest pipe of known size that ends at a place; None without one."""
        ends = shapely.dwithin(pipes.geometry.boundary.to_numpy(), place, TOGETHER) & pipes["area"].notna()
        found = pipes[ends].sort_values("area")
        return next(found.iloc[-1:].itertuples(), None)

    def _ground(self, node: Any) -> float:
        return float(node.ground_level) if math.isfinite(node.ground_level) else self._level(node.geometry)

    def _level(self, place: Any) -> float:
        """Return the level (m NAP) of the ground at a place; NaN outside the terrain."""
        grid = self._grid
        row, column = int((grid.ymax - place.y) // grid.cell_size), int((place.x - grid.xmin) // grid.cell_size)
        rows, columns = grid.shape
        return float(self._terrain[row, column]) if 0 <= row < rows and 0 <= column < columns else math.nan

    def _gullies(self, mask: BoolArray) -> BoolArray | None:
        """Return the cells of a district with a gully; None when no gully is known."""
        places = self.nodes.loc[self.nodes["kind"] == GULLY].geometry
        grid, gullies = self._grid, np.zeros_like(mask)
        rows = ((grid.ymax - places.y.to_numpy()) // grid.cell_size).astype(int)
        columns = ((places.x.to_numpy() - grid.xmin) // grid.cell_size).astype(int)
        inside = (rows >= 0) & (rows < mask.shape[0]) & (columns >= 0) & (columns < mask.shape[1])
        gullies[rows[inside], columns[inside]] = True
        found = gullies & mask
        return found if found.any() else None


def _districts(pipes: "geopandas.GeoDataFrame") -> tuple[npt.NDArray[np.int64], Array]:
    """Return the number of the district of each pipe, from 1, and the places (x, y) of its two ends."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import KDTree

    count = len(pipes)
    lines = [shapely.get_coordinates(line) for line in pipes.geometry]
    places = np.array([end for line in lines for end in (line[0], line[-1])]).reshape(-1, 2)
    if not count:
        return np.zeros(0, np.int64), places
    close = KDTree(places).query_pairs(TOGETHER, output_type="ndarray")
    own = np.arange(2 * count).reshape(-1, 2)
    links = np.vstack([own, close])
    graph = coo_array((np.ones(len(links)), (links[:, 0], links[:, 1])), shape=(2 * count, 2 * count))
    _, labels = connected_components(graph, directed=False)
    return labels[::2].astype(np.int64) + 1, places


def _nearest(network: _Network, grid: Grid) -> npt.NDArray[np.int64]:
    """Return per cell the district of the nearest pipe that takes rain, 0 for none within reach."""
    from scipy.ndimage import distance_transform_edt

    takes = network.pipes["kind"].isin(RAIN).to_numpy()
    row = _burnt(network.pipes.geometry[takes], grid)
    if not row.any():
        return np.zeros(grid.shape, np.int64)
    away, (rows, columns) = distance_transform_edt(row == 0, sampling=grid.cell_size, return_indices=True)
    numbers = np.concatenate([[0], network.number[takes]])[row]
    nearest: npt.NDArray[np.int64] = np.where(away <= REACH, numbers[rows, columns], 0)
    return nearest


def _burnt(shapes: Any, grid: Grid) -> npt.NDArray[np.int32]:
    from morgen.models.flood.fields import burn

    return burn(shapes, grid, all_touched=True)


def _areas(pipes: "geopandas.GeoDataFrame") -> Array:
    """Return the cross sections, m2; NaN when unknown."""
    part = np.array([AREAS.get(shape, AREAS["Rond"]) for shape in pipes["shape"]])
    areas: Array = part * (pipes["width"] * pipes["height"].fillna(pipes["width"])).to_numpy(dtype=float)
    return areas


def _lengths(pipes: "geopandas.GeoDataFrame") -> Array:
    lengths: Array = pipes["length"].fillna(pipes.geometry.length).to_numpy(dtype=float)
    return lengths


def _storage(pipes: "geopandas.GeoDataFrame", crest: float) -> float:
    """Return what pipes hold below the level ``crest`` (m NAP), m3; unknown sections count as the mean one."""
    middle = pipes[["invert_begin", "invert_end"]].mean(axis=1)
    below = ((crest - middle) / pipes["height"].fillna(pipes["width"])).clip(0, 1).fillna(1.0)
    known = pipes["area"].notna()
    mean = float(np.average(pipes.loc[known, "area"], weights=pipes.loc[known, "metres"]))
    return float((pipes["area"].fillna(mean) * pipes["metres"] * below).sum())


def _full_flow(pipe: Any, head: float) -> float:
    """Return the discharge (m3/s) of a full pipe for a ``head`` (m): losses at both ends and Manning friction."""
    radius = math.sqrt(pipe.area / math.pi) / 2
    friction = 2 * 9.81 * MANNING**2 * pipe.metres / radius ** (4 / 3)
    return float(pipe.area * math.sqrt(2 * 9.81 * head / (END_LOSSES + friction)))


def _other_end(line: Any, place: Any) -> Any:
    ends: list[Any] = [shapely.Point(end) for end in shapely.get_coordinates(line)[[0, -1]]]
    return max(ends, key=place.distance)
