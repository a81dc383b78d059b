"""Run the cases with a known answer on both engines and write what came out as a chapter of the documentation.

``python -m benchmarks.validation [--out docs/validation] [--quick]`` writes ``README.md`` and a picture per case.
Test 4 of the Environment Agency is in it where the folder with real data lies beside the project
(``MORGEN_SHARED_DATA``); ``--quick`` leaves its run with the finite-volume engine out. The tests hold the same
cases to the tolerances that the tables name (``tests/models/flood/test_closed_forms.py``).
"""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from benchmarks.flood_cases import (
    WEIRS,
    Case,
    Channel,
    Plain,
    relative_error,
    ritter,
    run,
    stoker,
    swinging_water,
    thacker_bowl,
)

from morgen.core.errors import UnstableError
from morgen.models.flood.simulation import FloodResult

DATA = Path(os.environ.get("MORGEN_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
ENGINES = ("inertial", "fv2")
SHOWN = 1e-3
"""Depth (m) that pictures show."""
COARSE: dict[Callable[[int], Case], int] = {ritter: 100, stoker: 100, swinging_water: 100, thacker_bowl: 50}
PICTURES: dict[Callable[[int], Case], str] = {
    ritter: "ritter",
    stoker: "stoker",
    swinging_water: "swinging-water",
    thacker_bowl: "thacker-bowl",
}
MEANING: dict[Callable[[int], Case], str] = {
    ritter: "Fast water without friction is what the inertial equations leave out: use `fv2` for dike breach.",
    stoker: "A shock: both engines have one, `inertial` in the wrong place.",
    swinging_water: "Without friction; the shore moves to and fro. The error is that after one period.",
    thacker_bowl: "Without friction; the shore moves in and out. The error is that after one period.",
}


def _section(make: Callable[[int], Case], out: Path) -> list[str]:
    """Run one case on both engines at three cell sizes; return its lines and draw its picture."""
    lines = [
        "| cells across | engine | error of the depth, of its mean | order |",
        "| --- | --- | --- | --- |",
    ]
    drawn: dict[str, tuple[Case, FloodResult]] = {}
    for engine in ENGINES:
        last = np.nan
        for cells in (COARSE[make], 2 * COARSE[make], 4 * COARSE[make]):
            case = make(cells)
            try:
                flood = run(case, engine)
            except UnstableError:
                lines.append(f"| {cells} | {engine} | stopped: too fast for these equations | |")
                continue
            error = relative_error(case, flood)
            lines.append(f"| {cells} | {engine} | {100 * error:.2f} % | {_order(last, error)} |")
            last = error
            drawn[engine] = (case, flood)
    name = f"{PICTURES[make]}.png"
    _draw(drawn, out / name)
    return [f"## {case.title}", "", MEANING[make], "", *lines, "", f"![Depth along the middle]({name})", ""]


def _order(before: float, error: float) -> str:
    return "" if np.isnan(before) else f"{np.log2(before / error):.1f}"


def _draw(drawn: dict[str, tuple[Case, FloodResult]], path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 3), layout="constrained")
    axes = figure.subplots()
    case, _ = drawn["fv2"]
    row = case.terrain.shape[0] // 2
    axes.fill_between(case.x, case.terrain[row], case.terrain.min() - 0.1, color="0.85", label="ground")
    wet = np.where(case.exact[row] > 0, case.exact[row] + case.terrain[row], np.nan)
    axes.plot(case.x, wet, color="black", linewidth=2.5, label="exact")
    for engine, (finest, flood) in drawn.items():
        assert flood.depth is not None
        middle = finest.terrain.shape[0] // 2
        depth = flood.depth[-1][middle]
        level = np.where(depth > SHOWN, depth + finest.terrain[middle], np.nan)
        axes.plot(finest.x, level, linewidth=1.2, label=engine)
    axes.set_xlabel("m")
    axes.set_ylabel("level (m)")
    axes.legend(fontsize=8)
    figure.savefig(path, dpi=90)


def _plain(folder: Path, *, quick: bool) -> list[str]:
    """Return the lines of test 4 of the Environment Agency: depth at six gauges beside LISFLOOD-FP DG2."""
    case = Plain(folder)
    lines = [
        "## Flood over a flat plain (Environment Agency, test 4)",
        "",
        "Depth (m) at six gauges after one and two hours, beside LISFLOOD-FP DG2 (second order), same cells.",
        "The tests hold `inertial` to 0.003 m.",
        "",
        "| time | engine | 1 | 2 | 3 | 4 | 5 | 6 | largest difference |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [_gauges(time, "LISFLOOD-FP DG2", case.reference(time), "") for time in (3600.0, 7200.0)]
    for engine in ENGINES[:1] if quick else ENGINES:
        found = case.depths(engine, until=7200)
        for time in (3600.0, 7200.0):
            worst = np.abs(found[time] - case.reference(time)).max()
            lines.append(_gauges(time, engine, found[time], f"{worst:.4f} m"))
    return [*lines, ""]


def _channels(folder: Path) -> list[str]:
    """Return the lines of the two channels of MacDonald: how far the steady depth is off."""
    lines = [
        "## Steady flow in a channel (MacDonald)",
        "",
        "1000 m over a bed made such that the depth is known (tables of SWASHES), cells of 5 m, near critical",
        "flow at both ends. The first 50 m, where water enters, do not count. `inertial` leaves out that water",
        "speeds up and slows down, which is what it is off here.",
        "",
        "| channel | engine | error of the depth, of its mean | largest error |",
        "| --- | --- | --- | --- |",
    ]
    for rain, name in ((False, "2 m2/s enters"), (True, "1 m2/s enters, rain adds as much")):
        channel = Channel(folder, rain=rain)
        for engine in ENGINES:
            gap = np.abs(channel.depths(engine) - channel.exact)[10:]
            share = 100 * gap.mean() / channel.exact.mean()
            lines.append(f"| {name} | {engine} | {share:.2f} % | {gap.max():.3f} m |")
    return [*lines, ""]


def _weirs() -> list[str]:
    """Return the lines of walls over which water flows: the head over the crest beside the formula of the weir."""
    lines = [
        "## Over a wall thinner than a cell (broad-crested weir)",
        "",
        "Steady flow over a wall across a flat channel: level above the crest beside Bos (1989), Discharge",
        "measurement structures, section 1.9; the last wall is drowned. `fv2` counts the velocity of the water",
        "that comes as head too. The tests hold both engines to 2 %.",
        "",
        "| discharge | cells | crest | water behind | head by the formula | engine | head | difference |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for weir in WEIRS:
        case = f"{weir.discharge:g} m2/s | {weir.cell_size:g} m | {weir.crest:g} m | {weir.tail:g} m"
        for engine in ENGINES:
            head = weir.head(weir.flood(engine))
            off = 100 * (head / weir.exact - 1)
            lines.append(f"| {case} | {weir.exact:.4f} m | {engine} | {head:.4f} m | {off:+.2f} % |")
    return [*lines, ""]


def _gauges(time: float, name: str, depths: npt.NDArray[Any], worst: str) -> str:
    return f"| {time:.0f} s | {name} | {' | '.join(f'{depth:.4f}' for depth in depths)} | {worst} |"


def main() -> None:
    """Write the chapter."""
    parser = argparse.ArgumentParser(description="Write the validation chapter of the flood engines.")
    parser.add_argument("--out", type=Path, default=Path("docs/validation"))
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    lines = [
        "# Validation of the flood engines",
        "",
        "Written by `python -m benchmarks.validation` from runs of both engines; do not edit. Each case is a test",
        "too. Beside these the tests hold a lake at rest on a random bed with islands (1e-7 m), the water balance",
        "(1e-12 of the water with `fv2`, 1e-7 with `inertial`), and turned and mirrored ground (1e-6 m).",
        "",
    ]
    for make in COARSE:
        lines += _section(make, options.out)
    lines += _weirs()
    channels = DATA / "flood" / "analytical"
    if channels.is_dir():
        lines += _channels(channels)
    plain = DATA / "flood" / "ea_test4"
    if plain.is_dir():
        lines += _plain(plain, quick=options.quick)
    (options.out / "README.md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
