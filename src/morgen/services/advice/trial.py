"""One run of a model that nobody keeps: what it says of an objective, and nothing on disk."""

# A run context takes what the protocol says, also where it forgets it.
# ruff: noqa: ARG002

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from morgen.core.errors import ParameterError
from morgen.core.grid import Grid
from morgen.core.indicator import Indicator
from morgen.core.model import Model
from morgen.core.situation import Situation

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas

__all__ = ["OBJECTIVES", "Objective", "Trial", "try_model"]


@dataclass(frozen=True)
class Objective:
    """What advice is after: an indicator that should go down."""

    id: str
    indicator: str
    """Id of the indicator, whose value without measures less that with them is the effect."""
    unit: str
    """Of the effect."""
    features: str = ""
    """Output whose features show how near each of them is to counting; empty when the indicator says it all."""


OBJECTIVES: Final = {
    "buildings": Objective("buildings", "buildings-facade-high", "buildings kept dry", "buildings"),
    "damage": Objective("damage", "damage", "euro of damage less"),
    "roads": Objective("roads", "road-length-low", "m of road kept passable"),
}


@dataclass(eq=False)
class _Silent:
    """Takes what a model writes as rasters in time, and forgets it."""

    def append(self, time: float, values: npt.NDArray[np.float32]) -> None:
        """Forget it."""


@dataclass(eq=False)
class Trial:
    """A run context that keeps features and rasters in memory, as far as they are asked for."""

    keep: frozenset[str] = frozenset()
    """Names of outputs to keep."""
    on_progress: "Callable[[float, str], None]" = lambda _fraction, _message: None
    """May raise ``DismissedError``."""
    kept: dict[str, Any] = field(default_factory=dict)
    """Outputs by name: arrays for rasters, frames for features, documents."""

    def progress(self, fraction: float, message: str = "") -> None:
        """Pass it on."""
        self.on_progress(fraction, message)

    def warn(self, sentence: str) -> None:
        """Forget it: the run that is verified says it again."""

    def write_raster(self, name: str, values: npt.NDArray[Any], *, grid: Grid, unit: str, title: str) -> None:
        """Keep it when it is asked for."""
        self._write(name, values)

    def write_series(self, name: str, times: int, *, grid: Grid, unit: str, title: str) -> _Silent:
        """Forget it."""
        return _Silent()

    def write_features(self, name: str, frame: "geopandas.GeoDataFrame", *, title: str) -> None:
        """Keep it when it is asked for."""
        self._write(name, frame)

    def write_json(self, name: str, document: Any, *, title: str) -> None:
        """Keep it when it is asked for."""
        self._write(name, document)

    def _write(self, name: str, content: Any) -> None:
        if name in self.keep:
            self.kept[name] = content


def try_model(
    model: Model, situation: Situation, parameters: Mapping[str, Any], *, trial: Trial
) -> dict[str, Indicator]:
    """Run ``model`` with checked ``parameters`` and return its indicators by id."""
    from morgen.models.contract import validate_parameters

    checked = validate_parameters(model, parameters)
    given = {name: getattr(checked, name) for name in type(checked).model_fields}
    result = model(situation, **given, run=trial)
    return {indicator.id: indicator for indicator in result.indicators}


def badness(objective: Objective, indicators: Mapping[str, Indicator], trial: Trial) -> float:
    """Return how bad it is, less is better: the indicator, and half of it how near buildings are to counting.

    Measures that lower the water at a house from 18 to 16 cm do good together, though the count does not show it
    of any of them.
    """
    found = float(indicator_of(objective, indicators).value)
    if objective.features != "buildings":
        return found
    depth = np.nan_to_num(trial.kept["buildings"]["max_depth"].to_numpy(dtype=float, na_value=np.nan))
    return 0.5 * found + 0.5 * float(np.clip((depth - NEAR[0]) / (NEAR[1] - NEAR[0]), 0.0, 1.0).sum())


NEAR: Final = (0.05, 0.30)
"""Depth at the façade (m) from which a building is near to counting, and from which nothing small will help."""


def indicator_of(objective: Objective, indicators: Mapping[str, Indicator]) -> Indicator:
    """Return the indicator of an objective; raises ``ParameterError`` when the model does not give it."""
    if objective.indicator not in indicators:
        raise ParameterError(
            f"the objective {objective.id!r} needs the indicator {objective.indicator!r}, which this model does"
            " not give; choose another objective or model"
        )
    return indicators[objective.indicator]
