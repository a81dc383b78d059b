"""Executing runs: outputs that others can read, and a truthful row whatever is killed."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import geopandas
import numpy as np
import psutil
import pytest
import rasterio
import xarray as xr
from tests.services.stranger import install_models, make_manifest, make_situation, mounted

from morgen.core.errors import RunError
from morgen.core.run import Run, RunState
from morgen.core.situation import Situation
from morgen.services.layout import Layout
from morgen.services.objects import ObjectStore
from morgen.services.runs import RunStore
from morgen.services.worker import execute, log_file
from morgen.services.worker_process import work


@pytest.fixture(autouse=True)
def _strange_models(tmp_path, monkeypatch):
    site = install_models(tmp_path / "site")
    monkeypatch.setenv("PYTHONPATH", str(site))
    monkeypatch.syspath_prepend(site)
    yield
    sys.modules.pop("strange_models", None)


@pytest.fixture
def twin(tmp_path: Path) -> Path:
    return tmp_path / "twin"


@pytest.fixture
def situation(twin: Path) -> Situation:
    return make_situation(twin)


@pytest.fixture
def store(twin):
    with RunStore.open(twin) as store:
        yield store


def submit(store: RunStore, situation: Situation, model: str, **parameters) -> Run:
    return store.submit(make_manifest(situation, model, **parameters), situation.to_json())


def wait_for(condition, *, seconds: float = 60.0):
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
    return found


def log_of(store: RunStore, run: Run) -> str:
    path = log_file(store.folder, run.id)
    return path.read_text() if path.exists() else ""


def work_here(store: RunStore, run: Run) -> Run:
    """Do what the worker process does, without the process."""
    claim = store.claim("test", run_id=run.id)
    assert claim
    work(store, claim)
    return store.get(run.id)


def test_the_device_of_the_settings_reaches_the_model_and_what_it_took_the_run(store, situation):
    """Without morgen.toml it is the processor; the row and the published run say the same."""
    plain = work_here(store, submit(store, situation, "steady"))
    (store.folder / "morgen.toml").write_text('[twin]\nname = "A"\n[compute]\ndevice = "auto"\n')
    run = work_here(store, submit(store, situation, "steady"))
    assert (plain.environment["device"], run.environment["device"]) == ("cpu", "auto")
    published = json.loads((Layout(store.folder).runs / run.id / "result.json").read_text())
    assert published["environment"]["device"] == "auto"


def test_outputs_are_files_that_others_read(store, situation):
    """A run leaves standard files under readable names; the same manifest elsewhere gives the same bytes."""
    told = []
    run = submit(store, situation, "steady", factor=2.0)
    run = execute(store, run.id, on_progress=lambda *now: told.append(now))

    assert (run.state, run.message) == (RunState.SUCCESSFUL, ""), log_of(store, run)
    assert run.progress == 1
    assert run.attempt == 1
    assert run.warnings == ("the terrain is made up",)
    assert run.indicators[0].value == pytest.approx(3.0, abs=0.01)
    known = {"python", "morgen", "numpy", "numba", "gdal", "platform", "processors"}
    assert set(run.environment) == known | {"device"}
    assert run.started_at
    assert run.ended_at
    assert run.created_at <= run.started_at <= run.ended_at
    assert told[-1][0] == 1
    folder = Layout(store.folder).runs / run.id
    expected = np.abs(situation.raster("terrain").values) * 2
    with rasterio.open(folder / "max_depth.tif") as raster:
        assert raster.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert raster.crs.to_epsg() == 28992
        assert raster.units == ("m",)
        np.testing.assert_array_equal(raster.read(1), expected)
    with xr.open_zarr(folder / "depth.zarr") as series:
        np.testing.assert_allclose(series["depth"][2], expected * 2, atol=0.0005)
        assert series["time"].values.tolist() == [0, 60, 120]
    assert geopandas.read_parquet(folder / "places.parquet")["theme"].tolist() == ["wegdeel", "waterdeel"]
    assert json.loads((folder / "summary.json").read_text()) == {"factor": 2.0}
    assert json.loads((folder / "manifest.json").read_text()) == run.manifest.to_json()
    result = json.loads((folder / "result.json").read_text())
    assert [item["filename"] for item in result["outputs"]] == [item.filename for item in run.outputs]
    objects = ObjectStore(Layout(store.folder).state)
    assert all(objects.verify(item.sha256) for item in run.outputs)
    assert (folder / "max_depth.tif").is_symlink()
    assert not (folder / "max_depth.tif").readlink().is_absolute()
    assert not log_file(store.folder, run.id).exists()
    assert list(Layout(store.folder).work.iterdir()) == []

    again = work_here(store, submit(store, situation, "steady", factor=2.0))
    assert again.id != run.id
    assert (again.manifest, again.outputs) == (run.manifest, run.outputs)


def test_an_unexpected_error_goes_to_the_log(store, situation):
    """An error of no family becomes one sentence; traceback and prints are in the log, nothing is published."""
    run = execute(store, submit(store, situation, "broken").id)
    assert run.state is RunState.FAILED
    assert run.message == "the model broken stopped with ZeroDivisionError: division by zero"
    assert "Traceback" in log_of(store, run)
    assert "a remark of the model" in log_of(store, run)
    assert not (Layout(store.folder).runs / run.id).exists()
    assert list(Layout(store.folder).work.iterdir()) == []


def test_an_error_of_the_family_is_the_message(store, situation):
    """A model that refuses with a sentence ends as failed, with that sentence and its warnings."""
    run = work_here(store, submit(store, situation, "unstable"))
    assert run.state is RunState.FAILED
    assert run.message == "depth is 99 m at x 1, y 2 after 3 s; take a smaller step"
    assert run.warnings == ("it started to shake",)


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        ("not-a-number", "returned an indicator or balance that is no number"),
        ("unknown", "there is no model 'unknown'"),
    ],
)
def test_a_model_that_cannot_be_used_fails(store, situation, model, sentence):
    """A model that gives NaN, or is not installed, fails with a sentence."""
    run = work_here(store, submit(store, situation, model))
    assert run.state is RunState.FAILED
    assert sentence in run.message


def test_another_version_than_asked_is_refused(store, situation):
    """A run recorded for one version of a model is not computed with another."""
    manifest = make_manifest(situation, "steady").model_copy(update={"version": "0.9"})
    run = work_here(store, store.submit(manifest, situation.to_json()))
    assert (run.state, "but 1.0 is installed" in run.message) == (RunState.FAILED, True)


def test_a_worker_that_lost_its_run_publishes_nothing(store, situation):
    """A worker whose run was given to another attempt leaves no folder and no row behind."""
    run = submit(store, situation, "steady")
    claim = store.claim("first", run_id=run.id)
    assert claim
    store.requeue(run.id, "taken for dead")
    assert store.claim("second", run_id=run.id)
    work(store, claim)
    assert store.get(run.id).state is RunState.RUNNING
    assert not (Layout(store.folder).runs / run.id).exists()


def test_a_run_on_a_full_disk_fails_with_a_sentence(tmp_path):
    """When the outputs do not fit, the row says so and the half-written files are gone."""
    with mounted(tmp_path / "small", megabytes=3) as disk:
        situation = make_situation(disk)
        with RunStore.open(disk) as store:
            run = work_here(store, submit(store, situation, "greedy"))
        assert run.state is RunState.FAILED
        assert run.message.startswith(f"the disk is full at {disk}")
        assert list(Layout(disk).work.iterdir()) == []
        assert not Layout(disk).runs.exists()


def test_only_a_waiting_run_can_be_executed(store, situation):
    """A run that has ended is not executed again."""
    run = submit(store, situation, "steady")
    store.dismiss(run.id)
    with pytest.raises(RunError, match="is dismissed"):
        execute(store, run.id)


def test_a_killed_worker_is_replaced_once(store, situation, tmp_path):
    """After ``kill -9`` of the worker a second one finishes the run."""
    marker = tmp_path / "attempts"
    run = execute(store, submit(store, situation, "mortal", marker=str(marker), times=1).id)
    assert (run.state, run.attempt) == (RunState.SUCCESSFUL, 2), log_of(store, run)
    assert len(marker.read_text().splitlines()) == 2


def test_a_worker_that_keeps_dying_is_lost(store, situation, tmp_path):
    """A run that kills its worker twice is lost, with a hint about memory, and is not tried a third time."""
    marker = tmp_path / "attempts"
    run = execute(store, submit(store, situation, "mortal", marker=str(marker), times=9).id)
    assert (run.state, run.attempt) == (RunState.LOST, 2)
    assert "smaller area or a larger cell size" in run.message
    assert len(marker.read_text().splitlines()) == 2


def _in_thread(store: RunStore, run: Run) -> tuple[threading.Thread, list[Run]]:
    ended: list[Run] = []
    thread = threading.Thread(target=lambda: ended.append(execute(store, run.id)))
    thread.start()
    return thread, ended


def test_stop_from_another_process(store, situation, twin):
    """A run asked to stop by another process is dismissed and its worker gone within a second."""
    run = submit(store, situation, "slow", seconds=60)
    thread, ended = _in_thread(store, run)
    wait_for(lambda: store.pulse(run.id).progress > 0)
    (worker,) = psutil.Process().children()
    script = (
        "import sys, time; from pathlib import Path; from morgen.services.runs import RunStore\n"
        "with RunStore.open(Path(sys.argv[1])) as store:\n"
        "    store.dismiss(sys.argv[2]); print(time.time())"
    )
    asked = float(subprocess.check_output([sys.executable, "-c", script, str(twin), run.id]))
    thread.join(timeout=60)
    assert ended[0].state is RunState.DISMISSED
    assert ended[0].ended_at
    assert (ended[0].ended_at - datetime.fromtimestamp(asked, UTC)).total_seconds() < 1
    assert not worker.is_running()


def test_a_deaf_model_is_killed(store, situation, tmp_path):
    """A model that never reports is killed, and the run is dismissed within a second."""
    marker = tmp_path / "pid"
    run = submit(store, situation, "deaf", marker=str(marker))
    thread, ended = _in_thread(store, run)
    pid = int(wait_for(lambda: marker.exists() and marker.read_text()))
    asked = time.monotonic()
    store.dismiss(run.id)
    thread.join(timeout=60)
    assert time.monotonic() - asked < 1
    assert ended[0].state is RunState.DISMISSED
    assert not psutil.pid_exists(pid)


SUPERVISE = """
import sys
from pathlib import Path
from morgen.services.lock import exclusive
from morgen.services.runs import RunStore
from morgen.services.worker import execute
folder = Path(sys.argv[1])
with exclusive(folder, "morgen run"), RunStore.open(folder) as store:
    print(execute(store, sys.argv[2]).state)
"""


def _supervise(twin: Path, run: Run) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", SUPERVISE, str(twin), run.id]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)


def test_ctrl_c_dismisses(store, situation, twin):
    """Ctrl-C in the supervising process stops the worker and leaves the run dismissed."""
    run = submit(store, situation, "slow", seconds=60)
    with _supervise(twin, run) as supervisor:
        wait_for(lambda: store.pulse(run.id).progress > 0)
        os.killpg(supervisor.pid, signal.SIGINT)  # a terminal sends it to the whole group
        out, _ = supervisor.communicate(timeout=60)
    assert out.strip() == "dismissed"
    assert store.get(run.id).state is RunState.DISMISSED


def test_kill_9_of_the_supervisor(store, situation, twin, tmp_path):
    """After ``kill -9`` of the supervisor the worker dies, the lock is free, and the run is soon told as lost."""
    marker = tmp_path / "pid"
    run = submit(store, situation, "deaf", marker=str(marker))
    with _supervise(twin, run) as supervisor:
        pid = int(wait_for(lambda: marker.exists() and marker.read_text()))
        supervisor.kill()
        supervisor.wait()
    wait_for(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == "zombie", seconds=1)
    assert store.get(run.id).state is RunState.RUNNING  # its lease still runs
    assert any(Layout(twin).work.iterdir())

    from morgen.services.lock import exclusive

    with exclusive(twin, "morgen run"):
        assert not Layout(twin).work.exists()
    later = datetime.now(UTC) + timedelta(seconds=6)
    with RunStore.open(twin, now=lambda: later) as opened:
        found = opened.get(run.id)
    assert found.state is RunState.LOST
    assert "ended before the run did" in found.message
