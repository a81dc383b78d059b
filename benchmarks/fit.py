"""How quickly a programme is fitted, explained and varied, on made-up wijken with ten kinds of facility.

Run ``python benchmarks/fit.py [--threads 2] [--front]``. It prints for each bar the limit and what was measured:
the first plan within a tenth of the bound, the plan within 1 %, the explanation after it, the front of six points,
and for the checked plan the lowest share per address of a norm of distance for which no concession was said. The
1 % is of the worth of the plan (dwellings at their price minus concessions), as in the literature on priced slack.
"""

import argparse
import os
import time

from morgen.models.fit.check import check
from morgen.models.fit.explain import explain
from morgen.models.fit.formulation import formulate
from morgen.models.fit.front import front
from morgen.models.fit.problem import Problem
from morgen.models.fit.solve import solve
from morgen.testing.wijken import made_up_wijk

GREEN = 95.0
"""m2 for each dwelling: more than there is ground for, so that there is something to explain."""


def main() -> None:
    """Print a line for each bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--front", action="store_true", help="also the front, which takes two minutes")
    options = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f}, threads {options.threads}")
    for plots, fill, limit in ((200, 0.45, 60.0), (1000, 0.45, 120.0), (1000, 0.6, 120.0)):
        for green in (12.0, GREEN):
            _plan(plots, fill, green, limit, options.threads)
    if options.front:
        problem = _wijk(200, 0.45, GREEN)
        begun = time.perf_counter()
        found = front(problem, threads=options.threads)
        print(f"front of {len(found.plans)}: {time.perf_counter() - begun:.1f} s (150), knee {found.knee}")


def _wijk(plots: int, fill: float, green: float) -> Problem:
    from dataclasses import replace

    problem = made_up_wijk(plots, fill=fill)
    return replace(problem, ground=problem.ground.model_copy(update={"green_per_dwelling": green}))


def _plan(plots: int, fill: float, green: float, limit: float, threads: int) -> None:
    problem = _wijk(plots, fill, green)
    begun = time.perf_counter()
    made = formulate(problem)
    plan = solve(problem, gap=0.01, time_limit=limit, threads=threads, made=made)
    whole = time.perf_counter() - begun
    begun = time.perf_counter()
    reason = explain(problem, plan, made=made, threads=threads)
    explained = time.perf_counter() - begun
    checked = check(problem, plan)
    kept = [share.found for share in checked.shares if not plan.conceded(share.norm)]
    print(
        f"{plots} plots, fill {fill}, green {green:g}: first {plan.first_seconds:.2f} s (15), all {whole:.1f} s"
        f" ({limit:g}), gap {plan.gap:.2e} {plan.status}, {plan.dwellings} of {plan.asked:.0f} dwellings,"
        f" explained {explained:.2f} s (2), clash {reason.clash.groups if reason.clash else ()},"
        f" not tested {len(reason.clash.untested) if reason.clash else 0},"
        f" least share {min(kept, default=1.0):.3f} (0.9), violations {len(checked.violations)}"
    )


if __name__ == "__main__":
    main()
