"""The model contract: one declaration, checked when it is made and when it is called."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from morgen.core.errors import ParameterError
from morgen.core.model import Card, Interface, Model, Result, RunContext
from morgen.core.situation import Situation
from morgen.core.units import Unit
from morgen.models.contract import load_card, model, parameter_unit, validate_parameters
from morgen.testing import FakeRun, situation

CARD = Card(**dict.fromkeys(Card.model_fields, "told"))
INTERFACE = Interface(id="echo/1", needs=(), outputs=(), indicators=())

Rain = Annotated[float, Unit("mm"), Field(gt=0, le=300, description="How much falls.")]
Way = Annotated[Literal["open", "closed"], Field(description="Which way.")]


def declare(function: Any) -> Model:
    return model(id="echo", version="1.0.0", interface=INTERFACE, card=CARD)(function)


def _echo(situation: Situation, rain: Rain = 70.0, *, way: Way = "open", run: RunContext) -> Result:
    return Result(indicators=(), balance={"rain": rain, "open": float(way == "open")})


ECHO = declare(_echo)


def test_a_model_is_called_as_the_function_that_it_is():
    """Values may be given by place or by name; what is left out takes its default."""
    here = situation([[0.0]])
    assert ECHO(here, run=FakeRun()).balance == {"rain": 70.0, "open": 1.0}
    assert ECHO(here, 20, way="closed", run=FakeRun()).balance == {"rain": 20.0, "open": 0.0}


@pytest.mark.parametrize("rain", [-5, 0, 5000, float("nan"), float("inf")])
def test_a_call_refuses_a_value_out_of_range_with_value_unit_and_range(rain):
    """One sentence says the value, its unit and what is allowed, whoever calls."""
    with pytest.raises(ParameterError) as caught:
        ECHO(situation([[0.0]]), rain=rain, run=FakeRun())
    sentence = f"parameter 'rain' of echo is {rain} mm, but it should be more than 0 and at most 300 mm"
    assert str(caught.value) == sentence


def test_a_word_that_is_not_a_choice_is_answered_with_the_choices():
    """The sentence lists what is allowed."""
    with pytest.raises(ParameterError, match=r"'way' of echo is 'ajar', but input should be 'open' or 'closed'"):
        validate_parameters(ECHO, {"way": "ajar"})


def test_text_that_is_no_number_is_refused():
    """What is typed on a command line is read as a number, or refused with the word."""
    assert validate_parameters(ECHO, {"rain": "20"}).model_dump()["rain"] == 20
    with pytest.raises(ParameterError, match=r"'rain' of echo is 'much' mm, but input should be a valid number"):
        validate_parameters(ECHO, {"rain": "much"})


def test_an_unknown_parameter_is_answered_with_the_known_ones():
    """A spelling error costs one look at the message."""
    with pytest.raises(ParameterError, match=r"echo has no parameter 'rian'; it has rain, way"):
        ECHO(situation([[0.0]]), rian=3, run=FakeRun())


def test_the_unit_of_a_parameter_can_be_asked():
    """Forms and command lines show units; a choice has none."""
    assert parameter_unit(ECHO.parameters, "rain") == "mm"
    assert parameter_unit(ECHO.parameters, "way") == ""


def test_a_declaration_that_breaks_the_rules_fails_at_once():
    """Missing run, default, description or situation is an error of the author, found at import."""

    def no_run(situation: Situation) -> Result:
        raise NotImplementedError

    def no_default(situation: Situation, rain: Rain, *, run: RunContext) -> Result:
        raise NotImplementedError

    def no_description(situation: Situation, rain: float = 1.0, *, run: RunContext) -> Result:
        raise NotImplementedError

    def no_situation(place: Situation, *, run: RunContext) -> Result:
        raise NotImplementedError

    for function, words in [
        (no_run, "keyword-only parameter 'run'"),
        (no_default, "'rain' needs a default"),
        (no_description, "'rain' needs Field"),
        (no_situation, "called 'situation', not 'place'"),
    ]:
        with pytest.raises(TypeError, match=words):
            declare(function)


def test_a_card_is_read_from_beside_the_code():
    """The card of a model is a file that a planner can read and correct."""
    assert load_card("morgen.models.flood").licence == "EUPL-1.2"
