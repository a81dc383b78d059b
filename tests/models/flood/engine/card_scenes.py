"""Small storms that use every part of the engine; the tests run this file where cards are simulated.

``python card_scenes.py FILE`` writes what a card makes of each, and what it says of what it cannot do.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from morgen.core.errors import MorgenError
from morgen.models.flood.simulation import (
    FloodResult,
    GreenAmpt,
    Inflow,
    RainField,
    Roof,
    SewerLoss,
    simulate,
)
from morgen.models.flood.works import Culvert, OpenWater, Pump

Array = npt.NDArray[Any]
FIELDS = ("depth", "max_depth", "arrival", "durations", "max_velocity", "max_flow")


def ground(scale: int) -> Array:
    """Return rough ground of 12 x 15 cells times ``scale``, part of it without data."""
    rows, columns = 12 * scale, 15 * scale
    rough = np.random.default_rng(3).normal(0, 0.05, (rows, columns))
    terrain: Array = np.cumsum(rough, axis=0) + np.cumsum(rough, axis=1)
    terrain[3:5, 4:6] = np.nan
    return terrain


def _mask(terrain: Array, rows: slice, columns: slice) -> Array:
    mask = np.zeros(terrain.shape, bool)
    mask[rows, columns] = True
    return mask


def _plain(_terrain: Array) -> dict[str, Any]:
    return {"rain": [(0, 900.0)]}


def _edges(terrain: Array) -> dict[str, Any]:
    first = Inflow(_mask(terrain, slice(8, 10), slice(8, 10)), [(0, 0.1), (5, 1.0)])
    second = Inflow(_mask(terrain, slice(9, 11), slice(8, 11)), [(2, 0.1), (5, 0.4), (7, 0)])
    return {"rain": [(0, 0.0)], "initial_depth": 0.1, "boundary": "open", "inflows": [first, second]}


def _soil(terrain: Array) -> dict[str, Any]:
    houses = _mask(terrain, slice(6, 8), slice(9, 12))
    ratio = np.zeros(terrain.shape)
    ratio[5, 9:12] = 2.0
    return {
        "rain": [(0, 900.0), (6, 100.0)],
        "initial_depth": 0.01,
        "infiltration": np.where(houses, 0.0, 80.0),
        "initial_loss": 0.5,
        "losses": SewerLoss(capacity=200.0, storage=0.2, emptying=20.0),
        "blocked": houses,
        "roof": [
            Roof(ratio, area=24.0, capacity=50.0, initial_loss=0.3),
            Roof(ratio / 2, area=12.0, storage=0.5, outflow=10.0),
        ],
    }


def _wetting(terrain: Array) -> dict[str, Any]:
    rates = np.random.default_rng(4).uniform(0, 2000, (2, *terrain.shape))
    return {
        "rain": RainField([0, 5], rates),
        "initial_depth": 0.05,
        "manning": np.random.default_rng(5).uniform(0.02, 0.1, terrain.shape),
        "infiltration": GreenAmpt(conductivity=20.0, suction=100.0, deficit=0.3),
    }


def _water(terrain: Array) -> dict[str, Any]:
    pond = OpenWater(_mask(terrain, slice(None), slice(0, 3)), kept=0.02, capacity=0.05)
    ditch = OpenWater(_mask(terrain, slice(8, 10), slice(None)))
    return {"rain": [(0, 900.0)], "initial_depth": 0.08, "works": [pond, ditch]}


STORMS: dict[str, Callable[[Array], dict[str, Any]]] = {
    "plain": _plain,
    "edges": _edges,
    "soil": _soil,
    "wetting": _wetting,
    "water": _water,
}


def storm(name: str, *, device: str, scale: int, **options: Any) -> FloodResult:
    """Compute one storm; ``options`` come on top."""
    terrain = ground(scale)
    event: dict[str, Any] = {
        "cell_size": 2.0,
        "until": 8.0,
        "output_every": 4.0,
        "duration_thresholds": (0.005, 0.05),
    }
    return simulate(terrain, **event | STORMS[name](terrain) | {"device": device} | options)


def resumed(device: str, other: str, *, scale: int) -> FloodResult:
    """Compute half of a storm on one device, and go on from its state on the other."""
    half = storm("soil", device=device, scale=scale, until=4.0, keep_state=True)
    return storm("soil", device=other, scale=scale, start=half.state)


def numbers(flood: FloodResult) -> dict[str, Array]:
    """Return what a flood says, as arrays by name."""
    fields = {name: np.asarray(getattr(flood, name)) for name in FIELDS}
    summary = np.array(list(flood.balance.summary().values()))
    return fields | {"balance": summary, "steps": np.array(flood.steps), "device": np.array(flood.device)}


def sentence(**options: Any) -> Array:
    """Return what a storm is refused with, or stops with; empty when it does neither."""
    try:
        storm("plain", device="cuda", scale=1, until=2.0, **options)
    except MorgenError as error:
        return np.array(str(error))
    return np.array("")


def reported(**options: Any) -> Array:
    """Return the times at which a storm reported."""
    times: list[float] = []
    storm("plain", on_progress=lambda _part, time: times.append(time), **options)
    return np.array(times)


def everything(scale: int) -> dict[str, Array]:
    """Return all that is asked of a card, by name."""
    floods = {name: storm(name, device="cuda", scale=scale) for name in STORMS}
    floods["resumed"] = resumed("cuda", "cuda", scale=scale)
    floods["moved"] = resumed("cuda", "cpu", scale=scale)
    floods["chosen"] = storm("plain", device="auto", scale=scale, until=1.0)
    culvert = Culvert((0, 0), (9, 12), width=1, height=1, length=4, bottom=-1)
    spring = Inflow(_mask(ground(1), slice(8, 9), slice(8, 9)), [(0, 1e7)])
    found = {f"{name}/{key}": value for name, flood in floods.items() for key, value in numbers(flood).items()}
    return found | {
        "fv2": sentence(engine="fv2"),
        "culvert": sentence(works=[culvert]),
        "pump": sentence(works=[Pump((0, 0), 1.0)]),
        "instead": np.array(storm("plain", device="auto", scale=1, until=1.0, works=[culvert]).device),
        "runaway": sentence(inflows=[spring]),
        "reported": reported(device="cuda", scale=scale),
    }


if __name__ == "__main__":
    np.savez(Path(sys.argv[1]), **everything(scale=1))  # type: ignore[arg-type]
