"""The door to HiGHS: a program in, numbers out."""

import time
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from morgen.core.errors import RunError
from morgen.models.fit.program import Program
from morgen.models.highs import quiet_solver

__all__ = ["Answer", "Effort", "optimise"]

FIRST_GAP: Final = 0.10
"""Relative gap at which a plan is worth looking at."""


@dataclass(frozen=True)
class Effort:
    """How hard to try."""

    gap: float = 0.01
    absolute_gap: float = 1e-6
    time_limit: float = 60.0
    seed: int = 0
    threads: int = 2


@dataclass(frozen=True, eq=False)
class Answer:
    """What the solver found."""

    feasible: bool
    """Whether there is a solution; ``values`` is empty otherwise."""
    proven: bool
    """Whether it stopped because it was sure, within the gap, and not because of the time."""
    objective: float
    bound: float
    gap: float
    values: npt.NDArray[np.float64]
    duals: npt.NDArray[np.float64]
    """For each row, of a program without integers; empty otherwise."""
    seconds: float
    first_seconds: float


def optimise(
    program: Program, effort: Effort, *, start: npt.NDArray[np.float64] | None = None, relaxed: bool = False
) -> Answer:
    """Minimise a program, from ``start`` when there is one; ``relaxed`` lets integers be fractions.

    Raises ``RunError`` when the solver itself fails.
    """
    import highspy

    # The worker threads of HiGHS are of the process: another number of threads is refused until they are gone.
    highspy.Highs.resetGlobalScheduler(True)
    solver = quiet_solver()
    for option, value in _options(effort).items():
        solver.setOptionValue(option, value)
    solver.passModel(_model(program, highspy, relaxed=relaxed))
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = start.tolist()
        solver.setSolution(solution)
    begun = time.perf_counter()
    first = [np.inf]

    def improved(event: Any) -> None:
        found = event.data_out
        distance = abs(found.objective_function_value - found.mip_dual_bound)
        if distance <= FIRST_GAP * max(1.0, abs(found.objective_function_value)):
            first[0] = min(first[0], time.perf_counter() - begun)

    if not relaxed:
        solver.cbMipImprovingSolution.subscribe(improved)
    solver.run()
    return _answer(solver, highspy, relaxed=relaxed, seconds=time.perf_counter() - begun, first=first[0])


def _options(effort: Effort) -> dict[str, Any]:
    return {
        "output_flag": False,
        "mip_rel_gap": effort.gap,
        "mip_abs_gap": effort.absolute_gap,
        "time_limit": effort.time_limit,
        "random_seed": effort.seed,
        "threads": effort.threads,
    }


def _model(program: Program, highspy: Any, *, relaxed: bool) -> Any:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(program.cost), len(program.row_lower)
    model.col_cost_ = np.array(program.cost)
    model.offset_ = program.offset
    model.col_lower_, model.col_upper_ = program.bounds()
    model.row_lower_, model.row_upper_ = np.array(program.row_lower), np.array(program.row_upper)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.array(program.starts, np.int32)
    model.a_matrix_.index_ = np.array(program.columns, np.int32)
    model.a_matrix_.value_ = np.array(program.values)
    if not relaxed:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[integer] for integer in program.integer]
    return model


def _answer(solver: Any, highspy: Any, *, relaxed: bool, seconds: float, first: float) -> Answer:
    status, info = solver.getModelStatus(), solver.getInfo()
    empty = np.zeros(0)
    solution = solver.getSolution()
    usable = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    known = {
        highspy.HighsModelStatus.kOptimal,
        highspy.HighsModelStatus.kTimeLimit,
        highspy.HighsModelStatus.kInfeasible,
    }
    if status not in known:
        raise RunError(f"the solver stopped with {solver.modelStatusToString(status)!r}, and gave no plan")
    objective = float(info.objective_function_value) if usable else np.inf
    proven = status != highspy.HighsModelStatus.kTimeLimit
    bound = float(info.mip_dual_bound) if not relaxed else objective
    return Answer(
        feasible=usable,
        proven=proven,
        objective=objective,
        bound=bound,
        gap=abs(objective - bound) / max(1.0, abs(objective)) if usable else np.inf,
        values=np.array(solution.col_value) if usable else empty,
        duals=np.array(solution.row_dual) if usable and relaxed else empty,
        seconds=seconds,
        first_seconds=min(first, seconds),
    )
