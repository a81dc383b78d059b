"""Fixtures that the tests of the sample share: the plan and its files are made once."""

from pathlib import Path

import pytest

from morgen.sources.sample.facts import write_facts
from morgen.sources.sample.plan import plan_wijk
from morgen.sources.sample.wijk import Wijk


@pytest.fixture(scope="session")
def wijk() -> Wijk:
    """Return the planned wijk of 1 km2; do not change it."""
    return plan_wijk(7, 1.0)


@pytest.fixture(scope="session")
def facts_folder(wijk: Wijk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the facts of the wijk; do not change it."""
    folder = tmp_path_factory.mktemp("facts")
    write_facts(folder, wijk, 7)
    return folder


@pytest.fixture(scope="session")
def quirky_facts(wijk: Wijk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the same facts, with the traps of real deliveries; do not change it."""
    folder = tmp_path_factory.mktemp("quirks")
    write_facts(folder, wijk, 7, quirks=True)
    return folder
