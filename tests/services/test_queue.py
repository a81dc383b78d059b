"""Runs of a server: rows at once, calculated in order, and an end that the row explains."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.services.stranger import GRID, install_models, make_situation

from morgen.core.area import Area
from morgen.core.errors import MissingLayerError, ModelNotFoundError, NotReadyError, ParameterError
from morgen.core.run import RunState
from morgen.services.disk import replace_text
from morgen.services.gather import kept_file
from morgen.services.layout import Layout
from morgen.services.lock import exclusive
from morgen.services.queue import LARGEST, STOPPED
from morgen.services.runs import LEASE, RunStore
from morgen.services.served import ServedTwin
from morgen.services.twin import Twin

SERVE = """
import sys, time
from pathlib import Path
from morgen.services.served import ServedTwin
from morgen.services.twin import Twin
served = ServedTwin(Twin.open(Path(sys.argv[1])))
served.start()
while served.gathered.state != "ready":
    time.sleep(0.05)
for seconds in (60, 30):
    print(served.submit("slow", {"seconds": seconds}).id, flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def _strange_models(tmp_path, monkeypatch):
    site = install_models(tmp_path / "site")
    monkeypatch.setenv("PYTHONPATH", str(site))
    monkeypatch.syspath_prepend(site)
    yield
    sys.modules.pop("strange_models", None)


@pytest.fixture
def twin(tmp_path: Path) -> Twin:
    """A twin whose situation was gathered before."""
    twin = Twin.create(tmp_path / "twin", Area.from_bbox(GRID.bounds, name="Proef"))
    keep_situation(twin)
    return twin


def keep_situation(twin: Twin, *, name: str = "Proef") -> None:
    """Do as if the sources as they look now were gathered."""
    document = make_situation(twin.folder).to_json()
    document["area"]["name"] = name
    replace_text(kept_file(twin.config, twin.folder), json.dumps(document))


@contextmanager
def serving(twin: Twin):
    served = ServedTwin(twin)
    served.start()
    try:
        wait_for(lambda: served.gathered.state == "ready")
        yield served
    finally:
        served.close()


def wait_for(condition, *, seconds: float = 60.0):
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
    return found


def ended(served: ServedTwin, run_id: str):
    return wait_for(lambda: run if (run := served.store.find(run_id)).state.ended else None)


def running(served: ServedTwin, run_id: str):
    return wait_for(lambda: served.store.find(run_id).state is RunState.RUNNING)


def test_a_submitted_run_is_a_row_at_once_and_is_calculated(twin):
    """Who submits gets the row back before anything is calculated; the outputs come later."""
    with serving(twin) as served:
        run = served.submit("steady", {"factor": 3})
        assert run.state is RunState.ACCEPTED
        assert served.store.find(run.id).manifest == run.manifest
        run = ended(served, run.id)
        assert run.state is RunState.SUCCESSFUL, run.message
        result = served.result(run.id)
        assert result.output("summary").to_json() == {"factor": 3}
        assert result.situation.content_hash == run.manifest.situation


def test_an_identical_run_is_a_new_run(twin):
    """Asking the same twice gives two rows with equal manifests: somebody asked."""
    with serving(twin) as served:
        first, second = (served.submit("steady", {}) for _ in range(2))
        assert first.id != second.id
        assert first.manifest == second.manifest
        assert ended(served, first.id).outputs == ended(served, second.id).outputs


def test_runs_are_calculated_in_the_order_of_asking(twin):
    """One run computes at a time; the others wait their turn, and their leases are kept."""
    with serving(twin) as served:
        runs = [served.submit("slow", {"seconds": LEASE.total_seconds() / 2}).id for _ in range(3)]
        finished = [ended(served, run_id) for run_id in runs]
        assert [run.state for run in finished] == [RunState.SUCCESSFUL] * 3
        moments = [moment for run in finished for moment in (run.started_at, run.ended_at)]
        assert moments == sorted(moments)


def test_what_cannot_be_calculated_is_refused_before_there_is_a_row(twin):
    """An unknown model, a wrong parameter or a missing layer raises, and nothing is submitted."""
    with serving(twin) as served:
        for error, model, given in (
            (ModelNotFoundError, "noise", {}),
            (ParameterError, "slow", {"seconds": -1}),
            (ParameterError, "slow", {"snow": 1}),
            (MissingLayerError, "pluvial-flood", {}),
        ):
            with pytest.raises(error):
                served.submit(model, given)
        assert served.store.page(limit=10) == ((), 0)


def test_a_full_queue_asks_to_come_back_later(twin):
    """As many runs may wait as the constant says, and no more."""
    with serving(twin) as served, exclusive(twin.folder, "a test"):
        for _ in range(LARGEST):
            served.submit("steady", {})
        with pytest.raises(NotReadyError, match=f"{LARGEST} runs are waiting already"):
            served.submit("steady", {})


def test_before_the_situation_is_there_nothing_is_submitted(tmp_path):
    """A twin without sources says so, as long as that is so; a situation that comes later is taken over."""
    twin = Twin.create(tmp_path / "empty", Area.from_bbox(GRID.bounds, name="Proef"))
    served = ServedTwin(twin)
    with pytest.raises(NotReadyError, match="being gathered"):
        served.situation()
    served.start()
    try:
        wait_for(lambda: served.gathered.state == "failed")
        with pytest.raises(NotReadyError, match="no sources yet"):
            served.submit("steady", {})
        keep_situation(twin)
        wait_for(lambda: served.gathered.state == "ready")
        assert ended(served, served.submit("steady", {}).id).state is RunState.SUCCESSFUL
    finally:
        served.close()


# -- beside a terminal -------------------------------------------------------------------------------------------


def test_a_run_waits_for_a_terminal_and_says_so(twin):
    """While another process has the twin the run waits, its row names who, and then it is calculated."""
    with serving(twin) as served:
        with exclusive(twin.folder, "morgen add"):
            run = served.submit("steady", {})
            wait_for(lambda: "in use by `morgen add`" in served.store.find(run.id).message)
            time.sleep(LEASE.total_seconds() + 1)
            assert served.store.find(run.id).state is RunState.ACCEPTED
        assert ended(served, run.id).state is RunState.SUCCESSFUL


def test_a_terminal_waits_for_the_server_and_is_told_by_whom(twin):
    """While the server calculates it holds the twin; the lock names the run."""
    with serving(twin) as served:
        run = served.submit("slow", {"seconds": 60})
        running(served, run.id)
        assert f"morgen serve, run {run.id}" in Layout(twin.folder).lock.read_text()
        assert twin.stop(run.id).state is RunState.DISMISSED
        assert ended(served, served.submit("steady", {}).id).state is RunState.SUCCESSFUL


def test_a_terminal_stops_a_waiting_run(twin):
    """A run that still waits is dismissed there and then, and is never calculated."""
    with serving(twin) as served:
        first = served.submit("slow", {"seconds": 60})
        second = served.submit("steady", {})
        running(served, first.id)
        assert twin.stop(second.id).state is RunState.DISMISSED
        twin.stop(first.id)
        assert ended(served, served.submit("steady", {}).id).state is RunState.SUCCESSFUL
        assert served.store.find(second.id).attempt == 0


def test_the_run_of_a_terminal_that_was_killed_is_lost_while_the_server_lives(twin):
    """The server ends runs of others whose lease ran out, without being opened again."""
    with serving(twin) as served:
        situation = served.situation()
        manifest = served.submit("steady", {}).manifest
        with RunStore.open(twin.folder) as terminal:
            left = terminal.submit(manifest, situation.to_json())
        assert ended(served, left.id).state is RunState.LOST


def test_a_run_is_made_of_the_sources_as_they_are_when_it_starts(twin):
    """When sources change while a run waits, it is made of what is there now, and what is served follows."""
    with serving(twin) as served:
        before = served.gathered.content_hash
        first = served.submit("slow", {"seconds": 60})
        second = served.submit("steady", {})
        running(served, first.id)
        config = twin.folder / "morgen.toml"
        config.write_text(config.read_text().replace("buffer = 100", "buffer = 50"))
        keep_situation(twin, name="Elsewhere")
        twin.stop(first.id)
        after = ended(served, second.id)
        assert second.manifest.situation == before
        assert after.state is RunState.SUCCESSFUL
        assert after.manifest.situation == served.gathered.content_hash != before
        assert served.result(second.id).situation.area.name == "Elsewhere"


# -- the end of a server -----------------------------------------------------------------------------------------


def test_a_server_that_stops_ends_its_runs_with_a_sentence(twin):
    """The run that computes and those that wait are dismissed, and their rows say why; none is left behind."""
    with serving(twin) as served:
        computing = served.submit("deaf", {"marker": str(twin.folder / "marker")})
        waiting = served.submit("steady", {})
        marker = twin.folder / "marker"
        worker = int(wait_for(lambda: marker.exists() and marker.read_text()))
    for run_id in (computing.id, waiting.id):
        run = twin.get_run(run_id).run
        assert (run.state, run.message) == (RunState.DISMISSED, STOPPED)
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)
    with exclusive(twin.folder, "the next one"):
        pass


def test_a_run_that_somebody_stopped_keeps_its_own_story(twin):
    """The sentence of the server is for the runs that the server ended."""
    with serving(twin) as served:
        run = served.submit("steady", {})
        ended(served, run.id)
        other = served.submit("slow", {"seconds": 60})
        running(served, other.id)
        twin.stop(other.id)
    assert twin.get_run(run.id).run.state is RunState.SUCCESSFUL
    assert twin.get_run(other.id).run.message == ""


def test_a_stopped_server_takes_no_runs(twin):
    """What comes in while the server stops is refused; reading goes on."""
    with serving(twin) as served:
        served.stop()
        with pytest.raises(NotReadyError, match="being stopped"):
            served.submit("steady", {})
        assert served.store.page(limit=1) == ((), 0)


def test_runs_of_a_killed_server_are_lost(twin):
    """After kill -9 the worker is gone at once, and the next who looks finds every run of that server lost."""
    command = [sys.executable, "-c", SERVE, str(twin.folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        runs = [server.stdout.readline().strip() for _ in range(2)]
        wait_for(lambda: twin.get_run(runs[0]).run.progress > 0)
        server.send_signal(signal.SIGKILL)
    wait_for(lambda: all(twin.get_run(run_id).run.state is RunState.LOST for run_id in runs))
    with exclusive(twin.folder, "the next one"):
        pass


def test_a_store_that_cannot_be_opened_ends_the_service(twin):
    """Whoever serves is told, and so is whoever asks."""
    Layout(twin.folder).database.write_text("this is no database at all, though it has the name of one")
    served, told = ServedTwin(twin), threading.Event()
    served.start(on_failure=lambda _error: told.set())
    assert told.wait(30)
    with pytest.raises(Exception, match="no SQLite database"):
        _ = served.store
    served.close()
