"""The conformance kit of models: what every model promises, whoever wrote it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import numpy as np

from morgen.core.errors import DismissedError, MissingLayerError, ParameterError
from morgen.core.model import Model, Result
from morgen.core.situation import Situation
from morgen.core.units import UNITS
from morgen.models.contract import parameter_unit, validate_parameters
from morgen.testing.fake_run import FakeRun

__all__ = ["check_model"]

DISMISSALS: Final = (0.0, 0.5)
"""Fractions of the progress at which a model is stopped."""


def check_model(model: Model, situation: Situation, **parameters: Any) -> None:
    """Check that ``model`` keeps the promises of its contract on ``situation``.

    The situation should be small, for the model runs about four times. Raises ``AssertionError`` with one sentence
    for the first promise that is broken: a complete declaration; every output and indicator of the interface, with
    the right unit, and no other; the same answer twice; a stop at once when dismissed; refusal of parameters
    out of range and of a situation that lacks a layer.
    """
    _check_declaration(model)
    _check_ranges(model)
    first, result = _run(model, situation, parameters)
    _check_outputs(model, first)
    _check_indicators(model, result)
    again, second = _run(model, situation, parameters)
    _check_same(first, again)
    assert result == second, f"{model.id} gives other indicators or another balance on the second run"
    for fraction in DISMISSALS:
        _check_dismissal(model, situation, parameters, fraction)
    for name in model.interface.needs:
        _check_missing_layer(model, situation, parameters, name)


def _run(model: Model, situation: Situation, parameters: dict[str, Any]) -> tuple[FakeRun, Result]:
    run = FakeRun()
    result = model(situation, run=run, **parameters)
    fractions = [fraction for fraction, _message in run.reported]
    assert fractions == sorted(fractions), f"the progress of {model.id} goes back"
    assert fractions, f"{model.id} reports no progress"
    assert fractions[-1] == 1, f"the progress of {model.id} ends at {fractions[-1]:g}, not at 1"
    return run, result


def _check_declaration(model: Model) -> None:
    for name, text in model.card.to_json().items():
        assert text.strip(), f"the card of {model.id} says nothing about {name}"
    for name, field in model.parameters.model_fields.items():
        assert field.description, f"the parameter {name!r} of {model.id} has no description"
        unit = parameter_unit(model.parameters, name)
        numeric = field.annotation is float
        assert unit or not numeric, f"the parameter {name!r} of {model.id} is a number without a Unit"
    for preset in model.presets:
        validate_parameters(model, preset.parameters)
    names = [preset.id for preset in model.presets]
    assert len(set(names)) == len(names), f"two presets of {model.id} share an id"
    for output in model.interface.outputs:
        assert not output.unit or output.unit in UNITS, f"the unit {output.unit!r} of {output.name!r} is not known"
        assert output.unit or output.kind not in {"raster", "series"}, f"the output {output.name!r} has no unit"


def _check_ranges(model: Model) -> None:
    _refuses(model, {"no-such-parameter": 1})
    for name, field in model.parameters.model_fields.items():
        for limit in field.metadata:
            for value in _outside(limit):
                _refuses(model, {name: value})


def _outside(limit: Any) -> list[float]:
    """Return a value just beyond a limit of ``annotated_types``, or nothing for other metadata."""
    beyond = {"gt": 0, "lt": 0, "ge": -1, "le": 1}
    return [getattr(limit, key) + step for key, step in beyond.items() if hasattr(limit, key)]


def _refuses(model: Model, given: dict[str, Any]) -> None:
    name, value = next(iter(given.items()))
    sentence = ""
    try:
        validate_parameters(model, given)
    except ParameterError as error:
        sentence = str(error)
    assert sentence, f"{model.id} accepts {name} = {value!r}, which is not allowed"
    assert name in sentence, f"{model.id} refuses {name} = {value!r} without naming it: {sentence}"


def _check_outputs(model: Model, run: FakeRun) -> None:
    promised = {output.name: output for output in model.interface.outputs}
    always = {name for name, output in promised.items() if not output.optional}
    extra, lacking = sorted(set(run.written) - set(promised)), sorted(always - set(run.written))
    assert not extra, f"{model.id} writes {extra[0]!r}, which {model.interface.id} does not name"
    assert not lacking, f"{model.id} does not write {lacking[0]!r}, which {model.interface.id} promises"
    for name, kind in run.written.items():
        assert kind == promised[name].kind, f"{name!r} of {model.id} is a {kind}, not a {promised[name].kind}"
    units = {name: written.unit for name, written in run.rasters.items()}
    units |= {name: written.unit for name, written in run.series.items()}
    for name, unit in units.items():
        expected = promised[name].unit
        assert unit == expected, f"{name!r} of {model.id} is in {unit!r}, not in {expected!r}"
    for name, series in run.series.items():
        found = f"{len(series.times)} rasters where {series.announced} were announced"
        assert len(series.times) == series.announced, f"{name!r} of {model.id} has {found}"


def _check_indicators(model: Model, result: Result) -> None:
    given, promised = [indicator.id for indicator in result.indicators], list(model.interface.indicators)
    assert sorted(given) == sorted(promised), (
        f"{model.id} gives the indicators {sorted(given)}, but {model.interface.id} names {sorted(promised)}"
    )
    for indicator in result.indicators:
        assert indicator.unit in UNITS, f"the unit {indicator.unit!r} of {indicator.id!r} is not known"
        assert np.isfinite(indicator.value), f"the indicator {indicator.id!r} is {indicator.value}"
        for part in ("title", "meaning", "does_not_show"):
            assert getattr(indicator, part).strip(), f"the indicator {indicator.id!r} has no {part}"


def _check_same(first: FakeRun, again: FakeRun) -> None:
    for name, raster in first.rasters.items():
        same = np.array_equal(raster.values, again.rasters[name].values, equal_nan=True)
        assert same, f"the raster {name!r} differs between two equal runs"
    for name, series in first.series.items():
        same = series.times == again.series[name].times
        same &= all(map(_equal_rasters, series.rasters, again.series[name].rasters))
        assert same, f"the series {name!r} differs between two equal runs"
    for name, frame in first.features.items():
        assert frame.equals(again.features[name]), f"the features {name!r} differ between two equal runs"
    assert first.documents == again.documents, "the documents differ between two equal runs"


def _equal_rasters(one: Any, other: Any) -> bool:
    return np.array_equal(one, other, equal_nan=True)


def _check_dismissal(model: Model, situation: Situation, parameters: dict[str, Any], fraction: float) -> None:
    run = FakeRun(dismiss_at=fraction)
    _raises(
        DismissedError,
        lambda: model(situation, run=run, **parameters),
        f"{model.id} does not stop when it is dismissed at {fraction:.0%}",
    )
    assert not run.calls_after_dismissal, f"{model.id} goes on after it was dismissed at {fraction:.0%}"


def _check_missing_layer(model: Model, situation: Situation, parameters: dict[str, Any], name: str) -> None:
    layers = {key: layer for key, layer in situation.layers.items() if key != name}
    poorer = replace(situation, layers=layers)
    _raises(
        MissingLayerError,
        lambda: model(poorer, run=FakeRun(), **parameters),
        f"{model.id} runs without the layer {name!r}, which {model.interface.id} needs",
    )


def _raises(kind: type[Exception], call: Callable[[], Any], otherwise: str) -> None:
    try:
        call()
    except kind:
        return
    raise AssertionError(otherwise)
