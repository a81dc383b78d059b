"""Which models are installed."""

import pytest

from morgen.core.errors import ModelNotFoundError
from morgen.core.model import Model
from morgen.models.registry import get_model, model_ids


def test_built_in_models_come_in_through_the_door_of_strangers():
    """The flood model is found through its entry point, and declares the id under which it is found."""
    assert "pluvial-flood" in model_ids()
    found = get_model("pluvial-flood")
    assert isinstance(found, Model)
    assert found.id == "pluvial-flood"
    assert found.interface.id == "pluvial-flood/1"


def test_a_model_that_is_not_there_is_answered_with_those_that_are():
    """The message names what was asked for and what is installed."""
    with pytest.raises(ModelNotFoundError, match=r"no model 'flood'; installed are .*pluvial-flood"):
        get_model("flood")
