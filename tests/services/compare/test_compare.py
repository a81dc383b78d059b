"""Comparing stored runs of the sample: what differs comes first, and every number is that of the runs."""

import numpy as np
import pytest
import rasterio

import morgen
from morgen.core.errors import InputError, NotFoundError, RunNotFoundError
from morgen.services.compare import difference_raster, write_difference_maps
from morgen.services.compare.noise import DEPTH, LEAST_DEPTH
from morgen.services.kept_scenarios import kept_scenario

pytestmark = pytest.mark.usefixtures("installed_measures")


@pytest.fixture(scope="module")
def twin(compared_twin):
    return morgen.open(compared_twin.folder)


@pytest.fixture(scope="module")
def comparison(twin, compared_twin):
    return twin.compare([compared_twin.base, compared_twin.lowered, compared_twin.more_rain])


def test_only_what_differs_beside_the_measures_is_said(comparison):
    """A run with measures on the same rain is a fair comparison; one with more rain is not, and says so first."""
    fair, rainier = comparison.variants
    assert fair.unlike == ()
    assert [(item.subject, item.name, item.base, item.other) for item in rainier.unlike] == [
        ("rain", "rain", "40", "60")
    ]


def test_indicators_are_those_of_the_runs(twin, compared_twin, comparison):
    """Value, band and difference stand as the runs have them; more rain is worse."""
    runs = {name: twin.get_run(getattr(compared_twin, name)) for name in ("base", "more_rain")}
    values = {name: {item.id: item.value for item in run.indicators} for name, run in runs.items()}
    for item in comparison.variants[1].indicators:
        assert item.base.value == values["base"][item.id]
        assert item.other.value == values["more_rain"][item.id]
        assert item.difference == item.other.value - item.base.value
    verdicts = {item.id: item.verdict for item in comparison.variants[1].indicators}
    assert verdicts["flooded-area"] == verdicts["street-volume"] == "worse"


def test_the_floor_is_what_a_run_measured(twin, compared_twin, comparison):
    """The base run measured its noise; two runs that did not get the default."""
    noise = twin.get_run(compared_twin.base).output("checks").to_json()["noise"]
    assert comparison.variants[0].noise.measured
    assert comparison.variants[0].noise.depth == max(LEAST_DEPTH, noise["p999"])
    other = twin.compare([compared_twin.lowered, compared_twin.more_rain]).variants[0]
    assert (other.noise.measured, other.noise.depth) == (False, DEPTH)


def test_maps_hide_what_lies_under_the_floor(twin, compared_twin, comparison):
    """Each cell is other less base, or 0 when that is no more than the floor; buildings have no value."""
    base, other = (twin.get_run(name) for name in (compared_twin.base, compared_twin.lowered))
    raw = (other.max_depth.to_xarray() - base.max_depth.to_xarray()).to_numpy()
    floor = np.float32(comparison.variants[0].noise.depth)
    shown = difference_raster(base, other, "max_depth").values
    np.testing.assert_array_equal(np.isnan(shown), np.isnan(raw))
    np.testing.assert_array_equal(shown[np.abs(raw) > floor], raw[np.abs(raw) > floor])
    assert not np.nan_to_num(shown[np.abs(raw) <= floor]).any()
    assert np.nanmax(shown) > 0.05, "the lowered ground holds water"


def test_times_at_the_threshold_are_hidden(twin, compared_twin):
    """Whether a cell of 5 cm deep counts as flooded is rounding, so its duration is not compared."""
    base, other = (twin.get_run(name) for name in (compared_twin.base, compared_twin.more_rain))
    depths = [run.max_depth.to_xarray().to_numpy() for run in (base, other)]
    doubtful = np.any([np.abs(depth - 0.05) < 0.0009 for depth in depths], axis=0)
    assert doubtful.any()
    assert not difference_raster(base, other, "duration").values[doubtful].any()


def test_figures_of_a_map_are_those_of_its_cells(twin, compared_twin, comparison):
    """Areas by count of cells in the area; where the water rose in the drawing of the measure is told apart."""
    base, other = (twin.get_run(name) for name in (compared_twin.base, compared_twin.lowered))
    shown = difference_raster(base, other, "max_depth")
    (figures,) = [item for item in comparison.variants[0].maps if item.name == "max_depth"]
    assert figures.largest_rise == pytest.approx(np.nanmax(shown.values), abs=1e-6)
    # The area is the box of the grid but for its edge, so no count of it can be more than that of the grid.
    assert 0 < figures.higher_in_measures <= figures.higher_area <= (shown.values > 0).sum() * 25
    assert figures.hidden_area > 0


def test_maps_for_a_gis_are_on_the_grid_of_the_runs(twin, compared_twin, tmp_path):
    """COG in RD New with the unit of the output."""
    base, other = (twin.get_run(name) for name in (compared_twin.base, compared_twin.lowered))
    written = write_difference_maps(base, other, tmp_path)
    assert set(written) == {"max_depth", "duration", "arrival"}
    with rasterio.open(written["max_depth"]) as file:
        assert file.crs.to_epsg() == 28992
        assert (file.height, file.width) == base.situation.grid.shape
        assert file.units == ("m",)
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"


def test_the_cost_is_that_of_the_scenario_when_it_ran(twin, compared_twin, comparison):
    """Area by price of the lowered ground; kept with the run, so that an edit afterwards changes nothing."""
    run = comparison.variants[0].run
    kept = kept_scenario(compared_twin.folder, run.scenario)
    assert kept is not None
    measure = kept.scenario.measures[0]
    assert run.cost.middle == pytest.approx(measure.geometry.area * 25)
    assert run.scenario_name == "lowered"
    assert [item.theme for item in run.side_effects] == ["soil"]
    with twin.scenarios() as store:
        store.edit("lowered", lambda scenario: scenario.without("hollow"))
        again = twin.compare([compared_twin.base, compared_twin.lowered]).variants[0].run.cost
        store.undo("lowered")
    assert again == run.cost


def test_euro_by_building_is_cost_over_the_balance(comparison):
    """Nothing to divide by when no building is kept dry on balance."""
    for variant in comparison.variants:
        buildings = variant.buildings
        assert variant.kept_dry == buildings.dry - buildings.wet
        if variant.run.cost is None or variant.kept_dry <= 0:
            assert variant.per_building is None
        else:
            assert variant.per_building.low == variant.run.cost.low / variant.kept_dry


def test_a_comparison_goes_to_and_from_json(comparison):
    """What the web and a file say is what Python says."""
    assert type(comparison).from_json(comparison.to_json()) == comparison


def test_runs_that_cannot_stand_beside_each_other_are_refused(twin, compared_twin):
    """One sentence for one run, the same run twice, a run that is not there, and a map that there is not."""
    base = compared_twin.base
    with pytest.raises(InputError, match="1 runs were given"):
        twin.compare([base])
    with pytest.raises(InputError, match="twice"):
        twin.compare([base, base])
    with pytest.raises(RunNotFoundError, match="nowhere"):
        twin.compare([base, "nowhere"])
    with pytest.raises(NotFoundError, match="no map of differences 'balance'"):
        difference_raster(twin.get_run(base), twin.get_run(compared_twin.lowered), "balance")


def test_runs_without_an_answer_or_of_another_kind_are_refused(twin, compared_twin):
    """A failed run has nothing to compare, and a model with another interface counts other things."""
    base, other = (twin.get_run(name) for name in (compared_twin.base, compared_twin.lowered))

    def changed(**values):
        run = other.run.model_copy(update=values)
        return type(other)(run, other.folder, other.read_situation)

    with pytest.raises(InputError, match="is failed"):
        twin.compare([base, changed(state="failed")])
    stranger = other.run.manifest.model_copy(update={"model": "another-model"})
    with pytest.raises(InputError, match=r"another-model.*pluvial-flood/1"):
        twin.compare([base, changed(manifest=stranger)])


def test_other_grids_give_no_maps_but_indicators(twin, compared_twin):
    """The comparison says why, and never resamples unseen."""
    base, other = (twin.get_run(name) for name in (compared_twin.base, compared_twin.lowered))
    situation = other.situation
    moved = type(situation)(
        area=situation.area,
        grid=situation.grid.model_copy(update={"xmin": situation.grid.xmin + 5}),
        layers=situation.layers,
        reader=situation.reader,
    )
    elsewhere = type(other)(other.run, other.folder, lambda: moved)
    variant = twin.compare([base, elsewhere]).variants[0]
    assert variant.maps == ()
    assert "other grids" in variant.maps_refused
    assert [item.subject for item in variant.unlike] == ["grid"]
    assert variant.indicators[0].difference is not None
    with pytest.raises(InputError, match="other grids"):
        twin.difference_map(base, elsewhere, "max_depth")
