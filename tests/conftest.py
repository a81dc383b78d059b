"""Fixtures that all tests share."""

import os
from pathlib import Path

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
