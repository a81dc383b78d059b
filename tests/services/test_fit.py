"""From files to a plan that is a scenario, on which the flood model runs: both questions on one plan."""

from pathlib import Path

import pytest
from tests.fit_twin import PROGRAMME, make_fit_twin

from morgen.core.errors import InputError, MeasureError, ParameterError, RunNotFoundError
from morgen.core.run import RunState
from morgen.services.fit import FitQuestion, fit, save_plan
from morgen.services.twin import Twin


@pytest.fixture(scope="module")
def twin(sample_files: Path, tmp_path_factory) -> Twin:
    """A twin of part of the sample with three plots drawn over houses, and large cells so that it is quick."""
    return make_fit_twin(tmp_path_factory.mktemp("fit"), sample_files)


@pytest.fixture(scope="module")
def storm(twin):
    return twin.run("pluvial-flood", rain=40.0, after=0.0, engine_check=False)


@pytest.fixture(scope="module")
def planned(twin, storm):
    question = FitQuestion(
        programme=twin.folder.parent / "programme.toml", norms="landelijk-indicatief", flood=storm.id
    )
    return fit(twin, question)


def test_the_plan_of_a_programme_is_a_run_with_its_inputs(planned, storm):
    """The manifest names the water of the storm beside the layers of the sources."""
    assert planned.state is RunState.SUCCESSFUL, planned.run.message
    assert "flood_depth" in planned.run.manifest.inputs
    assert f"run {storm.id}" in planned.run.manifest.sources
    assert planned.run.manifest.parameters["programme"]["dwellings"][0]["number"] == 60
    answer = planned.output("answer").to_json()
    assert answer["asked"] == 60
    assert answer["check"]["violations"] == []
    assert not any("--flood" in text["en"] for text in answer["assumptions"])


def test_the_plan_becomes_a_scenario_on_which_the_flood_model_runs(twin, planned, storm):
    """What is in the way goes first, then parks and buildings come; water runs around them."""
    scenario = save_plan(twin, planned, "plan-a")
    kinds = [measure.kind for measure in scenario.measures]
    assert {"demolition", "new-building", "park"} <= set(kinds)
    assert kinds.index("demolition") < kinds.index("new-building")
    again = twin.run("pluvial-flood", scenario="plan-a", rain=40.0, after=0.0, engine_check=False)
    assert again.state is RunState.SUCCESSFUL, again.run.message
    assert again.run.manifest.scenario == scenario.content_hash
    new = again.situation.features("buildings")
    built = new[new["source_id"] == "measure"]
    assert len(built) == kinds.count("new-building")
    assert again.run.outputs != storm.run.outputs
    with pytest.raises(InputError, match="there is a scenario 'plan-a' already"):
        save_plan(twin, planned, "plan-a")


def test_the_same_question_gives_the_same_plan(twin, planned):
    """Outputs are equal by their bytes."""
    question = FitQuestion(
        programme=twin.folder.parent / "programme.toml",
        norms="landelijk-indicatief",
        flood=planned.run.manifest.sources
        and next(name.removeprefix("run ") for name in planned.run.manifest.sources if name.startswith("run ")),
    )
    again = fit(twin, question)
    assert [item.sha256 for item in again.run.outputs] == [item.sha256 for item in planned.run.outputs]


def test_water_of_no_run_or_of_another_model_is_refused(twin, planned):
    """A run that is not there, and one that gives no water."""
    with pytest.raises(RunNotFoundError):
        fit(twin, FitQuestion(flood="19990101"))
    with pytest.raises(InputError, match="gives no 'max_depth'"):
        fit(twin, FitQuestion(flood=planned.id))


def test_a_run_without_a_plan_is_not_saved(twin, storm):
    """Only a plan becomes a scenario."""
    with pytest.raises(InputError, match="has no plan to save"):
        save_plan(twin, storm, "plan-b")


def test_a_wrong_programme_names_its_row(twin, tmp_path):
    """Less than no dwellings, and a type that nobody knows."""
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(PROGRAMME.replace("60", "-6"))
    with pytest.raises(InputError, match="dwellings, row 1, number"):
        fit(twin, FitQuestion(programme=wrong))
    wrong.write_text(PROGRAMME.replace('"apartment"', '"castle"'))
    with pytest.raises(InputError, match="dwellings, row 1, type"):
        fit(twin, FitQuestion(programme=wrong))
    with pytest.raises(ParameterError, match="maximise"):
        fit(twin, FitQuestion(options={"maximise": "profit"}))


def test_a_building_under_a_house_that_stays_is_still_refused(twin, planned):
    """Demolishing first makes room; without it there is none."""
    from morgen.services.scenarios import import_geojson, new_scenario

    document = planned.output("measures").to_json()
    stays = [item for item in document["features"] if item["properties"]["kind"] != "demolition"]
    situation = twin.situation()
    with pytest.raises(MeasureError, match="lies under the building"):
        import_geojson(situation, new_scenario(situation, "plan-c"), {**document, "features": stays})
