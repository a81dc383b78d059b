"""The scenarios of a twin: kept by name in its database, with every version, and applied once per content."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from pydantic import ValidationError

from morgen.core.errors import EditConflictError, InputError, MeasureError, ScenarioNotFoundError
from morgen.core.measure import Measure
from morgen.core.noun import Noun, content_hash
from morgen.core.scenario import Base, Difference, Scenario, difference
from morgen.core.situation import Layer, LayerKind, Situation
from morgen.measures.application import (
    Finding,
    advice,
    apply,
    apply_measure,
    check,
    contradictions,
    require_base,
)
from morgen.measures.geojson import measures_from_geojson
from morgen.services.database import Database, open_database
from morgen.services.disk import storage_guard
from morgen.services.layers import LayerStore
from morgen.services.layout import Layout

__all__ = ["ScenarioStore", "Steps", "add", "applied", "import_geojson", "new_scenario", "review"]

Change = Callable[[Scenario], Scenario]


class Steps(Noun):
    """Which steps through the versions of a scenario can be taken."""

    undo: bool
    redo: bool


@dataclass(frozen=True)
class ScenarioStore:
    """The scenarios of one twin. Every method raises ``StorageError`` when the database refuses."""

    database: Database

    @classmethod
    @contextmanager
    def open(cls, folder: Path, *, url: str = "") -> Iterator[Self]:
        """Open the store of a twin folder: its own SQLite file, or the database at ``url``."""
        database = open_database(url or Layout(folder).database)
        try:
            yield cls(database)
        finally:
            database.close()

    def list(self) -> list[Scenario]:
        """Return all scenarios, by name."""
        import sqlalchemy as sa

        from morgen.services._schema import scenario_versions, scenarios

        both = scenarios.join(
            scenario_versions,
            sa.and_(
                scenarios.c.name == scenario_versions.c.name, scenarios.c.version == scenario_versions.c.version
            ),
        )
        asked = sa.select(scenario_versions.c.document).select_from(both).order_by(scenarios.c.name)
        with self.database.reading() as connection:
            return [Scenario.from_json(row.document) for row in connection.execute(asked)]

    def get(self, name: str) -> Scenario:
        """Return one scenario as it is now; raises ``ScenarioNotFoundError``."""
        with self.database.reading() as connection:
            return self._read(connection, name, self._version(connection, name))

    def create(self, scenario: Scenario) -> Scenario:
        """Keep a new scenario; raises ``InputError`` when the name is taken."""
        import sqlalchemy as sa

        from morgen.services._schema import scenarios

        try:
            with self.database.writing() as connection:
                connection.execute(scenarios.insert().values(name=scenario.name, version=1))
                self._write(connection, scenario, 1)
        except sa.exc.IntegrityError:
            raise InputError(f"there is a scenario {scenario.name!r} already; choose another name") from None
        return scenario

    def edit(self, name: str, change: Change, *, expected: str = "") -> Scenario:
        """Change a scenario in one transaction and return it; what was undone before can no longer be redone.

        ``expected`` is the ``document_hash`` that the editor read. Raises ``EditConflictError`` with what changed
        since when it is another one now; then, as after any error of ``change``, the scenario is as it was.
        """
        import sqlalchemy as sa

        from morgen.services._schema import scenario_versions, scenarios

        with self.database.writing() as connection:
            version = self._version(connection, name, lock=True)
            now = self._read(connection, name, version)
            if expected and expected != now.document_hash:
                raise EditConflictError(self._conflict(connection, now, expected))
            changed = change(now)
            later = sa.and_(scenario_versions.c.name == name, scenario_versions.c.version > version)
            connection.execute(scenario_versions.delete().where(later))
            self._write(connection, changed, version + 1)
            connection.execute(scenarios.update().where(scenarios.c.name == name).values(version=version + 1))
        return changed

    def undo(self, name: str, *, expected: str = "") -> Scenario:
        """Go back one version; raises ``InputError`` when there is none before."""
        return self._step(name, -1, "undo", expected)

    def redo(self, name: str, *, expected: str = "") -> Scenario:
        """Go forward one version that was undone; raises ``InputError`` when there is none."""
        return self._step(name, 1, "redo", expected)

    def steps(self, name: str) -> Steps:
        """Return whether a change can be taken back, or brought back; raises ``ScenarioNotFoundError``."""
        with self.database.reading() as connection:
            version = self._version(connection, name)
            before, after = (self._find(connection, name, version + by) is not None for by in (-1, 1))
        return Steps(undo=before, redo=after)

    def _step(self, name: str, by: int, word: str, expected: str) -> Scenario:
        from morgen.services._schema import scenarios

        with self.database.writing() as connection:
            version = self._version(connection, name, lock=True)
            now = self._read(connection, name, version)
            if expected and expected != now.document_hash:
                raise EditConflictError(self._conflict(connection, now, expected))
            version += by
            found = self._find(connection, name, version)
            if found is None:
                raise InputError(f"there is nothing to {word} in scenario {name!r}")
            connection.execute(scenarios.update().where(scenarios.c.name == name).values(version=version))
        return found

    def _version(self, connection: Any, name: str, *, lock: bool = False) -> int:
        import sqlalchemy as sa

        from morgen.services._schema import scenarios

        asked = sa.select(scenarios.c.version).where(scenarios.c.name == name)
        version = connection.execute(asked.with_for_update() if lock else asked).scalar()
        if version is None:
            known = connection.execute(sa.select(scenarios.c.name).order_by(scenarios.c.name)).scalars().all()
            raise ScenarioNotFoundError(
                f"there is no scenario {name!r}; there is {', '.join(known) or 'none yet'}"
            )
        return int(version)

    def _read(self, connection: Any, name: str, version: int) -> Scenario:
        found = self._find(connection, name, version)
        assert found is not None
        return found

    def _find(self, connection: Any, name: str, version: int) -> Scenario | None:
        import sqlalchemy as sa

        from morgen.services._schema import scenario_versions as table

        asked = sa.select(table.c.document).where(table.c.name == name, table.c.version == version)
        document = connection.execute(asked).scalar()
        return None if document is None else Scenario.from_json(document)

    def _write(self, connection: Any, scenario: Scenario, version: int) -> None:
        from morgen.services._schema import scenario_versions

        told = {"name": scenario.name, "version": version, "document": scenario.to_json()}
        connection.execute(scenario_versions.insert().values(**told, saved_at=datetime.now(UTC)))

    def _conflict(self, connection: Any, now: Scenario, expected: str) -> str:
        import sqlalchemy as sa

        from morgen.services._schema import scenario_versions as table

        asked = sa.select(table.c.document).where(table.c.name == now.name).order_by(table.c.version.desc())
        kept = (Scenario.from_json(row.document) for row in connection.execute(asked))
        read = next((item for item in kept if item.document_hash == expected), None)
        what: Difference | None = difference(read, now) if read else None
        told = what.sentence if what else "more than can be told: the version that you read is gone"
        return (
            f"scenario {now.name!r} was changed since you read it ({told}); read it again and repeat your change"
        )


def new_scenario(situation: Situation, name: str, *, parent: Scenario | None = None, **told: str) -> Scenario:
    """Return a scenario on a situation, with the measures of its parent; ``told`` is author and note.

    Raises ``InputError`` for a name that cannot be used, ``MeasureError`` for a parent on another base.
    """
    if parent is not None:
        require_base(parent, situation)
    measures = parent.measures if parent else ()
    digest = parent.content_hash if parent else ""
    try:
        return Scenario(name=name, base=Base.of(situation), measures=measures, parent=digest, **told)
    except ValidationError as error:
        raise InputError(
            f"a scenario cannot be called {name!r}; use lower case letters, digits and hyphens, 63 at most"
        ) from error


def add(situation: Situation, scenario: Scenario, *measures: Measure) -> Scenario:
    """Return the scenario with more or changed measures; raises ``MeasureError`` for one that does not fit."""
    require_base(scenario, situation)
    turn = _Turn(situation, scenario.measures)
    for measure in measures:
        turn.check(measure)
        scenario = scenario.with_measure(measure)
    return scenario


class _Turn:
    """Checks measures in their order: one that does not fit the situation may fit what those before it make of it.

    A building may come where another is demolished first. What comes before is only applied when it matters.
    """

    def __init__(self, situation: Situation, before: Iterable[Measure]) -> None:
        self._situation = self._made = situation
        self._waiting = list(before)

    def check(self, measure: Measure) -> None:
        """Check the next measure; raises ``MeasureError``."""
        try:
            check(self._situation, measure)
        except MeasureError:
            for earlier in self._waiting:
                self._made = apply_measure(self._made, earlier)
            self._waiting.clear()
            if self._made is self._situation:
                raise
            check(self._made, measure)
        self._waiting.append(measure)


def import_geojson(situation: Situation, scenario: Scenario, document: Any) -> Scenario:
    """Return the scenario with the measures of a FeatureCollection instead of its own.

    Raises ``MeasureError`` with the number of the first feature that is wrong.
    """
    require_base(scenario, situation)
    measures = measures_from_geojson(document)
    turn = _Turn(situation, ())
    for number, measure in enumerate(measures, start=1):
        try:
            turn.check(measure)
        except MeasureError as error:
            raise MeasureError(f"feature {number}: {error}") from error
    return scenario.model_copy(update={"measures": measures})


def review(situation: Situation, scenario: Scenario) -> list[Finding]:
    """Return the pairs that contradict each other, and what to look at before each measure is made."""
    told = [item for measure in scenario.measures for item in advice(situation, measure)]
    return [*contradictions(situation, scenario.measures), *told]


def applied(folder: Path, layers: LayerStore, situation: Situation, scenario: Scenario) -> Situation:
    """Return the situation that a scenario makes, its layers stored; calculated once for equal content.

    Raises ``MeasureError`` and ``StorageError``.
    """
    require_base(scenario, situation)
    key = content_hash([situation.content_hash, scenario.content_hash, _kinds(scenario)])
    kept = Layout(folder).applied / f"{key}.json"
    if kept.exists():
        found = Situation.from_json(json.loads(kept.read_text(encoding="utf-8")), reader=layers.read)
        if all(layers.objects.verify(layer.sha256) for layer in found.layers.values() if layer.available):
            return found
    stored = _stored(layers, situation, apply(situation, scenario))
    with storage_guard(kept.parent):
        kept.parent.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(".part")
        part.write_text(json.dumps(stored.to_json()), encoding="utf-8")
        part.replace(kept)
    return stored


def _kinds(scenario: Scenario) -> list[str]:
    # A newer Morgen may know the same measure better, so its version is part of the key.
    from importlib.metadata import version

    return [version("morgen"), *sorted({measure.kind for measure in scenario.measures})]


def _stored(layers: LayerStore, before: Situation, after: Situation) -> Situation:
    kept: dict[str, Layer] = {}
    for name, layer in after.layers.items():
        if not layer.available or layer == before.layers.get(name):
            kept[name] = layer
        elif layer.kind is LayerKind.RASTER:
            raster = after.raster(name)
            digest = layers.write_raster_layer(raster.values, raster.grid)
            kept[name] = layer.model_copy(update={"sha256": digest})
        else:
            digest = layers.write_features_layer(after.features(name))
            kept[name] = layer.model_copy(update={"sha256": digest})
    return replace(after, layers=kept, reader=layers.read)
