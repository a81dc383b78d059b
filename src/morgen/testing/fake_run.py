"""A run context that keeps everything in memory, and can be told to stop the run."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from morgen.core.errors import DismissedError
from morgen.core.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas

__all__ = ["FakeRun", "FakeSeries", "WrittenRaster"]


@dataclass(frozen=True, eq=False)
class WrittenRaster:
    """One raster that a model wrote."""

    values: npt.NDArray[Any]
    grid: Grid
    unit: str
    title: str


@dataclass(eq=False)
class FakeSeries:
    """One series that a model wrote; raises ``ValueError`` for what a real store would refuse."""

    announced: int
    grid: Grid
    unit: str
    title: str
    times: list[float] = field(default_factory=list)
    """Seconds since the start."""
    rasters: list[npt.NDArray[np.float32]] = field(default_factory=list)

    def append(self, time: float, values: npt.NDArray[np.float32]) -> None:
        """Keep a copy of one raster; times go up, and there are no more than announced."""
        if len(self.times) >= self.announced:
            raise ValueError(f"{self.announced} rasters were announced, but {time:g} s is one more")
        if self.times and time <= self.times[-1]:
            raise ValueError(f"the raster of {time:g} s comes after that of {self.times[-1]:g} s")
        _check_shape(values, self.grid)
        self.times.append(time)
        self.rasters.append(np.array(values))


@dataclass(eq=False)
class FakeRun:
    """A ``RunContext`` for tests of models: outputs by name, progress and warnings in order.

    ``dismiss_at`` is the fraction of the progress from which the run is dismissed: ``progress`` then raises
    ``DismissedError``, again and again.
    """

    dismiss_at: float | None = None
    device: str = "cpu"
    """What the model is asked to compute on."""
    computed: str = ""
    """What it said that it computed on."""
    reported: list[tuple[float, str]] = field(default_factory=list)
    """Fraction and message of every call of ``progress``."""
    warnings: list[str] = field(default_factory=list)
    rasters: dict[str, WrittenRaster] = field(default_factory=dict)
    series: dict[str, FakeSeries] = field(default_factory=dict)
    features: "dict[str, geopandas.GeoDataFrame]" = field(default_factory=dict)
    documents: dict[str, Any] = field(default_factory=dict)
    calls_after_dismissal: int = 0
    """Calls of any method after ``DismissedError`` was raised; 0 for a model that stops at once."""
    _dismissed: bool = False

    @property
    def written(self) -> dict[str, str]:
        """Name and kind of every output so far."""
        kinds: dict[str, Mapping[str, Any]] = {
            "raster": self.rasters,
            "series": self.series,
            "features": self.features,
            "json": self.documents,
        }
        return {name: kind for kind, outputs in kinds.items() for name in outputs}

    def progress(self, fraction: float, message: str = "") -> None:
        """Record the progress; raises ``DismissedError`` from ``dismiss_at`` on, ``ValueError`` outside 0 to 1."""
        self._called()
        if not 0 <= fraction <= 1:
            raise ValueError(f"progress is {fraction!r}, but it lies between 0 and 1")
        self.reported.append((fraction, message))
        if self.dismiss_at is not None and fraction >= self.dismiss_at:
            self._dismissed = True
            raise DismissedError(f"dismissed at {fraction:.0%}")

    def computed_on(self, device: str) -> None:
        """Record the device."""
        self._called()
        self.computed = device

    def warn(self, sentence: str) -> None:
        """Record a warning."""
        self._called()
        self.warnings.append(sentence)

    def write_raster(self, name: str, values: npt.NDArray[Any], *, grid: Grid, unit: str, title: str) -> None:
        """Keep a copy of a raster; raises ``ValueError`` when it does not fit its grid or the name is taken."""
        self._claim(name)
        _check_shape(values, grid)
        self.rasters[name] = WrittenRaster(values=np.array(values), grid=grid, unit=unit, title=title)

    def write_series(self, name: str, times: int, *, grid: Grid, unit: str, title: str) -> FakeSeries:
        """Open a series; raises ``ValueError`` when the name is taken."""
        self._claim(name)
        self.series[name] = FakeSeries(announced=times, grid=grid, unit=unit, title=title)
        return self.series[name]

    def write_features(self, name: str, frame: "geopandas.GeoDataFrame", *, title: str) -> None:
        """Keep a copy of features; raises ``ValueError`` outside RD New or when the name is taken."""
        self._claim(name)
        if frame.crs is None or frame.crs.to_epsg() != 28992:  # noqa: PLR2004 - RD New
            raise ValueError(f"the features {name!r} ({title}) are in {frame.crs}, not in RD New (EPSG:28992)")
        self.features[name] = frame.copy()

    def write_json(self, name: str, document: Any, *, title: str) -> None:
        """Keep a document; raises ``ValueError`` when it has no JSON form or the name is taken."""
        import json

        self._claim(name)
        try:
            self.documents[name] = json.loads(json.dumps(document, allow_nan=False))
        except (TypeError, ValueError) as error:
            raise ValueError(f"the document {name!r} ({title}) has no JSON form: {error}") from error

    def _claim(self, name: str) -> None:
        self._called()
        if name in self.written:
            raise ValueError(f"the output {name!r} is written twice")

    def _called(self) -> None:
        self.calls_after_dismissal += self._dismissed


def _check_shape(values: npt.NDArray[Any], grid: Grid) -> None:
    if values.shape != grid.shape:
        raise ValueError(f"values have shape {values.shape}, the grid has {grid.shape}")
