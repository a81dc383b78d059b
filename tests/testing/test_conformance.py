"""The conformance kit catches each broken promise of a model, with one sentence."""

from collections.abc import Callable
from typing import Annotated, Any

import numpy as np
import pytest
from pydantic import Field

from morgen.core.errors import DismissedError
from morgen.core.indicator import Indicator
from morgen.core.model import Card, Interface, Model, OutputField, Result, RunContext
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.models.contract import model
from morgen.testing import FakeRun, check_model, situation

CARD = Card(**dict.fromkeys(Card.model_fields, "told"))
DEPTH = OutputField(name="depth", kind="raster", unit="m", meaning="Rain that stands where it fell.")
POND = Interface(id="pond/1", needs=("terrain",), outputs=(DEPTH,), indicators=("volume",))
HERE = situation(np.zeros((3, 4)))

Rain = Annotated[float, Unit("mm"), Field(gt=0, le=300, description="How much falls.")]


def volume(value: float) -> Indicator:
    return Indicator(
        id="volume", title="Volume", value=value, unit="m3", meaning="All rain.", does_not_show="Flow."
    )


def pond_model(
    *,
    interface: Interface = POND,
    card: Card = CARD,
    write: Callable[[RunContext, Any, Situation], None] | None = None,
    indicators: Callable[[float], tuple[Indicator, ...]] = lambda value: (volume(value),),
    report: Callable[[RunContext], None] = lambda run: run.progress(1.0),
) -> Model:
    """Return a model that lets rain stand, with one part replaced."""

    def pond(situation: Situation, rain: Rain = 70.0, *, run: RunContext) -> Result:
        run.progress(0.0)
        situation.require(*interface.needs)
        depth = np.full(situation.grid.shape, rain / 1000)
        if write:
            write(run, depth, situation)
        else:
            run.write_raster("depth", depth, grid=situation.grid, unit="m", title="Depth")
        report(run)
        return Result(indicators=indicators(float(depth.sum())))

    return model(id="pond", version="1.0.0", interface=interface, card=card)(pond)


def test_a_model_that_keeps_its_promises_passes():
    """Nothing is said of a good model."""
    check_model(pond_model(), HERE)
    check_model(pond_model(), HERE, rain=20)


def _nothing(run: RunContext, depth: Any, here: Situation) -> None:
    """Write no output at all."""


def _too_much(run: RunContext, depth: Any, here: Situation) -> None:
    run.write_raster("depth", depth, grid=here.grid, unit="m", title="Depth")
    run.write_json("notes", {}, title="Notes")


def _in_millimetres(run: RunContext, depth: Any, here: Situation) -> None:
    run.write_raster("depth", depth * 1000, grid=here.grid, unit="mm", title="Depth")


def _as_json(run: RunContext, depth: Any, here: Situation) -> None:
    run.write_json("depth", depth.tolist(), title="Depth")


def _by_chance(run: RunContext, depth: Any, here: Situation) -> None:
    noise = np.random.default_rng().random(depth.shape)
    run.write_raster("depth", depth + noise, grid=here.grid, unit="m", title="Depth")


def _deaf(run: RunContext) -> None:
    for fraction in (0.5, 1.0):
        try:
            run.progress(fraction)
        except DismissedError:
            continue


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (pond_model(write=_nothing), "pond does not write 'depth', which pond/1 promises"),
        (pond_model(write=_too_much), "pond writes 'notes', which pond/1 does not name"),
        (pond_model(write=_in_millimetres), "'depth' of pond is in 'mm', not in 'm'"),
        (pond_model(write=_as_json), "'depth' of pond is a json, not a raster"),
        (pond_model(write=_by_chance), "the raster 'depth' differs between two equal runs"),
        (
            pond_model(indicators=lambda _value: ()),
            r"pond gives the indicators \[\], but pond/1 names \['volume'\]",
        ),
        (pond_model(indicators=lambda _value: (volume(np.nan),)), "the indicator 'volume' is nan"),
        (pond_model(report=lambda _run: None), "the progress of pond ends at 0, not at 1"),
        (pond_model(report=_deaf), "pond does not stop when it is dismissed at 50%"),
        (pond_model(card=CARD.model_copy(update={"purpose": " "})), "the card of pond says nothing about purpose"),
    ],
)
def test_a_broken_promise_is_named(broken, sentence):
    """The author of a model reads what to repair."""
    with pytest.raises(AssertionError, match=sentence):
        check_model(broken, HERE)


def test_a_fake_run_refuses_what_a_store_would():
    """Wrong shapes, double names, and too many or disordered times fail in the test, not later on disk."""
    run = FakeRun()
    run.write_raster("depth", np.zeros((3, 4)), grid=HERE.grid, unit="m", title="Depth")
    with pytest.raises(ValueError, match="'depth' is written twice"):
        run.write_raster("depth", np.zeros((3, 4)), grid=HERE.grid, unit="m", title="Depth")
    with pytest.raises(ValueError, match=r"shape \(2, 2\), the grid has \(3, 4\)"):
        run.write_raster("other", np.zeros((2, 2)), grid=HERE.grid, unit="m", title="Other")
    series = run.write_series("series", 2, grid=HERE.grid, unit="m", title="Series")
    flat = np.zeros((3, 4), dtype=np.float32)
    series.append(0.0, flat)
    with pytest.raises(ValueError, match="comes after"):
        series.append(0.0, flat)
    series.append(1.0, flat)
    with pytest.raises(ValueError, match="2 rasters were announced"):
        series.append(2.0, flat)


def test_situations_of_equal_content_have_equal_hashes():
    """A small situation behaves as one from disk: what is in it decides its hash."""
    assert situation(np.zeros((3, 4))).content_hash == HERE.content_hash
    assert situation(np.ones((3, 4))).content_hash != HERE.content_hash
