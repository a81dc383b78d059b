"""The picture of how many members of an ensemble are under water."""

import io

import numpy as np
import pytest
from PIL import Image
from tests.faces.tiles.runs import stored_run

from morgen.core.errors import NotFoundError
from morgen.faces.tiles.shares import share_classes, share_picture
from morgen.testing import situation


def colours_of(tmp_path, share):
    scene = situation(np.zeros(np.shape(share)))
    picture = Image.open(io.BytesIO(share_picture(stored_run(tmp_path, scene, rasters={"probability": share}))))
    return np.asarray(picture.convert("RGBA"))


def rgba(colour):
    return [*bytes.fromhex(colour[1:]), 255]


def test_every_cell_has_the_colour_of_its_share_and_dry_ones_are_clear(tmp_path):
    """20 % is in the class that ends there; no value (under a building) is as clear as no member."""
    found = colours_of(tmp_path, [[0.0, np.nan, 0.1], [0.2, 0.21, 1.0]])
    legend = [item["colour"] for item in share_classes()]
    assert found[0, 0, 3] == found[0, 1, 3] == 0
    assert found[0, 2].tolist() == found[1, 0].tolist() == rgba(legend[0])
    assert found[1, 1].tolist() == rgba(legend[1])
    assert found[1, 2].tolist() == rgba(legend[-1])


def test_a_share_that_rounding_moved_stays_in_its_class(tmp_path):
    """3 of 5 members as a float is a little more than 0.6, and still in the class up to 60 %."""
    found = colours_of(tmp_path, np.array([[np.float32(3) / np.float32(5)]]))
    assert found[0, 0].tolist() == rgba(share_classes()[2]["colour"])


def test_the_classes_cover_all_shares():
    """From 0, itself dry, to all members, without a gap."""
    legend = share_classes()
    assert (legend[0]["from"], legend[-1]["to"]) == (0, 1)
    assert [item["to"] for item in legend[:-1]] == [item["from"] for item in legend[1:]]


def test_a_run_without_an_ensemble_has_no_picture(tmp_path):
    """The sentence names what is missing."""
    run = stored_run(tmp_path, situation(np.zeros((3, 3))), rasters={"max_depth": np.zeros((3, 3))})
    with pytest.raises(NotFoundError, match="probability"):
        share_picture(run)
