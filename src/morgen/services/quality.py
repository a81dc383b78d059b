"""The data quality report of a situation: what is there, what is missing, what does not fit together."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import shapely

from morgen.core.noun import Noun
from morgen.core.situation import Layer, Situation, TerrainOrigin
from morgen.core.source import SourceStamp, SourceState

__all__ = ["Finding", "QualityReport", "judge"]

Level = Literal["ok", "note", "warning", "error"]

NEEDED = ("terrain", "land_cover", "buildings")
"""Layers without which no built-in model can run."""
FEW = 0.02
"""Share of the area that may be missing or filled before it is worth a warning."""
MUCH_FILLED = 0.5
YEARS_APART = 3
"""Sources further apart than this describe another neighbourhood than the one that stands there."""
NAMED = 5
"""How many ids a finding names."""


class Finding(Noun):
    """One thing that a user of the data should know."""

    level: Level
    subject: str
    """The layer or source that it is about."""
    sentence: str
    value: float | None = None
    """The number in the sentence, for machines."""
    unit: str = ""


class QualityReport(Noun):
    """What the data of a twin are worth."""

    area: str
    surface: float
    """m2"""
    cell_size: float
    """m"""
    layers: tuple[Layer, ...]
    findings: tuple[Finding, ...]

    @property
    def usable(self) -> bool:
        """Whether a model can run on these data."""
        return all(finding.level != "error" for finding in self.findings)


def judge(situation: Situation) -> QualityReport:
    """Judge the data of a situation inside its area."""
    findings = [
        *_sources(situation),
        *_missing_layers(situation),
        *_terrain(situation),
        *_land_cover(situation),
        *_buildings(situation),
        *_dates(situation),
    ]
    return QualityReport(
        area=situation.area.name,
        surface=situation.area.surface,
        cell_size=situation.grid.cell_size,
        layers=tuple(situation.layers.values()),
        findings=tuple(findings),
    )


def _stamps(situation: Situation) -> list[SourceStamp]:
    by_id = {stamp.source.id: stamp for layer in situation.layers.values() for stamp in layer.stamps}
    return list(by_id.values())


def _sources(situation: Situation) -> Iterator[Finding]:
    for stamp in _stamps(situation):
        if stamp.state is SourceState.FAILED:
            yield Finding(level="warning", subject=stamp.source.id, sentence=stamp.problem)
        elif stamp.problem:
            sentence = f"{Path(stamp.source.id).name} ({stamp.source.title}): {stamp.problem}"
            yield Finding(level="note", subject=stamp.source.id, sentence=sentence)


def _missing_layers(situation: Situation) -> Iterator[Finding]:
    for name, layer in situation.layers.items():
        if not layer.available:
            level: Level = "error" if name in NEEDED else "note"
            sentence = f"The layer {name!r} is missing: {layer.problem}."
            yield Finding(level=level, subject=name, sentence=sentence.replace("..", "."))


def _terrain(situation: Situation) -> Iterator[Finding]:
    if not situation.has("terrain_origin"):
        return
    inside = _inside(situation)
    origin = situation.raster("terrain_origin").values[inside]
    for code, label in TerrainOrigin.LABELS.items():
        share = float((origin == code).mean())
        level: Level = "ok" if code == TerrainOrigin.MEASURED else "note"
        if code in (TerrainOrigin.GAP, TerrainOrigin.OUTSIDE) and share > FEW:
            level = "warning"
        if share > 0:
            sentence = f"Terrain: {share:.1%} of the area is {label}."
            yield Finding(level=level, subject="terrain", sentence=sentence, value=share, unit="1")


def _land_cover(situation: Situation) -> Iterator[Finding]:
    if not situation.has("land_cover"):
        return
    from morgen.sources.land_cover import partition_quality

    found = partition_quality(situation.features("land_cover"), situation.area.polygon)
    rows: list[tuple[Level, str, float]] = [
        (
            "ok" if found.covered_share > 1 - FEW else "warning",
            f"Land cover: {found.covered_share:.1%} of the area is covered; the rest counts as unknown ground.",
            found.covered_share,
        ),
        (
            "ok" if found.gap_area == 0 else "note",
            f"Land cover: gaps between objects take {found.gap_area:,.0f} m2.",
            found.gap_area,
        ),
        (
            "ok" if found.overlap_area == 0 else "warning",
            f"Land cover: objects overlap over {found.overlap_area:,.1f} m2.",
            found.overlap_area,
        ),
    ]
    units = ("1", "m2", "m2")
    for (level, sentence, value), unit in zip(rows, units, strict=True):
        yield Finding(level=level, subject="land_cover", sentence=sentence, value=value, unit=unit)


def _buildings(situation: Situation) -> Iterator[Finding]:
    if not situation.has("buildings"):
        return
    buildings = situation.features("buildings")
    inside = buildings[shapely.intersects(buildings.geometry.to_numpy(), situation.area.polygon)]
    joined = int((inside["in_bgt"] & (inside["in_bag"] | inside["in_model"])).sum())
    yield _count("ok", f"Buildings: {len(inside)} in the area.", len(inside))
    yield _count("note", f"Buildings: {joined} are in the BGT and in another source.", joined)
    yield _named("Buildings: {} have no height", inside["object_id"][inside["height"].isna()])
    yield _named("Buildings: {} have no BAG id", inside["object_id"][inside["bag_id"] == ""])
    yield _named("Buildings: {} are in a register or 3D model only", inside["bag_id"][~inside["in_bgt"]])


def _count(level: Level, sentence: str, value: int) -> Finding:
    return Finding(level=level, subject="buildings", sentence=sentence, value=value, unit="count")


def _named(sentence: str, found: Iterable[str]) -> Finding:
    ids = list(found)
    examples = ", ".join(ids[:NAMED]) + (" ..." if len(ids) > NAMED else "")
    text = sentence.format(len(ids)) + (f" ({examples})." if ids else ".")
    return _count("warning" if ids else "ok", text, len(ids))


def _dates(situation: Situation) -> Iterator[Finding]:
    dated = sorted((stamp.data_date, stamp.source.title) for stamp in _stamps(situation) if stamp.data_date)
    if not dated:
        yield Finding(level="note", subject="sources", sentence="No source carries a date.")
        return
    (first, oldest), (last, youngest) = dated[0], dated[-1]
    apart = int(last[:4]) - int(first[:4])
    yield Finding(
        level="warning" if apart > YEARS_APART else "ok",
        subject="sources",
        sentence=f"Data are of {first[:10]} ({oldest}) to {last[:10]} ({youngest}), {apart} years apart.",
        value=apart,
        unit="",
    )


def _inside(situation: Situation) -> npt.NDArray[np.bool_]:
    """Return which cells have their centre in the area, shape (rows, columns)."""
    from rasterio.features import geometry_mask
    from rasterio.transform import Affine

    grid = situation.grid
    outline = [situation.area.polygon]
    outside: npt.NDArray[np.bool_] = geometry_mask(
        outline, out_shape=grid.shape, transform=Affine(*grid.transform)
    )
    return ~outside
