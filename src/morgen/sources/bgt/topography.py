"""From the objects of one delivery, in whatever spelling, to one reading in the standard topography form."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely

from morgen.core.errors import SourceError
from morgen.core.grid import Bounds, Grid
from morgen.sources.bgt.spelling import COLUMN_SPELLINGS, NOT_BGT, UNKNOWN_WORDS, fold, spellings_of
from morgen.sources.contract import TOPOGRAPHY_COLUMNS, Reading
from morgen.sources.identifiers import bag_id

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RawLayer", "reading_of"]

ISO_SECONDS = len("2016-09-05T12:27:34")

Geometries = npt.NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class RawLayer:
    """Objects of one theme as a file gives them: columns by their own names, and their shapes in RD New."""

    theme: str
    columns: Mapping[str, Sequence[Any]]
    geometries: Geometries


@dataclass
class _Tally:
    """What was changed or left out on the way; becomes the remarks of the reading."""

    ended: int = 0
    shapeless: int = 0
    repaired: int = 0
    duplicates: int = 0
    levelless: int = 0
    others: list[str] = field(default_factory=list)

    def remarks(self) -> tuple[str, ...]:
        sentences = (
            (self.ended, "left out as history: the registration has an end"),
            (self.shapeless, "left out for want of a shape"),
            (self.repaired, "repaired: the shape crossed itself"),
            (self.duplicates, "left out because a later registration of the same object is there"),
            (self.levelless, "put on the ground, level 0: no relatieve hoogteligging is given"),
        )
        counted = [
            (f"{count} object was" if count == 1 else f"{count} objects were", text)
            for count, text in sentences
            if count
        ]
        return (*(f"{subject} {text}." for subject, text in counted), *self.others)


def reading_of(
    layers: Iterable[RawLayer],
    grid: Grid,
    *,
    crs: str,
    bounds: Bounds | None,
    remarks: Sequence[str] = (),
    ended: int = 0,
) -> Reading:
    """Bring raw layers to one reading of role ``topography``.

    Keeps current objects whose shape intersects the box of ``grid``, whole and valid, one row per object.
    ``ended`` counts the objects of history that the caller already left out. Raises ``SourceError`` when a
    column holds what cannot be understood.
    """
    import geopandas
    import pandas as pd

    tally = _Tally(ended=ended, others=list(remarks))
    tables = [_standard_table(layer, grid.bounds, tally) for layer in layers]
    filled = [table for table in tables if len(table)]
    table = pd.concat(filled, ignore_index=True) if filled else _empty_table()
    table = _latest_only(table, tally)
    dates = [*table["registered_at"], *table["published_at"]]
    frame = geopandas.GeoDataFrame(table[list(TOPOGRAPHY_COLUMNS)], geometry="geometry", crs="EPSG:28992")
    return Reading(
        data=frame,
        count=len(frame),
        crs=crs,
        bounds=bounds,
        data_date=max(dates, default="")[: len("2016-09-05")],
        remarks=tally.remarks(),
    )


def _standard_table(layer: RawLayer, box: Bounds, tally: _Tally) -> "pd.DataFrame":
    """Return the current objects of one layer that intersect ``box``, in standard columns."""
    import pandas as pd

    folded: dict[str, Sequence[Any]] = {}
    for name, values in layer.columns.items():
        folded.setdefault(fold(name), values)
    kept = _current(folded, len(layer.geometries), tally)
    kept, shapes = _shapes_in_box(layer.geometries, kept, box, tally)
    text = {
        column: _first_words(folded, spellings_of(column, theme=layer.theme), kept) for column in COLUMN_SPELLINGS
    }
    unknown = [None] * len(kept)
    levels = _values(folded, "relatievehoogteligging", kept) or unknown
    table = pd.DataFrame({column: pd.Series(words, dtype=object) for column, words in text.items()})
    table["theme"] = pd.Series([layer.theme] * len(kept), dtype=object)
    table["status"] = [_status(*pair) for pair in zip(text["status"], text["plus_status"], strict=True)]
    _replace_not_bgt(table)
    table["level"] = np.array([_level(value, tally) for value in levels], dtype=np.int64)
    table["registered_at"] = [_timestamp(word) for word in text["registered_at"]]
    table["published_at"] = [_timestamp(word) for word in text["published_at"]]
    pand_ids = _values(folded, "identificatiebagpnd", kept) or _values(folded, "bagpnd", kept) or unknown
    table["bag_id"] = [bag_id(value) for value in pand_ids]
    table["geometry"] = shapes
    return table


def _current(columns: Mapping[str, Sequence[Any]], count: int, tally: _Tally) -> npt.NDArray[np.intp]:
    everything = np.arange(count)
    ends = _first_words(columns, COLUMN_SPELLINGS["ended_at"], everything)
    current = np.array([not end for end in ends], dtype=bool)
    tally.ended += count - int(current.sum())
    return np.flatnonzero(current)


def _shapes_in_box(
    geometries: Geometries, kept: npt.NDArray[np.intp], box: Bounds, tally: _Tally
) -> tuple[npt.NDArray[np.intp], Geometries]:
    """Return which of ``kept`` intersect the box, and their shapes: two-dimensional and valid."""
    shapes = shapely.force_2d(geometries[kept])
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    tally.shapeless += int((~there).sum())
    xmin, ymin, xmax, ymax = shapely.bounds(shapes).T
    near = there & (xmin <= box[2]) & (xmax >= box[0]) & (ymin <= box[3]) & (ymax >= box[1])
    kept, shapes = kept[near], shapes[near]
    broken = ~shapely.is_valid(shapes)
    if broken.any():
        # 'structure' keeps surfaces surfaces; what collapses to a line has no place in a partition
        shapes[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
        gone = shapely.is_empty(shapes)
        tally.repaired += int((broken & ~gone).sum())
        tally.shapeless += int(gone.sum())
    inside = shapely.intersects(shapes, shapely.box(*box))
    return kept[inside], shapes[inside]


def _values(columns: Mapping[str, Sequence[Any]], spelling: str, rows: npt.NDArray[np.intp]) -> list[Any] | None:
    column = columns.get(spelling)
    return None if column is None else [column[row] for row in rows]


def _first_words(
    columns: Mapping[str, Sequence[Any]], spellings: Sequence[str], rows: npt.NDArray[np.intp]
) -> list[str]:
    """Return per row the first of the spellings that says something."""
    words = [""] * len(rows)
    for spelling in spellings:
        values = _values(columns, spelling, rows)
        if values is not None:
            words = [word or _word(value) for word, value in zip(words, values, strict=True)]
    return words


def _word(value: object) -> str:
    """Return a value as text; empty when the file says that it is unknown."""
    if value is None or value != value:  # noqa: PLR0124  # NaN and NaT differ from themselves
        return ""
    text = str(value).strip()
    return "" if fold(text) in UNKNOWN_WORDS else text


def _level(value: object, tally: _Tally) -> int:
    word = _word(value)
    if not word:
        tally.levelless += 1
        return 0
    try:
        return int(float(word))
    except ValueError as error:
        raise SourceError(f"relatieve hoogteligging {word!r} is not a whole number") from error


def _status(status: str, plus_status: str) -> str:
    """Return the status; a plan has no BGT status, only one in the plus part."""
    return status or plus_status


def _replace_not_bgt(table: "pd.DataFrame") -> None:
    """Say what an object outside the BGT is: the words of its plus part."""
    for column, sources in {"function": ("plus_function", "plus_surface"), "surface": ("plus_surface",)}.items():
        outside = table[column] == NOT_BGT
        table.loc[outside, column] = ""
        for source in sources:
            empty = outside & (table[column] == "")
            table.loc[empty, column] = table.loc[empty, source]


def _timestamp(word: str) -> str:
    """Return a date or time as ISO 8601 to the second, so that deliveries compare as text.

    A zone is cut off: CityGML gives none, and the same registration must sort the same in every delivery.
    """
    return word.replace(" ", "T").replace("/", "-")[:ISO_SECONDS].rstrip("Z")


def _latest_only(table: "pd.DataFrame", tally: _Tally) -> "pd.DataFrame":
    order = table.sort_values(["registered_at", "published_at"], kind="stable")
    older = order.duplicated("object_id", keep="last") & (order["object_id"] != "")
    tally.duplicates += int(older.sum())
    return order[~older].sort_index().reset_index(drop=True)


def _empty_table() -> "pd.DataFrame":
    import pandas as pd

    columns = [*TOPOGRAPHY_COLUMNS, "published_at"]
    table = pd.DataFrame({column: pd.Series([], dtype=object) for column in columns})
    return table.astype({"level": np.int64})
