"""OWSLib, the client that GIS people use from Python, over a real socket."""

import pytest
from owslib.ogcapi.processes import Processes
from tests.faces.http.conftest import QUICK
from tests.faces.http.running import served_in_thread


@pytest.fixture(scope="module")
def processes(sample_twin):
    with served_in_thread(sample_twin) as address:
        yield Processes(f"{address}v1")


def test_owslib_lists_describes_and_executes(processes):
    """The list, a description, and a run whose results come back as a document."""
    listed = processes.processes()
    assert "pluvial-flood" in [item["id"] for item in listed]
    assert processes.process("pluvial-flood")["inputs"]["rain"]["schema"]["maximum"] == 300
    results = processes.execute("pluvial-flood", inputs=QUICK)
    assert results["balance"]["value"]["rain"] > 0


def test_owslib_starts_a_run_that_answers_later(processes):
    """With async_ the answer is the job."""
    job = processes.execute("pluvial-flood", inputs=QUICK, async_=True)
    assert job["status"] in ("accepted", "running")
