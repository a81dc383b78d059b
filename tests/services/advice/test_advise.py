"""Advice from start to end on a small street: what it names, what it proves, and what it refuses."""

from dataclasses import replace
from itertools import chain, combinations

import numpy as np
import pytest
import shapely

from morgen.core.errors import DismissedError, MeasureError, ParameterError
from morgen.measures.application import apply_measure
from morgen.measures.cost import measure_cost
from morgen.models.registry import get_model
from morgen.services.advice.advise import Question, Verified, advise
from morgen.services.advice.sites import find_sites
from morgen.services.advice.trial import Trial, try_model
from morgen.testing.situations import building, ground, situation

pytestmark = pytest.mark.usefixtures("installed_measures")

STORM = {
    "rain": 105.0,
    "duration": 0.5,
    "after": 0.25,
    "output_interval": 15.0,
    "engine_check": False,
    "edges": "closed",
}
HOUSES = [shapely.box(x, 24, x + 8, 32) for x in (20, 34, 48)]


def street():
    """Return a street that falls to the middle, where three houses stand, with green uphill on both sides."""
    x = np.arange(40) * 2 + 1.0
    terrain = np.tile(np.abs(x - 40) * 0.004, (20, 1))
    terrain[[0, -1]] += 0.5  # a rim, so that no water leaves
    terrain[:, [0, -1]] += 0.5
    greens = [shapely.box(2, 4, 16, 16), shapely.box(64, 4, 78, 16)]
    parking = shapely.box(30, 4, 50, 8)
    taken = shapely.union_all([*HOUSES, *greens, parking])
    land_cover = [
        *(ground("begroeidterreindeel", green, surface="groenvoorziening") for green in greens),
        ground("wegdeel", parking, function="parkeervlak", surface="open verharding"),
        ground("wegdeel", shapely.box(0, 0, 80, 40).difference(taken), function="rijbaan lokale weg",
               surface="gesloten verharding"),
        *(ground("pand", house) for house in HOUSES),
    ]  # fmt: skip
    houses = [
        building(f"050310000000000{number}", house, use="woonfunctie", roof_type="horizontal", height=6.0)
        for number, house in enumerate(HOUSES)
    ]
    return situation(terrain, cell_size=2.0, land_cover=land_cover, buildings=houses)


class Kept:
    """Reads layers from memory, also in another process."""

    def __init__(self, base):
        self.contents = {layer.name: base.reader(layer, base.grid) for layer in base.layers.values()}

    def __call__(self, layer, _grid):
        return self.contents[layer.name]


class OnIt:
    """Runs the model on the situation itself, as a twin would, and counts."""

    def __init__(self, base):
        self.base, self.asked = base, []

    def __call__(self, measures, parameters, *, on_progress):
        on_progress(0.5, "running")
        self.asked.append((tuple(measure.id for measure in measures), parameters["rain"]))
        changed = self.base
        for measure in measures:
            changed = apply_measure(changed, measure)
        found = try_model(get_model("pluvial-flood"), changed, parameters, trial=Trial())
        name = "-".join(measure.id for measure in measures)
        return Verified(found, f"run of {name or 'nothing'}", name)


KINDS = ("wadi", "permeable-paving", "crate-storage")


def asked(**more):
    return Question(**{"budgets": (25_000.0, 60_000.0), "parameters": STORM, "kinds": KINDS, **more})


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    base = street()
    verify = OnIt(base)
    folder = tmp_path_factory.mktemp("advice")
    return advise(base, asked(), verify=verify, folder=folder), verify, folder


def test_every_effect_comes_from_two_runs(found):
    """The effect is that without measures less that with them, of runs that are named; it fits the budget."""
    advice, verify, _ = found
    assert advice.before == 3
    for budget in advice.budgets:
        assert budget.verified
        assert 0 < budget.cost <= budget.budget
        assert budget.effect == budget.storms[0].before - budget.storms[0].after > 0
        assert budget.run == f"run of {budget.scenario}"
        assert sum(item.gain for item in budget.measures) == pytest.approx(budget.effect)
        assert sum(item.cost for item in budget.measures) == pytest.approx(budget.cost)
        assert budget.band[0] <= budget.effect <= budget.band[1]
        assert {storm.name for storm in budget.storms} == {
            "the storm", "rain 136.5 mm", "wet ground, worse sewer", "dry ground, better sewer",
        }  # fmt: skip
        assert all("ha" in item.reason and "ha" in item.reason_nl for item in budget.measures)
    assert advice.budgets[0].effect <= advice.budgets[1].effect
    assert advice.verifications == len(verify.asked)


def test_it_is_as_good_as_the_best_of_all_packages(found):
    """Of all packages that can be paid, run one by one, none keeps more than 5 % more buildings dry."""
    advice, _, _ = found
    base = street()
    verify = OnIt(base)
    candidates = {item.id: item for budget in advice.budgets for item in budget.measures}
    sites = [site.measure for site in find_sites(base, KINDS, clear=3.0)]
    assert set(candidates) <= {measure.id for measure in sites}
    budget = advice.budgets[0].budget
    best = 0.0
    for package in chain.from_iterable(combinations(sites, size) for size in range(1, len(sites) + 1)):
        if sum(measure_cost(base, measure).middle for measure in package) <= budget:
            try:
                after = verify(package, STORM, on_progress=lambda *_: None).indicators["buildings-facade-high"]
            except MeasureError:
                continue
            best = max(best, advice.before - after.value)
    assert advice.budgets[0].effect >= 0.95 * best


def test_what_was_run_is_not_run_again(found):
    """A second time all quick runs are read back, and the answer is the same."""
    advice, _, folder = found
    again = advise(street(), asked(), verify=OnIt(street()), folder=folder)
    assert again.runs == 0
    assert again.budgets == advice.budgets


def test_workers_find_the_same(found):
    """Quick runs in two processes."""
    advice, _, _ = found
    base = replace(street(), reader=Kept(street()))
    again = advise(base, asked(workers=2, budgets=(25_000.0,)), verify=OnIt(street()))
    assert again.budgets[0].effect == advice.budgets[0].effect
    assert again.runs > 0


def test_a_search_that_is_stopped_gives_what_it_has():
    """With no time left it verifies the best so far, and says that it was stopped."""
    stopped = advise(street(), asked(time_limit=1e-6), verify=OnIt(street()))
    assert not stopped.complete
    assert len(stopped.budgets) == 2
    assert all(budget.verified for budget in stopped.budgets)


def test_dismissal_stops_the_work():
    """Whatever progress raises comes out."""

    def stop(fraction, _message):
        if fraction > 0.05:
            raise DismissedError("enough")

    with pytest.raises(DismissedError):
        advise(street(), asked(), verify=OnIt(street()), on_progress=stop)


def test_nothing_is_advised_when_nothing_is_hit():
    """A drizzle: no quick run, no scenario, and the reason."""
    dry = advise(street(), asked(parameters=STORM | {"rain": 1.0}), verify=OnIt(street()))
    assert dry.runs == 0
    assert [budget.remark for budget in dry.budgets] == 2 * [
        "nothing is hit in this storm, so there is nothing to gain"
    ]
    assert all(not budget.measures and budget.effect == 0 for budget in dry.budgets)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"budgets": (0.0,)}, "the budget is 0 euro"),
        ({"budgets": (-5.0,)}, "the budget is -5 euro"),
        ({"budgets": ()}, "there is no budget"),
        ({"objective": "happiness"}, "must be one of buildings, damage, roads"),
        ({"workers": 0}, "workers is 0"),
        ({"candidates": 0}, "candidates is 0"),
        ({"time_limit": 0.0}, "time limit is 0 s"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(wrong, words):
    """One sentence, before any run."""
    with pytest.raises(ParameterError, match=words):
        asked(**wrong)


def test_a_kind_without_a_rule_is_refused():
    """With the kinds that have one."""
    with pytest.raises(MeasureError, match="no rule for sites of 'castle'; there is one for wadi"):
        advise(street(), asked(kinds=("castle",)), verify=OnIt(street()))
