"""One at a time in a twin folder."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from morgen.core.errors import BusyError, StorageError
from morgen.services.layout import Layout
from morgen.services.lock import exclusive, serving

HOLD = """
import sys, subprocess
from pathlib import Path
from morgen.services.lock import exclusive, serving
with exclusive(Path(sys.argv[1]), "morgen run pluvial-flood"):
    child = subprocess.Popen(["sleep", "30"], stdout=subprocess.DEVNULL, close_fds=False)
    print(child.pid, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        child = int(process.stdout.readline())
        yield process
        process.kill()
        os.kill(child, 9)


def test_a_second_one_is_told_who_and_since_when(holder, tmp_path):
    """Who comes second reads what runs, in which process, since when, and what to do."""
    year = time.strftime("%Y")
    with (
        pytest.raises(
            BusyError,
            match=rf"in use by `morgen run pluvial-flood` \(process {holder.pid}\) since {year}-.*`morgen stop`",
        ),
        exclusive(tmp_path, "morgen add"),
    ):
        pass


def test_kill_9_frees_the_lock(holder, tmp_path):
    """A killed holder leaves no lock behind, even when a process that it started lives on."""
    holder.kill()
    holder.wait()
    with exclusive(tmp_path, "morgen add"):
        pass


def test_the_lock_is_free_afterwards(tmp_path):
    """The lock can be taken again after it was given back, also after an error."""
    with pytest.raises(RuntimeError), exclusive(tmp_path, "morgen add"):
        raise RuntimeError
    with exclusive(tmp_path, "morgen run"):
        pass
    assert Layout(tmp_path).lock.read_text() == ""


def test_half_finished_work_is_swept(tmp_path):
    """Whoever takes the lock removes what a killed process left half-finished, and nothing else."""
    left = Layout(tmp_path).work / "abc" / "half.tif"
    left.parent.mkdir(parents=True)
    left.write_text("half")
    kept = Layout(tmp_path).state / "objects" / "aa" / "aabb"
    kept.parent.mkdir(parents=True)
    kept.write_text("whole")
    with exclusive(tmp_path, "morgen run"):
        assert not left.exists()
    assert kept.read_text() == "whole"


def test_a_twin_that_cannot_be_written_is_a_sentence(tmp_path):
    """Without a place for the lock the user reads which folder refused."""
    Path(tmp_path / ".morgen").write_text("in the way")
    with pytest.raises(StorageError, match=r"\.morgen"), exclusive(tmp_path, "morgen add"):
        pass


def test_a_twin_has_one_server_and_can_be_used_beside_it(tmp_path):
    """Who serves second reads where the first is; changing and calculating have a lock of their own."""
    with serving(tmp_path) as announce:
        with pytest.raises(BusyError, match="by another process already"), serving(tmp_path):
            pass
        announce("http://127.0.0.1:8765/")
        with (
            pytest.raises(BusyError, match=rf"served already at http://127.0.0.1:8765/ \(process {os.getpid()}, "),
            serving(tmp_path),
        ):
            pass
        with exclusive(tmp_path, "morgen run"):
            pass
    with serving(tmp_path):
        pass
