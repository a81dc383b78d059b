"""Below which difference nothing can be said: what rounding does to two equal runs.

A run with ``noise_check`` computes its storm again on ground that differs by what single precision makes of a
height (1e-6 m), and its output ``checks`` says how far the two lie apart. Where no run of a comparison measured
it, the floors are defaults that lie above all that was measured with 70 mm in 1 h on the sample wijk (0.1 km2,
cells of 4 and of 2 m) and on Delft-oost (cells of 1 m): 0.0006 m in the largest depth and 0.8 min in the duration
of any cell, and one cell of an area (0.25 % of the smallest).
"""

from collections.abc import Sequence
from typing import Any, Final

from morgen.services.compare.comparison import NoiseFloor
from morgen.services.result import RunResult

__all__ = ["DEPTH", "DURATION", "LEAST_DEPTH", "LEAST_DURATION", "SHARE", "indicator_noise", "noise_floor"]

DEPTH: Final = 0.002
"""Floor of depths that nobody measured, m: three times the largest that was seen."""
LEAST_DEPTH: Final = 0.001
"""Floor of depths at least, m: depths in time are stored as whole millimetres, and no ground is known better."""
DURATION: Final = 1.0
"""Floor of times that nobody measured, min."""
LEAST_DURATION: Final = 0.5
"""Floor of times at least, min."""
SHARE: Final = 0.003
"""Floor of indicators that nobody measured, as a share of the value."""


def noise_floor(runs: Sequence[RunResult]) -> NoiseFloor:
    """Return the noise floor of runs that are compared: the largest that one of them measured, or the default.

    Measured is what 999 of 1000 cells stay under.
    """
    measured = [found for run in runs if (found := _measured(run))]
    if not measured:
        return NoiseFloor(depth=DEPTH, duration=DURATION, measured=False)
    durations = [found["duration"]["p999"] for found in measured if "duration" in found]
    return NoiseFloor(
        depth=max(LEAST_DEPTH, *(found["p999"] for found in measured)),
        duration=max([LEAST_DURATION, *durations] if durations else [DURATION]),
        measured=True,
    )


def indicator_noise(runs: Sequence[RunResult], indicator: str, values: Sequence[float]) -> float:
    """Return by how much rounding moves an indicator: as measured, else ``SHARE`` of the largest of ``values``."""
    pairs = [_measured(run).get("indicators", {}).get(indicator) for run in runs]
    gaps = [abs(pair["run"] - pair["other"]) for pair in pairs if pair]
    return max(gaps, default=SHARE * max(map(abs, values), default=0.0))


def _measured(run: RunResult) -> dict[str, Any]:
    checks = run.output("checks").to_json() if "checks" in run.outputs else {}
    found: dict[str, Any] = checks.get("noise", {})
    return found
