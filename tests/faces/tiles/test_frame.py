"""The local frame is RD New and NAP, moved to the middle of the grid."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from morgen.core.grid import Grid
from morgen.faces.tiles import SceneFrame

METRES = st.floats(0, 600_000)


def test_the_origin_is_the_middle_in_whole_tens_of_metres():
    """A grid from x 84 805 to 85 075 and y 447 410 to 447 645 has its origin at (84 940, 447 530, 0)."""
    grid = Grid(xmin=84_805, ymax=447_645, cell_size=1, rows=235, columns=270)

    assert SceneFrame.of(grid).origin == (84_940, 447_530, 0)


@given(METRES, METRES, st.floats(-50, 350))
def test_there_and_back_is_the_same_place(x, y, z):
    """Local coordinates keep every place; heights stay heights above NAP."""
    frame = SceneFrame(x=155_000, y=463_000)

    local = frame.to_local([x, y, z])
    assert local[2] == z
    assert frame.from_local(local) == pytest.approx([x, y, z], abs=1e-9)
    assert frame.to_local([[x, y]]) == pytest.approx(local[None, :2], abs=1e-9)


def test_single_precision_is_enough_within_a_neighbourhood():
    """A kilometre from the origin a float32 still tells tenths of a millimetre apart."""
    frame = SceneFrame(x=155_000, y=463_000)
    local = frame.to_local([156_000.1234, 464_000.5678])

    assert np.abs(local.astype(np.float32) - local).max() < 1e-4
