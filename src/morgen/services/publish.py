"""The folder of a run with readable names, made whole or not at all."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

from morgen.core.run import Run
from morgen.services.disk import storage_guard, write_bytes
from morgen.services.layout import Layout
from morgen.services.objects import ObjectStore

__all__ = ["publish", "unpublish"]


def publish(layout: Layout, run: Run) -> Path:
    """Make ``runs/<id>`` with links to the stored outputs, ``manifest.json`` and ``result.json``; return it.

    ``run`` carries its outputs, indicators and warnings already. The links are relative, so that a twin can be
    moved; where the disk has no links, the files are copied. What an earlier attempt left there is replaced.
    Raises ``StorageError``.
    """
    objects = ObjectStore(layout.state)
    place = layout.runs / run.id
    with objects.work_folder() as work, storage_guard(layout.runs):
        for output in run.outputs:
            _link(work / output.filename, objects.path(output.sha256), seen_from=place)
        _write_json(work / "manifest.json", run.manifest.to_json())
        _write_json(work / "result.json", _result(run))
        layout.runs.mkdir(parents=True, exist_ok=True)
        unpublish(layout, run.id)
        work.chmod(0o755)  # work folders are private, results are not
        work.rename(place)
    return place


def unpublish(layout: Layout, run_id: str) -> None:
    """Remove the readable folder of a run; the stored objects stay."""
    shutil.rmtree(layout.runs / run_id, ignore_errors=True)


def _link(name: Path, target: Path, *, seen_from: Path) -> None:
    try:
        name.symlink_to(os.path.relpath(target, seen_from), target_is_directory=target.is_dir())
    except (OSError, NotImplementedError):
        copy = shutil.copytree if target.is_dir() else shutil.copy2
        copy(target, name)


def _result(run: Run) -> dict[str, Any]:
    document = run.to_json()
    names = ("id", "indicators", "balance", "outputs", "warnings", "environment", "started_at", "attempt")
    return {name: document[name] for name in names}


def _write_json(path: Path, document: dict[str, Any]) -> None:
    text = json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
    write_bytes(path, f"{text}\n".encode())
