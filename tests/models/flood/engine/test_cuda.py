"""A graphics card computes what the processor computes: a real one where there is one, and a simulated one."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from numba import cuda
from tests.models.flood.engine import card_scenes
from tests.models.flood.engine.card_scenes import STORMS, everything, numbers, resumed, storm

from morgen.core.errors import ParameterError
from morgen.models.flood.simulation import simulate

Array = npt.NDArray[Any]
NOISE = 1e-5
"""m, m/s and m2/s: what single precision may make of another order of work."""
LARGE = 20
"""Times the small storms, on a real card."""
MOVED = {"plain": "rain", "edges": "outflow", "soil": "sewer", "wetting": "infiltrated", "water": "pumped"}
"""What each storm is there for, in the terms of the balance."""
needs_card = pytest.mark.skipif(not cuda.is_available(), reason="there is no graphics card with CUDA here")


@pytest.fixture(scope="module", params=["simulated", pytest.param("real", marks=needs_card)])
def card(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, dict[str, Array]]:
    """Return the scale of the storms, and all that a card says of them."""
    if request.param == "real":
        return LARGE, everything(scale=LARGE)
    path = tmp_path_factory.mktemp("card") / "floods.npz"
    environment = os.environ | {"NUMBA_ENABLE_CUDASIM": "1"}
    subprocess.run([sys.executable, "-W", "error", card_scenes.__file__, str(path)], check=True, env=environment)
    with np.load(path) as file:
        return 1, dict(file)


def _meet(card: dict[str, Array], name: str, expected: dict[str, Array]) -> None:
    for field in card_scenes.FIELDS:
        got = card[f"{name}/{field}"]
        np.testing.assert_allclose(got, expected[field], rtol=0, atol=NOISE, err_msg=field)
    assert card[f"{name}/steps"] == expected["steps"]
    scale = np.abs(expected["balance"]).max()
    np.testing.assert_allclose(card[f"{name}/balance"], expected["balance"], rtol=0, atol=1e-6 * scale)


@pytest.mark.parametrize("name", STORMS)
def test_the_card_gives_the_flood_of_the_processor(card: tuple[int, dict[str, Array]], name: str) -> None:
    """Rain, roofs, soil, sewer, springs, edges and open water: depths, extremes, steps and balance are equal."""
    scale, found = card
    assert found[f"{name}/device"] == "cuda"
    expected = storm(name, device="cpu", scale=scale)
    assert expected.balance.summary()[MOVED[name]] > 0.1
    _meet(found, name, numbers(expected))


@pytest.mark.parametrize("name", ["resumed", "moved"])
def test_a_state_of_the_card_goes_on_anywhere(card: tuple[int, dict[str, Array]], name: str) -> None:
    """A storm in two parts is the same on the card, and with its second part on the processor."""
    scale, found = card
    _meet(found, name, numbers(resumed("cpu", "cpu", scale=scale)))


@pytest.mark.parametrize("name", ["fv2", "culvert", "pump"])
def test_what_the_card_cannot_do_is_refused(card: tuple[int, dict[str, Array]], name: str) -> None:
    """Before the first step, in one sentence that names what it is and where to change it."""
    text = str(card[1][name])
    assert name in text
    assert text.startswith("device is 'cuda', but it must be 'cpu' or 'auto' here: ")


def test_auto_takes_the_card_when_that_can_do_it(card: tuple[int, dict[str, Array]]) -> None:
    """And else the processor; the result says which it was."""
    assert card[1]["chosen/device"] == "cuda"
    assert card[1]["instead"] == "cpu"


def test_a_runaway_on_the_card_stops_with_place_and_time(card: tuple[int, dict[str, Array]]) -> None:
    """Ten million m3/s in one cell is no flood map but an error that points at it."""
    assert "the calculation ran away at row" in str(card[1]["runaway"])


def test_the_card_reports_on_its_way(card: tuple[int, dict[str, Array]]) -> None:
    """Times rise to the end of the storm."""
    times = card[1]["reported"]
    assert len(times) > 1
    assert (np.diff(times) >= 0).all()
    assert times[-1] == 8.0


@pytest.mark.skipif(cuda.is_available(), reason="there is a graphics card here")
def test_without_a_card_cuda_is_refused_and_auto_is_the_processor() -> None:
    """One sentence says what is missing; auto says what it took."""
    with pytest.raises(
        ParameterError, match="there is no graphics card with CUDA, or numba-cuda is not installed"
    ):
        storm("plain", device="cuda", scale=1)
    assert storm("plain", device="auto", scale=1).device == "cpu"


@needs_card
def test_the_card_floods_a_real_town_as_the_processor_does(shared_data: Path) -> None:
    """The centre of Newcastle, ten minutes of 70 mm/h: 999 of 1000 wet cells lie within 0.1 mm."""
    import rasterio

    with rasterio.open(shared_data / "flood" / "newcastle_centre" / "dem_2m.tif") as file:
        terrain = file.read(1, masked=True).astype(np.float32).filled(np.nan)
    here, there = (
        simulate(terrain, cell_size=2.0, until=600, boundary="open", device=device).max_depth
        for device in ("cpu", "cuda")
    )
    wet = here > 0.05
    assert (np.abs(here - there)[wet] < 1e-4).mean() > 0.999
