"""Fixtures that all tests share."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# How long an example takes says more about the machine than about the rule.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real Dutch data and validation cases that lies beside the project.

    It is not part of the project: where it is missing the test is skipped, but in CI that is a failure.
    """
    folder = Path(os.environ.get("MORGEN_SHARED_DATA", REPOSITORY.parent / "shared" / "data"))
    if not folder.is_dir():
        reason = f"the folder with real data is not at {folder}; set MORGEN_SHARED_DATA to where it is"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


@pytest.fixture(scope="session")
def sample_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the smallest sample, written once for all tests; do not change it."""
    from morgen.sources.sample import write_sample

    folder = tmp_path_factory.mktemp("sample") / "sources"
    write_sample(folder, km2=0.1)
    return folder


@pytest.fixture
def installed_measures() -> None:
    """Fail with the way out when the package was installed before the measures were declared."""
    from morgen.measures.registry import measure_ids

    if "wadi" not in measure_ids():
        pytest.fail("the measures are not installed; run `pip install -e .` again, for its entry points")


@dataclass(frozen=True)
class ComparedTwin:
    """A twin of the sample with runs to compare, and their ids."""

    folder: Path
    base: str
    lowered: str
    """With the scenario 'lowered': ground is dug away in one green."""
    more_rain: str


@pytest.fixture(scope="session")
def compared_twin(sample_files: Path, tmp_path_factory: pytest.TempPathFactory) -> ComparedTwin:
    """Return a twin with three short runs, made once for all tests; add runs if you must, change nothing else."""
    import morgen
    from morgen.core.measure import Measure
    from morgen.services import scenarios
    from morgen.services.area_file import read_area

    folder = tmp_path_factory.mktemp("compared") / "twin"
    twin = morgen.create(folder, read_area(sample_files / "area.geojson", name="Voorbeelddorp"), cell_size=5.0)
    twin.add(sample_files)
    situation = twin.situation()
    cover = situation.features("land_cover")
    green = cover[(cover["theme"] == "begroeidterreindeel") & cover.within(situation.area.polygon)]
    place = green.geometry[green.area.idxmax()].buffer(-4.0)
    measure = Measure(id="hollow", kind="lowered-ground", geometry=place, parameters={"depth": 0.3})
    with twin.scenarios() as store:
        store.create(scenarios.add(situation, scenarios.new_scenario(situation, "lowered"), measure))
    given: dict[str, Any] = {"rain": 40, "duration": 0.3, "after": 0.1, "engine_check": False}
    runs = [
        twin.run("pluvial-flood", **given, noise_check=True),
        twin.run("pluvial-flood", scenario="lowered", **given),
        twin.run("pluvial-flood", **{**given, "rain": 60}),
    ]
    assert [run.state for run in runs] == ["successful"] * 3, [run.run.message for run in runs]
    return ComparedTwin(folder, *(run.id for run in runs))
