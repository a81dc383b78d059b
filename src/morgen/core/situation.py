"""The area on a date: named layers, each with the stamps of the sources that it was made from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

import numpy.typing as npt

from morgen.core.area import Area
from morgen.core.errors import MissingLayerError
from morgen.core.grid import Grid
from morgen.core.noun import Noun, content_hash
from morgen.core.source import SourceStamp

if TYPE_CHECKING:
    import geopandas

__all__ = ["Layer", "LayerKind", "Raster", "Situation", "TerrainOrigin"]


class LayerKind(StrEnum):
    """How a layer is stored and read."""

    RASTER = "raster"
    FEATURES = "features"


class TerrainOrigin:
    """Codes of the ``terrain_origin`` layer (uint8): how the height of each terrain cell is known."""

    MEASURED = 0
    UNDER_BUILDING = 1
    UNDER_WATER = 2
    GAP = 3
    OUTSIDE = 255

    LABELS: Mapping[int, str] = {
        MEASURED: "measured",
        UNDER_BUILDING: "filled under a building",
        UNDER_WATER: "filled with the water level",
        GAP: "filled gap",
        OUTSIDE: "no data",
    }


@dataclass(frozen=True, eq=False)
class Raster:
    """Values on a grid.

    ``values`` has shape (grid.rows, grid.columns), row 0 in the north. Floating rasters mark missing cells
    with NaN.
    """

    grid: Grid
    values: npt.NDArray[Any]

    def __post_init__(self) -> None:
        if self.values.shape != self.grid.shape:
            raise ValueError(f"values have shape {self.values.shape}, the grid has {self.grid.shape}")


class Layer(Noun):
    """One layer of a situation: what it is, what it was made from, and the hash of its content."""

    name: str
    kind: LayerKind
    title: str
    unit: str = ""
    """Unit of a raster's values, one of ``morgen.core.units.UNITS``; empty for features and codes."""
    sha256: str = ""
    """Hash of the stored bytes; empty when the layer could not be made."""
    count: int = 0
    """Features, or cells that hold a value."""
    stamps: tuple[SourceStamp, ...] = ()
    problem: str = ""
    """Why the layer is missing, in one sentence; empty when it is there."""

    @property
    def available(self) -> bool:
        """Whether the layer can be read."""
        return bool(self.sha256)


LayerReader = Callable[[Layer, Grid], "Raster | geopandas.GeoDataFrame"]
"""Reads a stored layer; given by whoever holds the store."""


@dataclass(frozen=True)
class Situation:
    """An area on a date, as named layers that are read when they are asked for.

    Layers of this version: rasters ``terrain`` (m NAP, no holes inside the data), ``terrain_origin`` (codes
    of ``TerrainOrigin``) and ``surface`` (m NAP); features ``land_cover`` (the partition of the ground),
    ``buildings``, ``decks`` (objects above or below the ground level) and ``trees``. ``docs/layers.md``
    lists their columns.
    """

    area: Area
    grid: Grid
    layers: Mapping[str, Layer]
    date: str = ""
    """ISO date of the youngest source that carries a date, or empty."""
    reader: LayerReader | None = field(default=None, repr=False, compare=False)

    @property
    def content_hash(self) -> str:
        """Hash of area, grid and layer contents; the time of fetching does not count."""
        contents = {name: layer.sha256 for name, layer in self.layers.items() if layer.available}
        return content_hash({"area": self.area.to_json(), "grid": self.grid.to_json(), "layers": contents})

    def has(self, name: str) -> bool:
        """Whether the layer is there and can be read."""
        return name in self.layers and self.layers[name].available

    def raster(self, name: str) -> Raster:
        """Read a raster layer; raises ``MissingLayerError`` when it is not there."""
        found = self._read(name, LayerKind.RASTER)
        assert isinstance(found, Raster)
        return found

    def features(self, name: str) -> "geopandas.GeoDataFrame":
        """Read a feature layer as a GeoDataFrame in RD New; raises ``MissingLayerError``."""
        return self._read(name, LayerKind.FEATURES)

    def require(self, *names: str) -> None:
        """Raise ``MissingLayerError`` naming the first layer that is not there, and why."""
        for name in names:
            if not self.has(name):
                layer = self.layers.get(name)
                reason = layer.problem if layer and layer.problem else "no source of this twin gives it"
                raise MissingLayerError(
                    f"the layer {name!r} of {self.area.name!r} is missing: {reason};"
                    " link a source that gives it with `morgen add` and look with `morgen check`"
                )

    def _read(self, name: str, kind: LayerKind) -> Any:
        self.require(name)
        layer = self.layers[name]
        if layer.kind is not kind:
            raise MissingLayerError(f"the layer {name!r} is of kind {layer.kind}, not {kind}")
        if self.reader is None:
            raise MissingLayerError(f"the layer {name!r} is described, but this situation has no store to read")
        return self.reader(layer, self.grid)

    def to_json(self) -> dict[str, Any]:
        """Return the description of the situation, without the contents of its layers."""
        return {
            "area": self.area.to_json(),
            "grid": self.grid.to_json(),
            "date": self.date,
            "layers": [layer.to_json() for layer in self.layers.values()],
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any], *, reader: LayerReader | None = None) -> Self:
        """Read the description back and bind it to a store."""
        layers = [Layer.from_json(item) for item in document["layers"]]
        return cls(
            area=Area.from_json(document["area"]),
            grid=Grid.from_json(document["grid"]),
            date=document["date"],
            layers={layer.name: layer for layer in layers},
            reader=reader,
        )
