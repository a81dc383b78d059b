"""Feature layers for those who ask for some of the features: a page, a box, one by its id.

Layers are immutable and named by their hash, so the GeoJSON of all features is made once per layer and CRS, the
*served form*, and kept in ``.morgen/served``. From then on a page is a slice of a file. The served form may be
thrown away at any time; it is made again when it is asked for.
"""

import shutil
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from morgen.core.errors import InputError, NotFoundError
from morgen.core.grid import Bounds
from morgen.services.disk import storage_guard
from morgen.services.features.crs import CRS84, Box, FeatureCrs, bounds_in_degrees
from morgen.services.features.kept import Kept
from morgen.services.features.served import BrokenFormError, Served
from morgen.services.layout import Layout
from morgen.services.objects import ObjectStore

if TYPE_CHECKING:
    from morgen.services.features.served import Rows
    from morgen.services.features.table import LayerTable

__all__ = ["FeatureStore", "LayerFacts", "Page"]

FORM = 1
"""Number of the form; a change of it makes new served forms beside the old ones."""
OPEN_FORMS, OPEN_COLUMNS, KNOWN_FACTS = 64, 64, 2048
_HALF = ".half-"
ABANDONED_AFTER = 3600.0
"""Seconds after which a half-made form counts as left behind by a process that died."""


@dataclass(frozen=True)
class LayerFacts:
    """What is known of a layer without reading its features."""

    count: int
    bounds: Bounds | None
    """xmin, ymin, xmax, ymax in degrees (CRS84), or None for a layer without features."""
    properties: Mapping[str, str]
    """Name to JSON Schema type of the properties that can be filtered on."""


@dataclass(frozen=True)
class Page:
    """Some of the features of a layer, in its order."""

    features: bytes
    """GeoJSON features, separated by commas."""
    returned: int
    matched: int
    """How many features the box and the filters let through, on this page or another."""


@dataclass(frozen=True, eq=False)
class FeatureStore:
    """The feature layers in one object store; safe to be used by several threads."""

    objects: ObjectStore
    folder: Path
    """Where the served forms are kept."""
    _forms: Kept[tuple[str, str], Served] = field(default_factory=lambda: Kept(OPEN_FORMS), init=False)
    _columns: Kept[tuple[str, str], Any] = field(default_factory=lambda: Kept(OPEN_COLUMNS), init=False)
    _facts: Kept[str, LayerFacts] = field(default_factory=lambda: Kept(KNOWN_FACTS), init=False)

    @classmethod
    def of_twin(cls, folder: Path) -> Self:
        """Return the store of the twin in ``folder``."""
        layout = Layout(folder)
        return cls(ObjectStore(layout.state), layout.served)

    def describe(self, sha256: str) -> LayerFacts:
        """Return what is known of a layer; raises ``StorageError`` when it is missing or broken."""
        return self._facts.get(sha256, lambda: _facts(self._table(sha256)))

    def known_facts(self, sha256: str) -> LayerFacts | None:
        """Return what ``describe`` said before, without waiting; None when nobody asked yet."""
        return self._facts.find(sha256)

    def is_ready(self, sha256: str, *crs: FeatureCrs) -> bool:
        """Whether the layer can be served in these CRSs at once, without touching anything dear."""
        return all(self._forms.find((sha256, one.name)) is not None for one in crs)

    def prepare(self, sha256: str, crs: FeatureCrs = CRS84) -> None:
        """Make the served form when it is not there yet; who comes second waits for the first.

        Raises ``StorageError``, also when the disk is full (no half file stays), and ``CrsError``.
        """
        self._served(sha256, crs)

    def page(
        self,
        sha256: str,
        *,
        limit: int,
        offset: int = 0,
        crs: FeatureCrs = CRS84,
        box: Box | None = None,
        properties: Mapping[str, str] | None = None,
    ) -> Page:
        """Return at most ``limit`` features from the ``offset``-th on, in the order of the layer.

        ``box`` keeps the features that touch it; ``properties`` those that have all these values, as text.
        Raises ``InputError`` for a property that cannot be filtered on or a value not of its type, and what
        ``prepare`` raises.
        """
        served = self._served(sha256, crs)
        if box is None and not properties:
            first, last = min(offset, served.count), min(offset + limit, served.count)
            return Page(served.span(first, last), returned=last - first, matched=served.count)
        rows = self._select(sha256, box, properties or {})
        chosen = rows[offset : offset + limit]
        return Page(served.pick(chosen), returned=len(chosen), matched=len(rows))

    def feature(self, sha256: str, feature_id: str, *, crs: FeatureCrs = CRS84) -> bytes:
        """Return one feature as GeoJSON; raises ``NotFoundError`` when no feature has this id."""
        served = self._served(sha256, crs)
        row = served.row(feature_id)
        if row is None:
            raise NotFoundError(
                f"there is no feature {feature_id!r} here; take the id of one of the {served.count} features"
            )
        return served.span(row, row + 1)

    def _select(self, sha256: str, box: Box | None, properties: Mapping[str, str]) -> "Rows":
        import numpy as np

        found = []
        if box is not None:
            served = self._served(sha256, box.crs)
            found.append(np.unique(np.concatenate([served.in_box(part) for part in box.parts])))
        found.extend(self._having(sha256, name, text) for name, text in properties.items())
        rows = found[0]
        for others in found[1:]:
            rows = np.intersect1d(rows, others, assume_unique=True)
        return rows

    def _having(self, sha256: str, name: str, text: str) -> "Rows":
        import numpy as np

        from morgen.services.features.filters import has_value

        known = self.describe(sha256).properties
        if name not in known:
            raise InputError(f"{name!r} is no property to filter on; this layer has {', '.join(known) or 'none'}")
        column = self._columns.get((sha256, name), lambda: self._table(sha256).column(name))
        return np.flatnonzero(has_value(column, name, text))

    def _served(self, sha256: str, crs: FeatureCrs) -> Served:
        return self._forms.get((sha256, crs.name), lambda: self._open_or_make(sha256, crs))

    def _open_or_make(self, sha256: str, crs: FeatureCrs) -> Served:
        place = self.folder / f"{sha256}-{crs.name}-{FORM}"
        try:
            return Served.open(place)
        except BrokenFormError:
            self._make(sha256, crs, place)
            return Served.open(place)

    def _make(self, sha256: str, crs: FeatureCrs, place: Path) -> None:
        from morgen.services.features.prepare import write_served

        table = self._table(sha256)
        with storage_guard(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            _sweep(self.folder)
            # Not in the work folder of the twin: who starts a run there sweeps it.
            half = Path(tempfile.mkdtemp(prefix=_HALF, dir=self.folder))
            try:
                write_served(table, half, crs)
                _put(half, place)
            finally:
                shutil.rmtree(half, ignore_errors=True)

    def _table(self, sha256: str) -> "LayerTable":
        from morgen.services.features.table import LayerTable

        return LayerTable(self.objects.path(sha256))


def _facts(table: "LayerTable") -> LayerFacts:
    from morgen.services.features.filters import json_type

    kinds = {item.name: json_type(item.type) for item in table.fields}
    return LayerFacts(
        count=table.count,
        bounds=bounds_in_degrees(table.bounds) if table.bounds else None,
        properties={name: kind for name, kind in kinds.items() if kind},
    )


def _put(half: Path, place: Path) -> None:
    """Give a finished form its name; of two processes that made the same one, the first counts."""
    try:
        half.rename(place)
    except OSError:
        try:
            Served.open(place)
        except BrokenFormError:  # what lies there is the broken one
            shutil.rmtree(place)
            half.rename(place)


def _sweep(folder: Path) -> None:
    for half in folder.glob(f"{_HALF}*"):
        with suppress(FileNotFoundError):  # its maker is done with it just now
            if time.time() - half.stat().st_mtime > ABANDONED_AFTER:
                shutil.rmtree(half, ignore_errors=True)
