"""The twins that the tests of the tiles look at."""

import shutil
from pathlib import Path

import pytest

from morgen.services.area_file import read_area
from morgen.services.twin import Twin

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def sample_situation(sample_files, tmp_path_factory):
    """The sample neighbourhood, gathered on cells of 1 m."""
    base = tmp_path_factory.mktemp("tiles")
    shutil.copytree(sample_files, base / "sources")
    twin = Twin.create(base / "twin", read_area(base / "sources" / "area.geojson"), cell_size=1.0)
    twin.add(base / "sources")
    return twin.situation()


@pytest.fixture(scope="session")
def delft_situation(shared_data, tmp_path_factory):
    """Two blocks of Delft from the real files, on cells of 1 m."""
    folder = tmp_path_factory.mktemp("tiles-delft") / "delft"
    twin = Twin.create(folder, read_area(REPOSITORY / "examples" / "delft-oost.geojson"), cell_size=1.0)
    twin.add(shared_data / "nl" / "delft-oost")
    return twin.situation()


@pytest.fixture(scope="session", params=["sample", "delft"])
def real_situation(request):
    """The sample, and then Delft."""
    return request.getfixturevalue(f"{request.param}_situation")
