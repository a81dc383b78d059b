"""Map pictures of a situation and of a run, drawn from what is stored."""

from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from morgen.core.situation import Situation
from morgen.faces.report import style
from morgen.models.flood.classes import depth_classes

if TYPE_CHECKING:
    import geopandas
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_depth", "draw_difference", "draw_impact", "draw_probability", "draw_situation"]

WIDTH, MAP_WIDTH, MARGIN, HEAD, FOOT = 12.0, 9.2, 0.25, 0.95, 0.75
"""Width of the sheet and of the map on it, margin, and height of the head and the foot, inches."""
TALLEST = 2.0
"""Greatest height of the map as a multiple of its width."""
RESOLUTION = 150
LIGHT_AZIMUTH, LIGHT_ALTITUDE = 315, 40
ROUND_LENGTHS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000)


def draw_situation(situation: Situation, path: Path) -> Path:
    """Draw land cover, buildings and trees as they are; writes a PNG and returns its path."""
    figure, axes = _sheet(situation, title=situation.area.name, subtitle="Situation: land cover and buildings")
    _ground(axes, situation)
    _decks(axes, situation)
    _buildings(axes, situation)
    _trees(axes, situation)
    _ground_legend(axes, situation)
    return _finish(figure, axes, situation, path, note=_sources(situation))


def draw_depth(situation: Situation, depth: np.ndarray[Any, Any], path: Path, *, title: str, note: str) -> Path:
    """Draw the greatest water depth (m, on the situation's grid) in classes over the situation.

    Depths under 5 cm and permanent water are not drawn as flood.
    """
    figure, axes = _sheet(situation, title=situation.area.name, subtitle=title)
    _ground(axes, situation)
    _depth(axes, situation, depth)
    _permanent_water(axes, situation)
    _decks(axes, situation)
    _buildings(axes, situation)
    _depth_legend(axes)
    return _finish(figure, axes, situation, path, note=f"{note}\n{_sources(situation)}")


def draw_impact(
    situation: Situation,
    depth: np.ndarray[Any, Any],
    buildings: "geopandas.GeoDataFrame",
    path: Path,
    *,
    thresholds: Sequence[float],
    title: str,
    note: str,
) -> Path:
    """Draw which buildings have water at the façade above each threshold (m); ``buildings`` has ``max_depth``."""
    figure, axes = _sheet(situation, title=situation.area.name, subtitle=title)
    _ground(axes, situation)
    _depth(axes, situation, depth, faint=True)
    _permanent_water(axes, situation)
    _decks(axes, situation)
    _buildings(axes, situation)
    labels = []
    for threshold, colour in zip(thresholds, style.HIT_COLOURS, strict=False):
        hit = buildings[buildings["max_depth"] > threshold]
        if len(hit):
            hit.plot(ax=axes, color=colour, edgecolor="#6b3a1e", linewidth=0.4, zorder=6)
        labels.append((colour, f"above {threshold:.2f} m: {len(hit)}"))
    _legend(axes, labels, title="Buildings with water\nat the façade")
    return _finish(figure, axes, situation, path, note=f"{note}\n{_sources(situation)}")


def draw_difference(
    situation: Situation,
    difference: np.ndarray[Any, Any],
    path: Path,
    *,
    limits: Sequence[float],
    labels: Sequence[tuple[str, str]],
    measures: Sequence[Any],
    title: str,
    subtitle: str,
    legend: str,
    drawn: str,
    note: str,
) -> Path:
    """Draw a map of differences between two runs over the situation; 0 and no value are not drawn.

    ``limits`` are the edges of the classes by size, the smallest first, and ``labels`` the words of each for less
    and for more; the last class is open. ``measures`` are shapes, drawn as outlines;
    ``drawn`` is what the legend calls them.
    """
    figure, axes = _sheet(situation, title=title, subtitle=subtitle)
    _ground(axes, situation)
    patches: list[tuple[str, str]] = []
    for sign, colours, which in ((-1, style.FALL_COLOURS, 0), (1, style.RISE_COLOURS, 1)):
        sized = sign * difference
        _classes(axes, situation, np.where(sized > 0, np.maximum(sized, limits[0]), np.nan), limits, colours)
        patches.extend((colour, words[which]) for colour, words in zip(colours, labels, strict=True))
    _permanent_water(axes, situation)
    _decks(axes, situation)
    _buildings(axes, situation)
    _outlines(axes, measures)
    if measures:
        patches.append((style.MEASURE, drawn))
    _legend(axes, patches, title=legend)
    return _finish(figure, axes, situation, path, note=note)


def _classes(
    axes: "Axes",
    situation: Situation,
    values: np.ndarray[Any, Any],
    limits: Sequence[float],
    colours: Sequence[str],
    *,
    alpha: float = 0.95,
) -> None:
    """Draw the cells at or above the first limit in the colour of their class."""
    from matplotlib.colors import BoundaryNorm, ListedColormap

    axes.imshow(
        np.ma.masked_where(~(values >= limits[0]), values),
        cmap=ListedColormap(colours),
        norm=BoundaryNorm([*limits, 1e6], len(colours)),
        extent=_extent(situation),
        interpolation="nearest",
        alpha=alpha,
        zorder=3,
        origin="upper",
    )


def _outlines(axes: "Axes", shapes: Sequence[Any]) -> None:
    import geopandas

    if shapes:
        drawn = geopandas.GeoSeries(list(shapes), crs="EPSG:28992")
        drawn.plot(ax=axes, facecolor="none", edgecolor=style.MEASURE, linewidth=1.6, markersize=18, zorder=9)


def draw_probability(
    situation: Situation, share: np.ndarray[Any, Any], path: Path, *, title: str, note: str
) -> Path:
    """Draw in which share (0 to 1, on the situation's grid) of an ensemble water stood on the ground."""
    figure, axes = _sheet(situation, title=situation.area.name, subtitle=title)
    _ground(axes, situation)
    wet = np.where(share > 0, np.maximum(share, style.SHARE_CLASSES[0]), np.nan)
    _classes(axes, situation, wet, style.SHARE_CLASSES, style.SHARE_COLOURS)
    _permanent_water(axes, situation)
    _decks(axes, situation)
    _buildings(axes, situation)
    limits = [*style.SHARE_CLASSES, 1.0]
    labels = [
        (colour, f"{low:.0%} to {high:.0%}")
        for colour, low, high in zip(style.SHARE_COLOURS, limits, limits[1:], strict=False)
    ]
    _legend(axes, [*labels, (style.WATER, "permanent water")], title="Members of the ensemble\nwith water")
    return _finish(figure, axes, situation, path, note=f"{note}\n{_sources(situation)}")


def _sheet(situation: Situation, *, title: str, subtitle: str) -> "tuple[Figure, Axes]":
    from matplotlib.figure import Figure

    xmin, ymin, xmax, ymax = situation.area.bounds
    ratio = min((ymax - ymin) / (xmax - xmin), TALLEST)
    height = MAP_WIDTH * ratio + HEAD + FOOT
    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    axes = figure.add_axes((MARGIN / WIDTH, FOOT / height, MAP_WIDTH / WIDTH, 1 - (HEAD + FOOT) / height))
    axes.set_facecolor(style.PAPER)
    margin = 0.015 * max(xmax - xmin, ymax - ymin)
    axes.set_xlim(xmin - margin, xmax + margin)
    axes.set_ylim(ymin - margin, ymax + margin)
    axes.set_aspect("equal")
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
    figure.text(
        MARGIN / WIDTH, 1 - 0.35 / height, title, fontsize=17, fontweight="bold", va="center", color="#2b2b2b"
    )
    figure.text(MARGIN / WIDTH, 1 - 0.68 / height, subtitle, fontsize=11.5, va="center", color="#555555")
    return figure, axes


def _extent(situation: Situation) -> tuple[float, float, float, float]:
    xmin, ymin, xmax, ymax = situation.grid.bounds
    return xmin, xmax, ymin, ymax


def _ground(axes: "Axes", situation: Situation) -> None:
    if situation.has("land_cover"):
        cover = situation.features("land_cover")
        cover.plot(ax=axes, color=[style.ground_colour(theme) for theme in cover["theme"]], linewidth=0, zorder=1)
    if situation.has("terrain"):
        from matplotlib.colors import LightSource

        terrain = situation.raster("terrain").values.astype(np.float64)
        level = np.where(np.isnan(terrain), np.nanmedian(terrain), terrain)
        light = LightSource(LIGHT_AZIMUTH, LIGHT_ALTITUDE)
        size = situation.grid.cell_size
        shade = light.hillshade(level, vert_exag=4, dx=size, dy=size)
        axes.imshow(
            shade, cmap="gray", extent=_extent(situation), alpha=0.16, vmin=0.2, vmax=1, zorder=2, origin="upper"
        )


def _depth(axes: "Axes", situation: Situation, depth: np.ndarray[Any, Any], *, faint: bool = False) -> None:
    classes = depth_classes().drawn
    lower, colours = [item.lower for item in classes], [item.colour for item in classes]
    _classes(axes, situation, depth, lower, colours, alpha=0.5 if faint else 0.95)


def _permanent_water(axes: "Axes", situation: Situation) -> None:
    if not situation.has("land_cover"):
        return
    cover = situation.features("land_cover")
    water = cover[cover["theme"] == "waterdeel"]
    if len(water):
        water.plot(ax=axes, color=style.WATER, edgecolor="#7d95a8", linewidth=0.5, zorder=4)


def _decks(axes: "Axes", situation: Situation) -> None:
    if situation.has("decks") and len(decks := situation.features("decks")):
        decks.plot(ax=axes, color=style.GROUND["kunstwerkdeel"], linewidth=0, zorder=4.5)


def _buildings(axes: "Axes", situation: Situation) -> None:
    if not situation.has("buildings") or not len(buildings := situation.features("buildings")):
        return
    shadow = buildings.geometry.translate(0.9, -0.9)
    shadow.plot(ax=axes, color="#4a4a4a", alpha=0.16, linewidth=0, zorder=4.8)
    buildings.plot(ax=axes, color=style.BUILDING, edgecolor=style.BUILDING_EDGE, linewidth=0.5, zorder=5)


def _trees(axes: "Axes", situation: Situation) -> None:
    if situation.has("trees") and len(trees := situation.features("trees")):
        trees.geometry.buffer(1.8).plot(ax=axes, color="#8fae72", alpha=0.75, linewidth=0, zorder=7)


def _ground_legend(axes: "Axes", situation: Situation) -> None:
    if not situation.has("land_cover"):
        return
    from morgen.sources.land_cover import THEME_TITLES

    found = set(situation.features("land_cover")["theme"])
    labels = [(style.GROUND[theme], THEME_TITLES[theme].english) for theme in style.GROUND if theme in found]
    _legend(axes, labels, title="Land cover")


def _depth_legend(axes: "Axes") -> None:
    classes = depth_classes().drawn
    labels = [
        (item.colour, f"{item.lower:.2f} to {after.lower:.2f} m" if after else f"{item.lower:.2f} m or more")
        for item, after in zip_longest(classes, classes[1:])
    ]
    labels.append((style.WATER, "permanent water"))
    _legend(axes, labels, title="Greatest water depth")


def _legend(axes: "Axes", labels: Sequence[tuple[str, str]], *, title: str) -> None:
    from matplotlib.patches import Patch

    patches = [Patch(facecolor=colour, edgecolor="#8a8a8a", linewidth=0.4, label=text) for colour, text in labels]
    axes.legend(
        handles=patches,
        title=title,
        loc="upper left",
        bbox_to_anchor=(1.015, 1.0),
        borderaxespad=0,
        fontsize=9,
        title_fontsize=10,
        alignment="left",
        frameon=False,
    )


def _finish(figure: "Figure", axes: "Axes", situation: Situation, path: Path, *, note: str) -> Path:
    _area_outline(axes, situation)
    _scale_bar(axes)
    axes.set_axis_off()
    height = figure.get_figheight()
    figure.text(MARGIN / WIDTH, 0.1 / height, note, fontsize=7.5, va="bottom", color="#666666", wrap=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=RESOLUTION, metadata={"Software": None})
    return path


def _area_outline(axes: "Axes", situation: Situation) -> None:
    import geopandas

    outline = geopandas.GeoSeries([situation.area.polygon], crs="EPSG:28992").boundary
    outline.plot(ax=axes, color="#444444", linewidth=0.9, linestyle=(0, (6, 3)), zorder=10)


def _scale_bar(axes: "Axes") -> None:
    """Draw a round length and the north arrow beside the map, in its lower right corner."""
    west, east = axes.get_xlim()
    south, north = axes.get_ylim()
    length = max(step for step in ROUND_LENGTHS if step <= max((east - west) / 5, 1))
    start, level = east + 0.015 * (east - west), south + 0.02 * (north - south)
    ink: dict[str, Any] = {"color": "#222222", "clip_on": False}
    axes.plot([start, start + length], [level, level], linewidth=2.5, solid_capstyle="butt", **ink)
    lift = 0.008 * (north - south)
    axes.text(start + length / 2, level + lift, f"{length} m", ha="center", va="bottom", fontsize=9)
    axes.annotate(
        "N",
        xy=(start + length / 2, level + 14 * lift),
        xytext=(start + length / 2, level + 6 * lift),
        ha="center",
        fontsize=10,
        arrowprops={"arrowstyle": "-|>", "color": "#222222"},
        annotation_clip=False,
    )


def _sources(situation: Situation) -> str:
    named = {
        stamp.source.attribution or stamp.source.title
        for layer in situation.layers.values()
        for stamp in layer.stamps
        if stamp.state == "ok"
    }
    return "Sources: " + "; ".join(sorted(named)) + ". RD New + NAP."
