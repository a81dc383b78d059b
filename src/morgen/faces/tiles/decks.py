"""Bridges, viaducts and other ground above the ground, as slabs."""

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from morgen.core.situation import Situation
from morgen.faces.report.style import ground_class
from morgen.faces.tiles.attribution import attributions
from morgen.faces.tiles.frame import SceneFrame
from morgen.faces.tiles.glb import Primitive, write_glb
from morgen.faces.tiles.heights import Heights
from morgen.faces.tiles.mesh import Mesh
from morgen.faces.tiles.properties import Column, PropertyTable
from morgen.faces.tiles.triangulate import triangulate
from morgen.sources.buildings.extrusion import extrude

if TYPE_CHECKING:
    import geopandas

__all__ = ["decks_glb", "has_decks"]

THICKNESS: Final = 0.4
"""m."""
SMALLEST: Final = 0.05
"""m2; smaller pieces remain where two objects do not fit quite."""
RIM_STEP: Final = 1.0
"""m between the places along the rim where the terrain is looked up."""
STRUCTURES: Final = ("overbruggingsdeel", "kunstwerkdeel")
"""Themes that carry others: the BGT draws the road once more on top of these."""


def has_decks(situation: Situation) -> bool:
    """Whether there is a deck to draw; tunnels lie below the ground and are none."""
    return situation.has("decks") and len(_above(situation)) > 0


def decks_glb(situation: Situation) -> bytes | None:
    """Return the decks above the ground as a GLB in local coordinates; None when there are none.

    A slab is 0.4 m thick. Its top lies at the median of the surface on it (which a tree or a lorry does not move),
    and nowhere under the terrain at its rim. Raises ``MissingLayerError`` when the layer is missing.
    """
    situation.require("decks")
    decks = _above(situation)
    pieces = _pieces(decks)
    tops = _tops(pieces, Heights.of(situation))
    mesh = _slabs(pieces, tops, SceneFrame.of(situation.grid))
    if not len(mesh.triangles):
        return None
    return write_glb(
        _by_colour(mesh, decks),
        _table(decks, tops),
        attribution="; ".join(attributions([situation.layers["decks"]])),
    )


def _above(situation: Situation) -> "geopandas.GeoDataFrame":
    decks = situation.features("decks")
    return decks[decks["level"] > 0].reset_index(drop=True)


def _pieces(decks: "geopandas.GeoDataFrame") -> npt.NDArray[Any]:
    """Return what is seen of each deck: a structure without the road that the BGT draws on it once more."""
    shapes = np.array(shapely.make_valid(decks.geometry.to_numpy()), dtype=object)
    levels, carrying = decks["level"].to_numpy(), decks["theme"].isin(STRUCTURES).to_numpy()
    for level in np.unique(levels[carrying]):
        carried = shapely.union_all(shapes[(levels == level) & ~carrying])
        mine = (levels == level) & carrying
        shapes[mine] = shapely.difference(shapes[mine], carried)
    return shapes


def _tops(pieces: npt.NDArray[Any], heights: Heights) -> npt.NDArray[np.float64]:
    """Return the height of the top of each deck, m NAP; the usual ground level where nothing is known."""
    tops = np.full(len(pieces), heights.usual_level)
    for row, piece in enumerate(pieces):
        over = heights.surface_under(piece)
        rim = heights.terrain_at(shapely.get_coordinates(shapely.segmentize(piece, RIM_STEP)))
        known = [np.median(over)] if len(over) else []
        tops[row] = max([*known, *rim[np.isfinite(rim)]], default=tops[row])
    return tops


def _slabs(pieces: npt.NDArray[Any], tops: npt.NDArray[np.float64], frame: SceneFrame) -> Mesh:
    polygons: list[shapely.Polygon] = []
    owners: list[int] = []
    kinds: list[str] = []
    parts, rows = shapely.get_parts(pieces, return_index=True)
    for part, row in zip(parts, rows.tolist(), strict=True):
        if shapely.area(part) > SMALLEST:
            solid, named = extrude(part, tops[row] - THICKNESS, tops[row])
            polygons.extend(solid.geoms)
            owners.extend([row] * len(named))
            kinds.extend(named)
    local = shapely.transform(np.array(polygons, dtype=object), frame.to_local, include_z=True)
    return triangulate(local, owners, kinds)


def _by_colour(mesh: Mesh, decks: "geopandas.GeoDataFrame") -> list[Primitive]:
    columns = (decks[name].fillna("") for name in ("theme", "function", "surface", "plus_surface"))
    colours = np.array(
        [
            ground_class(theme, function=function, surface=surface, plus_surface=plus).colour
            for theme, function, surface, plus in zip(*columns, strict=True)
        ]
    )
    seen = colours[mesh.features[mesh.triangles[:, 0]]]
    return [Primitive(mesh.only(seen == colour).welded(), str(colour)) for colour in np.unique(seen)]


def _table(decks: "geopandas.GeoDataFrame", tops: npt.NDArray[np.float64]) -> PropertyTable:
    texts = {name: list(decks[name].fillna("")) for name in ("object_id", "theme", "function")}
    return PropertyTable(
        "deck",
        {
            "id": Column("object_id in the layer", texts["object_id"], semantic="ID"),
            "theme": Column("Object type of the BGT", texts["theme"]),
            "function": Column("Function in the words of the BGT", texts["function"], no_data=""),
            "top": Column("Height at which the top is drawn, m NAP", tops.astype(np.float32)),
        },
    )
