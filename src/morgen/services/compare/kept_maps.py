"""Maps of differences that were asked for before: made once for two runs, which never change."""

from importlib.metadata import version
from pathlib import Path

from morgen.core.noun import content_hash
from morgen.services.compare.maps import write_difference_map
from morgen.services.disk import storage_guard
from morgen.services.layout import Layout
from morgen.services.objects import ObjectStore
from morgen.services.result import RunResult

__all__ = ["kept_difference_map"]


def kept_difference_map(twin: Path, base: RunResult, other: RunResult, name: str) -> Path:
    """Return the COG of a map of differences, which is made when it is not there yet.

    Raises ``InputError`` for runs on other grids, ``NotFoundError`` for a map that there is not, ``StorageError``.
    """
    layout = Layout(twin)
    # A newer Morgen may know another noise floor, so its version is part of the key.
    key = content_hash([version("morgen"), base.id, other.id])[:16]
    path = layout.comparisons / key / f"{name}.tif"
    if name in other.outputs and path.exists():
        return path
    with ObjectStore(layout.state).work_folder() as folder:
        made = write_difference_map(base, other, name, folder)
        with storage_guard(path.parent):
            path.parent.mkdir(parents=True, exist_ok=True)
            made.replace(path)
    return path
