"""What came out of a run, for people who compute with it: outputs as xarray and geopandas."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from morgen.core.errors import NotFoundError
from morgen.core.indicator import Indicator
from morgen.core.run import Output, Run, RunState
from morgen.core.situation import Situation

if TYPE_CHECKING:
    import geopandas
    import xarray

__all__ = ["RunResult", "StoredOutput"]

BALANCE_KEYS = ("rain", "stored", "infiltrated", "sewer", "outflow", "pumped", "error")


@dataclass(frozen=True)
class StoredOutput:
    """One stored output of a run: its description and where it lies."""

    description: Output
    path: Path

    def to_xarray(self) -> "xarray.DataArray":
        """Read a raster (y, x) or a series (time, y, x), with coordinates in RD New at the cell centres."""
        if self.description.kind == "series":
            import xarray as xr

            series: xarray.DataArray = xr.open_zarr(self.path, consolidated=False)[self.description.name]
            return series
        return _raster_to_xarray(self.path, self.description)

    def to_geopandas(self) -> "geopandas.GeoDataFrame":
        """Read features as a GeoDataFrame in RD New."""
        import geopandas

        return geopandas.read_parquet(self.path)

    def to_json(self) -> Any:
        """Read a JSON document."""
        return json.loads(self.path.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class RunResult:
    """A run of a twin, with its outputs by name: ``result.depth.to_xarray()``."""

    run: Run
    folder: Path
    """Where the readable names of the outputs lie."""
    read_situation: Callable[[], Situation] = field(repr=False, compare=False)
    """Reads back the situation that the run was made of; a list of runs needs none."""
    to_html: "Callable[[RunResult], str] | None" = field(default=None, repr=False, compare=False)

    @cached_property
    def situation(self) -> Situation:
        """The situation that the run was made of."""
        return self.read_situation()

    @property
    def id(self) -> str:
        """Id of the run."""
        return self.run.id

    @property
    def state(self) -> RunState:
        """How it ended, or where it is."""
        return self.run.state

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """The numbers that a decision uses."""
        return self.run.indicators

    @property
    def balance(self) -> Mapping[str, float]:
        """Volumes in m3, and the relative error."""
        return self.run.balance

    @property
    def outputs(self) -> dict[str, Path]:
        """Output name to its path."""
        return {item.name: self.folder / item.filename for item in self.run.outputs}

    def output(self, name: str) -> StoredOutput:
        """Return one output; raises ``NotFoundError`` naming what there is."""
        for item in self.run.outputs:
            if item.name == name:
                return StoredOutput(item, self.folder / item.filename)
        have = ", ".join(self.outputs) or f"none, for it is {self.run.state}"
        raise NotFoundError(f"run {self.run.id} has no output {name!r}; it has {have}")

    def __getattr__(self, name: str) -> StoredOutput:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self.output(name)
        except NotFoundError as error:
            raise AttributeError(str(error)) from error

    def summary(self) -> dict[str, Any]:
        """Return the answer as JSON: what ``morgen run --json`` prints."""
        return {
            "run": self.run.id,
            "model": self.run.manifest.model,
            "version": self.run.manifest.version,
            "state": self.run.state.value,
            "balance": {key: self.balance[key] for key in BALANCE_KEYS if key in self.balance},
            "indicators": [
                {
                    "id": item.id,
                    "value": item.value,
                    "unit": item.unit,
                    "low": item.low,
                    "high": item.high,
                    "target": item.target,
                }
                for item in self.indicators
            ],
            "outputs": {name: str(path) for name, path in self.outputs.items()},
            "warnings": list(self.run.warnings),
        }

    def _repr_html_(self) -> str | None:
        return self.to_html(self) if self.to_html else None


def _raster_to_xarray(path: Path, description: Output) -> "xarray.DataArray":
    import numpy as np
    import rasterio
    import xarray as xr

    with rasterio.open(path) as file:
        values = file.read(1, masked=True)
        size, west, north = file.transform.a, file.transform.c, file.transform.f
        rows, columns = file.height, file.width
    if np.issubdtype(values.dtype, np.floating):
        values = values.filled(np.nan)
    return xr.DataArray(
        values,
        dims=("y", "x"),
        coords={
            "y": north - size * (np.arange(rows) + 0.5),
            "x": west + size * (np.arange(columns) + 0.5),
        },
        name=description.name,
        attrs={"units": description.unit, "long_name": description.title, "crs": "EPSG:28992"},
    )
