"""What advice is: for each budget a package of measures, what it costs, and what runs of the model say it does."""

from morgen.core.noun import Noun

__all__ = ["Advice", "AdvisedMeasure", "BudgetAdvice", "RobustChoice", "StormEffect"]


class AdvisedMeasure(Noun):
    """One measure of a package."""

    id: str
    """In the scenario."""
    kind: str
    site: str
    """What lies there now, and where (m RD)."""
    cost: float
    """Euro, middle."""
    cost_low: float
    cost_high: float
    gain: float
    """Its part of the effect: that of the package, divided as quick runs without each measure say."""
    reason: str
    reason_nl: str


class StormEffect(Noun):
    """What a package does in one storm, or on other ground, by a run of the model on the cells of the twin."""

    name: str
    """Such as 'rain 91 mm'."""
    before: float
    after: float
    effect: float


class RobustChoice(Noun):
    """The package of those that were verified whose least effect over all storms and grounds is largest."""

    scenario: str
    least: float
    most: float


class BudgetAdvice(Noun):
    """The best package for one budget."""

    budget: float
    """Euro."""
    cost: float
    """Euro, middle; at most the budget."""
    cost_low: float
    cost_high: float
    effect: float | None
    """In the unit of the advice; None when nothing was verified."""
    band: tuple[float, float] | None
    """Least and most effect over the grounds that were tried for the same storm."""
    marginal: float | None
    """Effect per 100,000 euro more than the budget before it."""
    verified: bool
    """Whether the effect is that of runs on the cells of the twin; advice without is not given as a result."""
    scenario: str
    """Name of the scenario with these measures; empty when there is none to make."""
    run: str
    """Id of the run of this scenario in the storm that was asked about."""
    storms: tuple[StormEffect, ...] = ()
    """The storm that was asked about first."""
    robust: RobustChoice | None = None
    measures: tuple[AdvisedMeasure, ...] = ()
    remark: str = ""
    """Why there is nothing, or not all of the budget is used."""


class Advice(Noun):
    """What a municipality can do about it."""

    objective: str
    unit: str
    """Of effects."""
    model: str
    before: float
    """What the objective counts without measures."""
    base_run: str
    """Id of the run without measures."""
    budgets: tuple[BudgetAdvice, ...]
    candidates: int
    """Sites among which was chosen."""
    runs: int
    """Quick runs, on larger cells."""
    verifications: int
    """Runs on the cells of the twin."""
    cell_sizes: tuple[float, float]
    """m: of the quick runs, and of the twin."""
    seconds: float
    complete: bool = True
    """False when it was stopped before the search was at its end."""
