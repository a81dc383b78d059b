"""The readable folder of a run appears whole, moves with its twin, and replaces what died halfway."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from morgen.core.run import Manifest, Output, Run, RunState
from morgen.services.layout import Layout
from morgen.services.objects import ObjectStore
from morgen.services.publish import publish, unpublish


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path / "twin")


@pytest.fixture
def run(layout: Layout, tmp_path: Path) -> Run:
    series = tmp_path / "depth.zarr"
    series.mkdir()
    (series / "zarr.json").write_text("{}")
    (tmp_path / "a.json").write_text("[1]")
    objects = ObjectStore(layout.state)
    outputs = (
        Output(
            name="a",
            kind="json",
            title="A",
            filename="a.json",
            sha256=objects.put_file(tmp_path / "a.json"),
            size=3,
        ),
        Output(
            name="depth",
            kind="series",
            title="D",
            filename="depth.zarr",
            sha256=objects.put_folder(series),
            size=2,
        ),
    )
    manifest = Manifest(model="m", version="1", parameters={}, situation="s", inputs={}, sources={})
    now = datetime(2026, 11, 23, tzinfo=UTC)
    return Run(id="r", manifest=manifest, state=RunState.RUNNING, progress=1, created_at=now, outputs=outputs)


def read(folder: Path) -> tuple[str, str, str]:
    manifest = json.loads((folder / "manifest.json").read_text())["model"]
    return (folder / "a.json").read_text(), (folder / "depth.zarr" / "zarr.json").read_text(), manifest


def test_links_survive_a_move_of_the_twin(layout, run, tmp_path):
    """The names are relative links, so that a twin can be moved."""
    folder = publish(layout, run)
    assert (folder / "depth.zarr").is_symlink()
    moved = shutil.move(layout.folder, tmp_path / "elsewhere")
    assert read(Path(moved) / "runs" / "r") == ("[1]", "{}", "m")


def test_without_links_the_files_are_copied(layout, run, monkeypatch):
    """On a disk that refuses links the outputs are there all the same."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr(Path, "symlink_to", refuse)
    folder = publish(layout, run)
    assert not (folder / "a.json").is_symlink()
    assert read(folder) == ("[1]", "{}", "m")


def test_what_an_earlier_attempt_left_is_replaced(layout, run):
    """Publishing again replaces the folder whole; taking it back leaves the stored objects."""
    (layout.runs / "r").mkdir(parents=True)
    (layout.runs / "r" / "left-over").write_text("")
    assert sorted(path.name for path in publish(layout, run).iterdir()) == [
        "a.json",
        "depth.zarr",
        "manifest.json",
        "result.json",
    ]
    unpublish(layout, "r")
    assert list(layout.runs.iterdir()) == []
    assert all(ObjectStore(layout.state).verify(item.sha256) for item in run.outputs)
