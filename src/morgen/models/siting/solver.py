"""A mixed-integer programme solved by HiGHS (https://highs.dev): in, arrays; out, values with a bound."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from morgen.core.errors import ParameterError, RunError
from morgen.models.highs import quiet_solver

__all__ = ["InfeasibleError", "Programme", "Solved", "minimise"]

Floats = npt.NDArray[np.float64]
GAP = 1e-9
"""Relative; the default of HiGHS, 1e-4, would call a choice best that is 0.01 % off."""
AGREES = 1e-6
"""Relative difference between the objective that HiGHS tells and that of its values."""


class InfeasibleError(ParameterError):
    """No choice of sites keeps all the rules."""


@dataclass(frozen=True, eq=False)
class Programme:
    """Minimise ``cost @ x`` with ``row_lower <= rows @ x <= row_upper`` and ``lower <= x <= upper``."""

    cost: Floats
    rows: Any
    """scipy sparse (m, n)."""
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    whole: npt.NDArray[np.bool_]
    """Which columns take whole values only."""


@dataclass(frozen=True, eq=False)
class Solved:
    """The best values found, or None when the time was up before there were any, and the proven bound."""

    values: Floats | None
    objective: float
    bound: float


def minimise(programme: Programme, *, time_limit: float | None = None, start: Floats | None = None) -> Solved:
    """Solve to optimality or to the time limit (s); raises ``InfeasibleError`` when it cannot be."""
    import highspy

    solver = quiet_solver()
    solver.setOptionValue("mip_rel_gap", GAP)
    solver.setOptionValue("mip_abs_gap", GAP)
    solver.setOptionValue("random_seed", 1)
    if time_limit is not None:
        solver.setOptionValue("time_limit", max(time_limit, 0.01))
    solver.passModel(_model(highspy, programme))
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = list(start)
        solver.setSolution(solution)
    solver.run()
    solved = _outcome(highspy, solver, programme)
    if start is not None and not _holds(programme, solved):
        # HiGHS 1.16 can hand back the start with the objective of something better, when presolve solves it all.
        return minimise(programme, time_limit=time_limit)
    return solved


def _holds(programme: Programme, solved: Solved) -> bool:
    if solved.values is None:
        return True
    again = float(programme.cost @ solved.values)
    return abs(again - solved.objective) <= AGREES * max(1.0, abs(again))


def _model(highspy: Any, programme: Programme) -> Any:
    rows = sparse.csr_matrix(programme.rows)
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = rows.shape
    model.col_cost_, model.col_lower_, model.col_upper_ = programme.cost, programme.lower, programme.upper
    model.row_lower_, model.row_upper_ = programme.row_lower, programme.row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.num_row_, model.a_matrix_.num_col_ = rows.shape
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = rows.indptr, rows.indices, rows.data
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    model.integrality_ = [kinds[int(whole)] for whole in programme.whole]
    return model


def _outcome(highspy: Any, solver: Any, programme: Programme) -> Solved:
    status = solver.getModelStatus()
    states = highspy.HighsModelStatus
    if status in {states.kInfeasible, states.kUnboundedOrInfeasible}:
        message = "no choice of sites keeps all the rules; allow more sites, capacity or distance"
        raise InfeasibleError(message)
    if status not in {states.kOptimal, states.kTimeLimit}:
        message = f"HiGHS stopped with state {solver.modelStatusToString(status)!r}; set a longer time_limit"
        raise RunError(message)
    info = solver.getInfo()
    mixed = bool(programme.whole.any())
    bound = info.mip_dual_bound if mixed else info.objective_function_value
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Solved(None, np.inf, bound if mixed else -np.inf)
    return Solved(np.asarray(solver.getSolution().col_value), info.objective_function_value, bound)
