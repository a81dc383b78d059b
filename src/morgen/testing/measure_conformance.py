"""The conformance kit for measures: what every registered measure must hold."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely

from morgen.core.errors import MeasureError
from morgen.core.measure import MeasureKind
from morgen.core.situation import LayerKind, Situation
from morgen.core.units import UNITS
from morgen.measures.contract import parameter_unit, validate

__all__ = ["added_storage", "check_measure"]

VOLUME_TOLERANCE = 1e-3
"""Relative; terrain is stored in single precision."""
SURFACE_TOLERANCE = 1e-3
"""m2."""


def check_measure(
    kind: MeasureKind, situation: Situation, geometry: Any, parameters: Mapping[str, Any] | None = None
) -> None:
    """Check one measure on a place where it may lie; raises ``AssertionError`` with what does not hold.

    Declaration (docstring, units, cost, both languages), refusal of values outside their ranges and of unknown
    ones, purity (the given situation and its layers stay as they were), repeatability, an effect, the partition
    of the ground, idempotence where it is promised, and the storage against its own formula.
    """
    _check_declaration(kind)
    _check_refusals(kind)
    checked = validate(kind, parameters or {})
    given = {name: getattr(checked, name) for name in type(checked).model_fields}
    before = _contents(situation)
    changed = kind.function(situation, geometry, **given)
    assert _contents(situation) == before, f"{kind.id} changes the situation that it was given"
    again = kind.function(situation, geometry, **given)
    assert again.content_hash == changed.content_hash, f"{kind.id} gives two answers to one question"
    assert changed.content_hash != situation.content_hash, f"{kind.id} changes nothing"
    assert (changed.grid, changed.area) == (situation.grid, situation.area), f"{kind.id} moves the grid or area"
    _check_partition(kind, situation, changed)
    if kind.idempotent:
        twice = kind.function(changed, geometry, **given)
        assert _ground(twice) == _ground(changed), f"{kind.id} is not the same when it is applied twice"
    if kind.volume is not None:
        expected, found = kind.volume(situation, geometry, checked), added_storage(situation, changed)
        close = abs(found - expected) <= VOLUME_TOLERANCE * abs(expected) + 1e-3
        assert close, (
            f"{kind.id} says that it stores {expected:.3f} m3, but the situations differ by {found:.3f} m3"
        )


def added_storage(before: Situation, after: Situation) -> float:
    """Return the storage that was added between two situations, m3: ground dug away, extra storage, roofs."""
    cell = before.grid.cell_area
    dug = before.raster("terrain").values.astype(float) - after.raster("terrain").values.astype(float)
    return float(np.nansum(dug)) * cell + _extra(after, cell) - _extra(before, cell)


def _extra(situation: Situation, cell: float) -> float:
    stored = (
        float(situation.raster("storage_extra").values.sum()) * cell if situation.has("storage_extra") else 0.0
    )
    frame = situation.features("buildings")
    roofs = float((frame["roof_storage"].fillna(0.0) * frame.area).sum()) if "roof_storage" in frame else 0.0
    return (stored + roofs) / 1000


def _check_declaration(kind: MeasureKind) -> None:
    assert kind.meaning.strip(), f"{kind.id} does not say what it does"
    assert kind.title.nl.strip(), f"{kind.id} has no Dutch title"
    assert kind.title.en.strip(), f"{kind.id} has no English title"
    assert kind.cost.source.strip(), f"the cost of {kind.id} has no source"
    assert kind.cost.high > 0, f"the cost of {kind.id} is nothing"
    assert kind.maintenance.strip(), f"{kind.id} does not say what maintenance it asks"
    assert kind.side_effects, f"{kind.id} names no theme that it touches"
    for name, field in kind.parameters.model_fields.items():
        if field.annotation is float:
            assert parameter_unit(kind, name) in UNITS, f"the attribute {name!r} of {kind.id} has no unit"


def _check_refusals(kind: MeasureKind) -> None:
    numbers = [name for name, field in kind.parameters.model_fields.items() if field.annotation is float]
    tries: list[dict[str, Any]] = [{name: value} for name in numbers for value in (-1e9, 1e9, float("nan"))]
    for given in [*tries, {"no-such-attribute": 1.0}]:
        sentence = ""
        try:
            validate(kind, given)
        except MeasureError as error:
            sentence = str(error)
        assert sentence, f"{kind.id} accepts {given}"
        assert next(iter(given)) in sentence, f"{kind.id} refuses {given} without naming it: {sentence}"


def _check_partition(kind: MeasureKind, before: Situation, after: Situation) -> None:
    old, new = (list(item.features("land_cover").geometry) for item in (before, after))
    total, covered = sum(shape.area for shape in new), shapely.union_all(new).area
    assert abs(total - covered) < SURFACE_TOLERANCE, (
        f"{kind.id} leaves {total - covered:.3f} m2 of land cover double"
    )
    lost = shapely.union_all(old).area - covered
    assert lost < SURFACE_TOLERANCE, f"{kind.id} leaves {lost:.3f} m2 without land cover"


def _contents(situation: Situation) -> dict[str, Any]:
    return {name: _content(situation, name) for name in situation.layers if situation.has(name)}


def _content(situation: Situation, name: str) -> Any:
    if situation.layers[name].kind is LayerKind.RASTER:
        return situation.raster(name).values.tobytes()
    frame = situation.features(name)
    return frame.drop(columns="geometry").to_json(orient="records"), tuple(frame.geometry.to_wkb())


def _ground(situation: Situation) -> Any:
    """Return what lies where, without the order of the rows."""
    contents = {name: found for name, found in _contents(situation).items() if name != "land_cover"}
    frame = situation.features("land_cover")
    rows = zip(frame["theme"], frame["surface"], frame.geometry.normalize().to_wkb(), strict=True)
    return contents, sorted(rows)
