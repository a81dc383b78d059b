"""A stored feature layer as a table: which columns are served, under which ids. Imported inside functions only."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet

from morgen.core.errors import StorageError
from morgen.core.grid import Bounds

__all__ = ["ID_COLUMN", "LayerTable", "unique_ids"]

ID_COLUMN = "object_id"
OF_HELPERS = ("solid_surfaces",)
"""Columns that describe a helper geometry."""
ROWS_AT_ONCE = 16_384
"""Rows that are held as Python objects at one time."""


@dataclass(frozen=True)
class LayerTable:
    """The GeoParquet file of a layer, read piece by piece."""

    path: Path

    @cached_property
    def _file(self) -> Any:
        try:
            return pyarrow.parquet.ParquetFile(self.path)
        except (pa.ArrowException, OSError) as error:
            raise StorageError(
                f"the stored features {self.path} are broken ({error}); gather the twin or run again"
            ) from error

    @cached_property
    def _geo(self) -> dict[str, Any]:
        described: dict[str, Any] = json.loads(self._file.schema_arrow.metadata[b"geo"])
        return described

    @property
    def count(self) -> int:
        """Number of features."""
        return int(self._file.metadata.num_rows)

    @property
    def bounds(self) -> Bounds | None:
        """(xmin, ymin, xmax, ymax) in RD New, or None when there is nothing."""
        box = self._geo["columns"][self.geometry].get("bbox")
        return (box[0], box[1], box[2], box[3]) if box else None

    @property
    def geometry(self) -> str:
        """Name of the column with the geometry that is served."""
        name: str = self._geo["primary_column"]
        return name

    @property
    def fields(self) -> list[Any]:
        """The Arrow fields that are served as properties: no geometry, no helper geometry, no raw bytes."""
        left_out = {*self._geo["columns"], *OF_HELPERS}
        return [
            field for field in self._file.schema_arrow if field.name not in left_out and not _is_raw(field.type)
        ]

    def column(self, name: str) -> Any:
        """Return one column, its values as they are served (see ``served_values``)."""
        return served_values(self._file.read(columns=[name]).column(name))

    def ids(self) -> list[str]:
        """Return the ids of all features, each once."""
        named = ID_COLUMN in self._file.schema_arrow.names
        raw = self.column(ID_COLUMN).cast(pa.string()).to_pylist() if named else [None] * self.count
        return unique_ids(raw)

    def pieces(self) -> Iterator[tuple[list[Any], list[dict[str, Any]]]]:
        """Yield the geometries (WKB or None) and the properties of the features, some thousands at a time."""
        names = [field.name for field in self.fields]
        for batch in self._file.iter_batches(ROWS_AT_ONCE, columns=[self.geometry, *names]):
            columns = [served_values(batch.column(name)).to_pylist() for name in names]
            rows = zip(*columns, strict=True) if columns else ((),) * batch.num_rows
            yield (
                batch.column(self.geometry).to_pylist(),
                [dict(zip(names, values, strict=True)) for values in rows],
            )


def served_values(column: Any) -> Any:
    """Return an Arrow column with its floats as the shortest decimals that stand for them.

    0.1 in single precision would come out as 0.10000000149011612.
    """
    if pa.types.is_float16(column.type) or pa.types.is_float32(column.type):
        return column.cast(pa.float32()).cast(pa.string()).cast(pa.float64())
    return column


def unique_ids(raw: Iterable[Any]) -> list[str]:
    """Return ids that are all different: a repeated id gets ``~2``, ``~3``; a missing one its row, ``row-1``."""
    ids = ["" if value is None else str(value) for value in raw]
    taken, times = set(ids), Counter[str]()
    for row, name in enumerate(ids):
        times[name] += 1
        if name and times[name] > 1:
            while f"{name}~{times[name]}" in taken:
                times[name] += 1
            ids[row] = f"{name}~{times[name]}"
            taken.add(ids[row])
    for row, name in enumerate(ids):
        if not name:
            ids[row] = f"row-{row + 1}"
            while ids[row] in taken:
                ids[row] += "~"
            taken.add(ids[row])
    return ids


def _is_raw(kind: Any) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind))
