"""The pictures that go with a run: drawn from its stored outputs, kept beside them."""

from pathlib import Path

from morgen.faces.report.maps import draw_depth, draw_impact, draw_situation
from morgen.services.result import RunResult

__all__ = ["draw_pictures"]


def draw_pictures(result: RunResult, folder: Path | None = None) -> dict[str, Path]:
    """Draw the map pictures of a successful run as PNG and return them by name.

    They lie in ``folder``, or in ``maps`` beside the outputs of the run. Models without a ``max_depth`` get the
    picture of the situation only.
    """
    target = folder or result.folder / "maps"
    pictures = {"situation_map": draw_situation(result.situation, target / "situation.png")}
    if "max_depth" not in result.outputs:
        return pictures
    depth = result.output("max_depth").to_xarray().values
    pictures["depth_map"] = draw_depth(
        result.situation,
        depth,
        target / "max_depth.png",
        title=f"{_question(result)}: greatest water depth",
        note=_origin(result),
    )
    if "buildings" in result.outputs:
        pictures["impact_map"] = draw_impact(
            result.situation,
            depth,
            result.output("buildings").to_geopandas(),
            target / "buildings.png",
            thresholds=_thresholds(result),
            title=f"{_question(result)}: buildings with water at the façade",
            note=_origin(result),
        )
    return pictures


def _question(result: RunResult) -> str:
    parameters = result.run.manifest.parameters
    return f"{parameters['rain']:g} mm of rain in {parameters['duration']:g} h"


def _origin(result: RunResult) -> str:
    run = result.run
    return f"Computed with {run.manifest.model} {run.manifest.version}, run {run.id}; not a measurement."


def _thresholds(result: RunResult) -> tuple[float, ...]:
    parameters = result.run.manifest.parameters
    return parameters["facade_low"], parameters["facade_high"]
