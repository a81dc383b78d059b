"""Reading the linked sources of a twin: every file ends as data with a stamp, or as a stamp that says why not."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from morgen.core.area import Area
from morgen.core.errors import SourceError
from morgen.core.grid import Bounds, Grid
from morgen.core.source import Role, Source, SourceStamp, SourceState
from morgen.services.config import LinkedSource, TwinConfig
from morgen.services.progress import Progress
from morgen.sources.contract import Reader, Reading, Recognised
from morgen.sources.files import sha256_of
from morgen.sources.registry import get_reader, readers, recognise_all

__all__ = ["WALK", "Sighting", "Taken", "look_at", "overlaps", "sight", "take"]

WALK = 1_500.0
"""m; whoever lives at the edge of the grid walks out of it, so what can be walked to is read this much wider."""
WIDE_ROLES = frozenset({Role.WALKING_NETWORK, Role.ADDRESSES, Role.FACILITIES})
ANY_CELL_SIZE = 1.0
"""m; to look whether a file has anything in a box, the size of the cells does not matter."""


@dataclass(frozen=True)
class Sighting:
    """What was found at linked paths."""

    recognised: tuple[Recognised, ...] = ()
    failures: tuple[SourceStamp, ...] = ()
    """Stamps of paths and files that could not be read."""
    skipped: tuple[str, ...] = ()
    """One remark per file, inside a linked folder, that was left out."""

    def raise_for_elsewhere(self, area: Area) -> None:
        """Raise ``SourceError`` when everything that was found lies outside the box of ``area``.

        Most files tell their extent at first sight; only when none of those fits, the others are read.
        """
        located = [(item, item.bounds) for item in self.recognised if item.bounds]
        if any(overlaps(bounds, area.bounds) for _, bounds in located):
            return
        for item in self.recognised:
            if item.bounds is None:
                reading = get_reader(item.source.format).read(item, Grid.covering(area.bounds, ANY_CELL_SIZE))
                if reading.count:
                    return
                located.extend([(item, reading.bounds)] if reading.bounds else [])
        where = [f"{item.path} is {item.source.title} of {_in_words(bounds)}" for item, bounds in located]
        found = where[0] if where else f"{self.recognised[0].path} holds nothing in the box of the area"
        raise SourceError(
            f"{found}, but the area {area.name!r} is {_in_words(area.bounds)}; link data of the area itself"
        )


@dataclass(frozen=True, eq=False)
class Taken:
    """What was taken from one source: its stamp, and its data when the state is ``ok``."""

    recognised: Recognised
    stamp: SourceStamp
    reading: Reading | None

    @property
    def role(self) -> Role | None:
        """The role of the source."""
        return self.recognised.source.role


def sight(path: Path, linked: LinkedSource) -> Sighting:
    """Recognise a file or the files of a folder; what its owner said of it overrules what the content tells.

    Raises ``UnrecognisedSourceError`` or ``UnreadableSourceError`` when nothing usable is there.
    """
    found = recognise_all(path)
    once = {item.path: item for item in reversed(found.recognised)}
    chosen = tuple(reversed(once.values())) if linked.role else found.recognised
    return Sighting(
        recognised=tuple(_as_linked(item, linked) for item in chosen),
        failures=tuple(_failed(_unknown_source(broken.path), str(broken)) for broken in found.failures),
        skipped=found.skipped,
    )


def look_at(config: TwinConfig, folder: Path) -> Sighting:
    """Recognise every linked file; a path that is gone or broken becomes a failed stamp, the others stay."""
    recognised: dict[str, Recognised] = {}
    failures: list[SourceStamp] = []
    skipped: list[str] = []
    for linked, path in zip(config.sources, config.source_paths(folder), strict=True):
        try:
            found = sight(path, linked)
        except SourceError as error:
            failures.append(_failed(_unknown_source(path), str(error)))
            continue
        for item in found.recognised:
            recognised.setdefault(f"{item.path} {item.source.id}", item)
        failures.extend(found.failures)
        skipped.extend(found.skipped)
    return Sighting(tuple(recognised.values()), tuple(failures), tuple(skipped))


def take(items: Iterable[Recognised], grid: Grid, *, progress: Progress) -> list[Taken]:
    """Read what lies in the box of ``grid`` from every source that overlaps it; where people walk, wider."""
    by_format = {reader.id: reader for reader in readers()}
    wide = _widened(grid)
    chosen = list(items)
    taken = []
    for number, item in enumerate(chosen):
        progress(number / max(len(chosen), 1), f"reading {item.path.name}")
        frame = wide if item.source.role in WIDE_ROLES else grid
        taken.append(_take_one(item, by_format[item.source.format], frame))
    return taken


def overlaps(one: Bounds | None, other: Bounds) -> bool:
    """Whether two boxes share some surface; an unknown box may overlap anything."""
    if one is None:
        return True
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _take_one(item: Recognised, reader: Reader, grid: Grid) -> Taken:
    if not overlaps(item.bounds, grid.bounds):
        problem = f"{item.path} has no data in the area"
        return Taken(item, _failed(item.source, problem, bounds=item.bounds), None)
    try:
        reading = reader.read(item, grid)
    except SourceError as error:
        return Taken(item, _failed(item.source, str(error), bounds=item.bounds), None)
    if not reading.count and not overlaps(reading.bounds, grid.bounds):
        problem = f"{item.path} has no data in the area"
        return Taken(item, _failed(item.source, problem, bounds=reading.bounds), None)
    stamp = SourceStamp(
        source=item.source,
        state=SourceState.OK,
        fetched_at=datetime.now(UTC),
        sha256=sha256_of(item.path),
        count=reading.count,
        crs=reading.crs,
        bounds=reading.bounds,
        data_date=reading.data_date,
        problem=" ".join(reading.remarks),
    )
    return Taken(item, stamp, reading)


def _widened(grid: Grid) -> Grid:
    xmin, ymin, xmax, ymax = grid.bounds
    return Grid.covering((xmin - WALK, ymin - WALK, xmax + WALK, ymax + WALK), grid.cell_size)


def _in_words(bounds: Bounds) -> str:
    xmin, ymin, xmax, ymax = bounds
    return f"x {xmin:.0f} to {xmax:.0f}, y {ymin:.0f} to {ymax:.0f}"


def _as_linked(item: Recognised, linked: LinkedSource) -> Recognised:
    said = {"role": linked.role, "attribution": linked.attribution}
    return replace(
        item, source=item.source.model_copy(update={key: value for key, value in said.items() if value})
    )


def _unknown_source(path: Path) -> Source:
    return Source(id=str(path), title=path.name, format="unknown", role=None)


def _failed(source: Source, problem: str, *, bounds: Bounds | None = None) -> SourceStamp:
    return SourceStamp(source=source, state=SourceState.FAILED, problem=problem, bounds=bounds)
