"""The pictures that go with a run: drawn from its stored outputs, kept beside them."""

from pathlib import Path

from morgen.faces.report.maps import draw_depth, draw_impact, draw_probability, draw_situation
from morgen.services.disk import storage_guard
from morgen.services.result import RunResult

__all__ = ["draw_pictures", "pictures_of"]

NAMES = {
    "situation_map": "situation.png",
    "depth_map": "max_depth.png",
    "impact_map": "buildings.png",
    "probability_map": "probability.png",
}


def pictures_of(result: RunResult) -> dict[str, Path]:
    """Return the pictures that lie beside the outputs of a run; draws them when they are not there yet.

    Raises ``StorageError`` when the disk refuses.
    """
    folder = result.folder / "maps"
    if not folder.exists():
        half = folder.with_name(".maps.half")
        with storage_guard(folder):
            draw_pictures(result, half)
            half.replace(folder)  # so that an interrupted drawing is drawn again
    return {name: folder / filename for name, filename in NAMES.items() if (folder / filename).exists()}


def draw_pictures(result: RunResult, folder: Path) -> dict[str, Path]:
    """Draw the map pictures of a successful run as PNG and return them by name.

    Models without a ``max_depth`` get the picture of the situation only.
    """
    pictures = {"situation_map": draw_situation(result.situation, folder / NAMES["situation_map"])}
    if "max_depth" not in result.outputs:
        return pictures
    depth = result.output("max_depth").to_xarray().values
    pictures["depth_map"] = draw_depth(
        result.situation,
        depth,
        folder / NAMES["depth_map"],
        title=f"{_question(result)}: greatest water depth",
        note=_origin(result),
    )
    if "buildings" in result.outputs:
        pictures["impact_map"] = draw_impact(
            result.situation,
            depth,
            result.output("buildings").to_geopandas(),
            folder / NAMES["impact_map"],
            thresholds=_thresholds(result),
            title=f"{_question(result)}: buildings with water at the façade",
            note=_origin(result),
        )
    if "probability" in result.outputs:
        pictures["probability_map"] = draw_probability(
            result.situation,
            result.output("probability").to_xarray().values,
            folder / NAMES["probability_map"],
            title=f"{_question(result)}: how many of {result.run.manifest.parameters['ensemble']} runs on other"
            " ground are at least 0.10 m deep",
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
