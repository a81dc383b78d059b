"""What a calculation is: a typed function with a card, and the context that it runs in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, Field

from morgen.core.grid import Grid
from morgen.core.indicator import Indicator
from morgen.core.noun import Noun, Text

if TYPE_CHECKING:
    import geopandas

__all__ = [
    "Card",
    "Interface",
    "Model",
    "OutputField",
    "OutputKind",
    "Preset",
    "PresetState",
    "Result",
    "RunContext",
    "SeriesWriter",
]


class Card(Noun):
    """The description of a model, for people and registers (Algoritmeregister, DCAT-AP-NL)."""

    title: str
    purpose: str
    method: str
    source: str
    """Papers, norms and standards that the method comes from."""
    validity: str
    """Where and for what the model may be used."""
    assumptions: str
    calibration: str
    """Evidence: what it was compared with, and how well it did."""
    uncertainty: str
    not_for: str
    owner: str
    licence: str


OutputKind = str
"""'raster' (COG), 'series' (Zarr), 'features' (GeoParquet) or 'json'."""


class OutputField(Noun):
    """One output that every model of an interface gives."""

    name: str
    kind: OutputKind = Field(pattern="^(raster|series|features|json)$")
    unit: str = ""
    meaning: str
    optional: bool = False
    """Whether only some runs give it, as ``meaning`` tells."""


class Interface(Noun):
    """The inputs and outputs that a family of models shares: models with one interface can replace each other."""

    id: str = Field(pattern=r"^[a-z0-9-]+/[0-9]+$")
    needs: tuple[str, ...]
    """Layers without which the model cannot run."""
    may_use: tuple[str, ...] = ()
    """Layers that the model uses when they are there."""
    outputs: tuple[OutputField, ...]
    indicators: tuple[str, ...]
    """Ids of the indicators that every model of the interface gives."""


PresetState = Literal["source", "secondary", "indicative", ""]


class Preset(Noun):
    """A named choice of parameters with its source, such as a standard rain event."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    title: Text
    meaning: Text
    """What it stands for, in one sentence."""
    source: str
    """Where the numbers come from."""
    state: PresetState = ""
    """How sure the numbers are: read in the source itself, in a secondary source, or indicative."""
    return_period: float | None = Field(default=None, gt=0)
    """Years in which it occurs once, as its source says; None when it has none."""
    parameters: Mapping[str, Any]


class Result(Noun):
    """What a model returns; the files went through the run context."""

    indicators: tuple[Indicator, ...]
    balance: Mapping[str, float] = Field(default_factory=dict)
    """Volumes in m3 and 'error' (relative); empty for models without a balance."""


class SeriesWriter(Protocol):
    """Writes one raster per output time."""

    def append(self, time: float, values: npt.NDArray[np.float32]) -> None:
        """Add the raster of ``time`` seconds since the start; shape (rows, columns), NaN outside the area."""
        ...


class RunContext(Protocol):
    """What a running model may ask of its surroundings: report, be stopped, and write outputs."""

    def progress(self, fraction: float, message: str = "") -> None:
        """Report progress (0 to 1); raises ``DismissedError`` when somebody asked to stop."""
        ...

    def warn(self, sentence: str) -> None:
        """Add a warning that everyone who reads the result will see."""
        ...

    def write_raster(self, name: str, values: npt.NDArray[Any], *, grid: Grid, unit: str, title: str) -> None:
        """Write one raster as a Cloud Optimized GeoTIFF."""
        ...

    def write_series(self, name: str, times: int, *, grid: Grid, unit: str, title: str) -> SeriesWriter:
        """Open a Zarr series for ``times`` rasters; depths are stored as whole millimetres."""
        ...

    def write_features(self, name: str, frame: "geopandas.GeoDataFrame", *, title: str) -> None:
        """Write features as GeoParquet in RD New."""
        ...

    def write_json(self, name: str, document: Any, *, title: str) -> None:
        """Write a JSON document."""
        ...


@dataclass(frozen=True)
class Model:
    """A declared model: call it as the plain function that it is."""

    id: str
    version: str
    interface: Interface
    card: Card
    parameters: type[BaseModel]
    """Pydantic model of the parameters: names, types, units, ranges, defaults, meaning."""
    function: Callable[..., Result]
    tables: Mapping[str, str] = field(default_factory=dict)
    """Parameter name to the text of the TOML file that holds its default, for users to copy and edit."""
    presets: tuple[Preset, ...] = ()
    """Named choices of parameters, the most usual first."""

    def __call__(self, *args: Any, **kwargs: Any) -> Result:
        """Call the function itself."""
        return self.function(*args, **kwargs)
