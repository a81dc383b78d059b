"""The rows of runs: one claim each, fenced writes, and the truth after every death."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from morgen.core.errors import DismissedError, RunError, RunNotFoundError
from morgen.core.indicator import Indicator
from morgen.core.model import Result
from morgen.core.run import Manifest, Output, Run, RunState
from morgen.services.remembered import RememberedRuns
from morgen.services.runs import LEASE, RunStore, StaleAttemptError

MANIFEST = Manifest(
    model="pluvial-flood",
    version="1.0.0",
    parameters={"rain": 70.0},
    situation="ab" * 32,
    inputs={"terrain": "cd" * 32},
    sources={"dtm.tif": "ef" * 32},
)
SITUATION = {"area": "Proef"}


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 14, 22, 33, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def forward(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path, clock):
    with RunStore.open(tmp_path, now=clock) as store:
        yield store


def submit(store: RunStore) -> Run:
    return store.submit(MANIFEST, SITUATION)


def claim(store: RunStore) -> Run:
    claimed = store.claim("worker")
    assert claimed
    return claimed.run


def test_an_id_is_readable_and_sortable(store, clock):
    """An id is the moment in UTC and four hex digits; later runs sort after earlier ones."""
    first = submit(store)
    clock.forward(1)
    second = submit(store)
    assert first.id.startswith("20261123-142233-")
    assert len(first.id) == len("20261123-142233-7f3a")
    assert first.id < second.id


def test_ids_are_unique_within_a_second(store):
    """Many runs of the same second get an id of their own."""
    assert len({submit(store).id for _ in range(50)}) == 50


def test_a_row_comes_back_as_it_was(store):
    """What was submitted is read back equal, in UTC, with the situation it was made of."""
    run = submit(store)
    assert store.get(run.id) == run
    assert store.get(run.id).created_at.utcoffset() == timedelta(0)
    assert store.situation(run.id) == SITUATION


def test_a_run_is_found_by_the_start_of_its_id(store, clock):
    """The start of an id will do when it is the only one; otherwise the sentence lists them."""
    run = submit(store)
    clock.forward(60)
    other = submit(store)
    assert store.get(run.id[:15]).id == run.id
    with pytest.raises(RunNotFoundError, match=rf"start of 2 runs \({run.id}, {other.id}\)"):
        store.get("20261123")


@pytest.mark.parametrize("wrong", ["nothing", "", "%", "20261123_"])
def test_a_run_that_is_not_there_is_a_sentence(store, wrong):
    """An unknown id, and what would be a wildcard in SQL, finds no run."""
    submit(store)
    with pytest.raises(RunNotFoundError, match="no run"):
        store.get(wrong)


def test_newest_first(store, clock):
    """Runs are listed from the newest to the oldest."""
    made = []
    for _ in range(3):
        made.append(submit(store).id)
        clock.forward(1)
    assert [run.id for run in store.list()] == made[::-1]


def test_claiming_takes_the_oldest_once(store, clock):
    """A claim takes the oldest waiting run; a claimed run is not claimed again."""
    oldest = submit(store)
    clock.forward(1)
    newest = submit(store)
    claimed = store.claim("worker", environment={"python": "3.11"})
    assert (claimed.run.id, claimed.situation) == (oldest.id, SITUATION)
    assert (claimed.run.state, claimed.run.attempt, claimed.run.started_at) == (RunState.RUNNING, 1, clock())
    assert claimed.run.environment == {"python": "3.11"}
    assert store.claim("worker", run_id=oldest.id) is None
    assert store.claim("worker", run_id=newest.id).run.id == newest.id
    assert store.claim("worker") is None


def test_racing_workers_never_share_a_run(tmp_path):
    """Eight workers, each with a connection of its own, that claim at once get each run exactly once."""
    start = threading.Barrier(8)

    def race() -> list[str]:
        with RunStore.open(tmp_path) as own:
            start.wait()
            taken = []
            while claimed := own.claim("racer"):
                taken.append(claimed.run.id)
            return taken

    with RunStore.open(tmp_path) as store, ThreadPoolExecutor(8) as pool:
        made = {submit(store).id for _ in range(100)}
        claimed = [run_id for racer in [pool.submit(race) for _ in range(8)] for run_id in racer.result()]
    assert len(claimed) == 100
    assert set(claimed) == made


def test_progress_is_told_and_bounded(store):
    """Progress and message are in the row at once; more than all is all."""
    submit(store)
    run = claim(store)
    assert store.progress(run.id, 1, 0.25, "raining") is False
    assert (store.pulse(run.id).progress, store.pulse(run.id).message) == (0.25, "raining")
    store.progress(run.id, 1, 1.0000001)
    assert store.get(run.id).progress == 1


def finish(store: RunStore, run: Run) -> None:
    indicator = Indicator(id="n", title="N", value=3, unit="count", meaning="n", does_not_show="m")
    output = Output(name="depth", kind="raster", title="Depth", unit="m", filename="depth.tif", sha256="a", size=1)
    result = Result(indicators=(indicator,), balance={"rain": 1.5})
    store.finish(run.id, run.attempt, result=result, outputs=(output,), warnings=("mind the gap",))


def test_a_finished_run_has_all_that_it_gave(store, clock):
    """Indicators, balance, outputs and warnings are in the row in the moment that it is successful."""
    submit(store)
    run = claim(store)
    clock.forward(9)
    finish(store, run)
    found = store.get(run.id)
    assert (found.state, found.progress, found.ended_at) == (RunState.SUCCESSFUL, 1, clock())
    assert (found.indicators[0].value, found.balance, found.warnings) == (3, {"rain": 1.5}, ("mind the gap",))
    assert found.outputs[0].filename == "depth.tif"


def test_an_old_attempt_can_write_nothing(store):
    """After a run was given to a second worker, every write of the first is refused."""
    submit(store)
    first = claim(store)
    store.requeue(first.id, "the worker was killed")
    second = claim(store)
    assert (second.id, second.attempt) == (first.id, 2)
    for write in (
        lambda: store.progress(first.id, 1, 0.99),
        lambda: finish(store, first),
        lambda: store.fail(first.id, 1, "too late"),
        lambda: store.stopped(first.id, 1),
    ):
        with pytest.raises(StaleAttemptError, match=r"attempt 1 of run .* the run is running, in attempt 2"):
            write()
    assert store.get(first.id) == second
    finish(store, second)
    with pytest.raises(RunError):
        store.fail(first.id, 2, "too late")
    assert store.get(first.id).state is RunState.SUCCESSFUL


def test_a_waiting_run_is_dismissed_at_once(store):
    """Nobody works on a waiting run, so stopping it ends it."""
    run = submit(store)
    assert store.dismiss(run.id).state is RunState.DISMISSED
    assert store.claim("worker") is None


def test_a_running_run_hears_that_it_must_stop(store):
    """The next report of a running run says that somebody asked to stop; then only that can be written."""
    submit(store)
    run = claim(store)
    assert store.dismiss(run.id).state is RunState.RUNNING
    assert store.pulse(run.id).dismissed
    assert store.progress(run.id, 1, 0.5) is True
    store.stopped(run.id, 1)
    assert store.get(run.id).state is RunState.DISMISSED
    with pytest.raises(DismissedError):
        store.progress(run.id, 1, 0.6)


def test_an_ended_run_stays_as_it_is(store):
    """Stopping, losing or requeueing a run that has ended does nothing."""
    submit(store)
    run = claim(store)
    store.fail(run.id, 1, "it did not work", warnings=("careful",))
    before = store.get(run.id)
    assert (before.message, before.warnings) == ("it did not work", ("careful",))
    store.dismiss(run.id)
    store.lose(run.id, "gone")
    store.requeue(run.id, "again")
    assert store.get(run.id) == before


def test_a_dead_worker_is_replaced_once(store):
    """The first death puts the run back, the second loses it with the sentence."""
    submit(store)
    run = claim(store)
    assert store.requeue(run.id, "killed") is RunState.ACCEPTED
    claim(store)
    assert store.requeue(run.id, "killed again") is RunState.LOST
    assert store.get(run.id).message == "killed again"


def test_a_dead_worker_of_a_stopped_run_is_not_replaced(store):
    """A run that somebody asked to stop is dismissed when its worker dies."""
    submit(store)
    run = claim(store)
    store.dismiss(run.id)
    assert store.requeue(run.id, "killed") is RunState.DISMISSED


def test_a_run_without_sign_of_life_is_lost(store, clock, tmp_path):
    """Opening the store ends the runs, waiting or running, whose starter is gone."""
    running, stopped = submit(store), submit(store)
    claim(store), claim(store)
    waiting = submit(store)
    store.dismiss(stopped.id)
    clock.forward(LEASE.total_seconds() + 0.1)
    alive = submit(store)
    with RunStore.open(tmp_path, now=clock) as opened:
        assert opened.get(running.id).state is RunState.LOST
        assert "ended before the run did" in opened.get(running.id).message
        assert opened.get(stopped.id).state is RunState.DISMISSED
        assert opened.get(waiting.id).state is RunState.LOST
        assert opened.get(alive.id).state is RunState.ACCEPTED


@pytest.mark.parametrize("sign", [lambda s, r: s.vouch(r.id), lambda s, r: s.progress(r.id, 1, 0.1)])
def test_a_sign_of_life_renews_the_lease(store, clock, tmp_path: Path, sign):
    """A run whose supervisor or worker keeps reporting is never swept."""
    submit(store)
    run = claim(store)
    for _ in range(3):
        clock.forward(LEASE.total_seconds() - 1)
        sign(store, run)
    store.sweep(clock())
    assert store.get(run.id).state is RunState.RUNNING


# -- what a server asks ------------------------------------------------------------------------------------------


def test_pages_of_runs_are_newest_first_and_counted(store, clock):
    """A page has its part of those that fit, and how many fit in all."""
    runs = []
    for _ in range(5):
        runs.append(submit(store).id)
        clock.forward(1)
    store.dismiss(runs[2])
    found, total = store.page(limit=2, offset=1)
    assert ([run.id for run in found], total) == ([runs[3], runs[2]], 5)
    found, total = store.page(limit=10, states=(RunState.DISMISSED, RunState.LOST))
    assert ([run.id for run in found], total) == ([runs[2]], 1)
    assert store.page(limit=10, models=("noise",)) == ((), 0)
    assert store.page(limit=10, states=(RunState.ACCEPTED,), models=("pluvial-flood",))[1] == 4


def test_a_run_is_found_by_its_whole_id_only(store):
    """What a terminal may shorten, a machine may not."""
    run = submit(store)
    assert store.find(run.id) == run
    for other in (run.id[:-1], f"{run.id}0", "", "%"):
        with pytest.raises(RunNotFoundError):
            store.find(other)


def test_a_waiting_run_can_be_made_of_something_else(store):
    """Until it is claimed; afterwards its manifest is what it was claimed with."""
    run = submit(store)
    other = MANIFEST.model_copy(update={"situation": "99" * 32})
    store.prepare(run.id, other, {"area": "Elsewhere"})
    claimed = store.claim("worker")
    assert claimed
    assert (claimed.run.manifest, claimed.situation) == (other, {"area": "Elsewhere"})
    store.prepare(run.id, MANIFEST, SITUATION)
    assert store.find(run.id).manifest == other


def test_a_note_is_for_runs_that_have_no_voice(store):
    """A waiting run says what it waits for; a running one what its worker says."""
    run = submit(store)
    store.note(run.id, "waits")
    assert store.find(run.id).message == "waits"
    claim(store)
    store.note(run.id, "still waits")
    assert store.find(run.id).message == ""


def test_a_run_that_cannot_start_is_failed(store):
    """With its sentence; a run that started is not touched."""
    run, other = submit(store), submit(store)
    store.refuse(run.id, "there is no terrain")
    assert (store.find(run.id).state, store.find(run.id).message) == (RunState.FAILED, "there is no terrain")
    store.claim("worker", run_id=other.id)
    store.refuse(other.id, "too late")
    assert store.find(other.id).state is RunState.RUNNING


def test_leases_of_several_runs_are_renewed_at_once(store, clock):
    """Those that are named live on; the others are lost."""
    first, second, third = (submit(store).id for _ in range(3))
    clock.forward(LEASE.total_seconds() - 1)
    store.vouch(first, second)
    clock.forward(2)
    store.sweep(clock())
    states = [store.find(run_id).state for run_id in (first, second, third)]
    assert states == [RunState.ACCEPTED, RunState.ACCEPTED, RunState.LOST]


def test_remembered_runs_are_as_they_are_now(store, tmp_path):
    """Whoever writes, in this process or another, the next question gets what is there."""
    remembered = RememberedRuns(store)
    run = submit(store)
    assert remembered.find(run.id) is remembered.find(run.id)
    with RunStore.open(tmp_path, now=store.now) as other:
        other.note(run.id, "written by somebody else")
    assert remembered.find(run.id).message == "written by somebody else"
    store.dismiss(run.id)
    assert remembered.find(run.id).state is RunState.DISMISSED
    with pytest.raises(RunNotFoundError):
        remembered.find("none")
    remembered.close()
