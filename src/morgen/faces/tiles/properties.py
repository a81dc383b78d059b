"""What a tile tells of its features: a table in the binary form of EXT_structural_metadata."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Column", "PropertyTable"]

Buffers = dict[str, bytes]


@dataclass(frozen=True, eq=False)
class Column:
    """One property of every feature.

    The type follows from the values: texts, true or false (bool), float32 or uint16.
    """

    title: str
    """What it means, with the unit, for people."""
    values: Sequence[str] | npt.NDArray[Any]
    no_data: str | float | None = None
    """The value that stands for unknown; None when every value is known."""
    semantic: str = ""
    """Meaning in the words of 3D Tiles: 'ID'."""

    def description(self) -> dict[str, Any]:
        """Return the property of the class."""
        described: dict[str, Any] = {"description": self.title, **self._type()}
        if self.no_data is None:
            described["required"] = True
        else:
            described["noData"] = self.no_data
        if self.semantic:
            described["semantic"] = self.semantic
        return described

    def buffers(self) -> Buffers:
        """Return the bytes of ``values``, and of ``stringOffsets`` for texts."""
        if not isinstance(self.values, np.ndarray):
            texts = [text.encode() for text in self.values]
            ends = np.cumsum([0, *map(len, texts)], dtype=np.uint32)
            return {"values": b"".join(texts), "stringOffsets": ends.astype("<u4").tobytes()}
        if self.values.dtype == np.bool_:
            return {"values": np.packbits(self.values, bitorder="little").tobytes()}
        return {"values": self.values.astype(self.values.dtype.newbyteorder("<")).tobytes()}

    def _type(self) -> dict[str, str]:
        if not isinstance(self.values, np.ndarray):
            return {"type": "STRING"}
        if self.values.dtype == np.bool_:
            return {"type": "BOOLEAN"}
        return {"type": "SCALAR", "componentType": self.values.dtype.name.upper()}


@dataclass(frozen=True, eq=False)
class PropertyTable:
    """One row per feature; row n belongs to feature id n."""

    name: str
    """Name of the class: 'building'."""
    columns: dict[str, Column]

    @property
    def count(self) -> int:
        """Rows."""
        return len(next(iter(self.columns.values())).values)

    @property
    def schema(self) -> dict[str, Any]:
        """The schema of EXT_structural_metadata, with this one class."""
        described = {name: column.description() for name, column in self.columns.items()}
        return {"id": f"morgen_{self.name}", "classes": {self.name: {"properties": described}}}
