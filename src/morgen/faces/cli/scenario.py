"""``morgen scenario``: make, change, compare and exchange scenarios."""

import json
from pathlib import Path
from typing import Any, Literal

import click

from morgen.core.errors import InputError
from morgen.core.scenario import Scenario, difference
from morgen.faces.cli.printing import print_json
from morgen.faces.report import text
from morgen.measures.geojson import measure_from_feature, to_geojson
from morgen.services import scenarios
from morgen.services.twin import Twin

__all__ = ["add", "diff", "export", "import_file", "list_scenarios", "new", "remove", "show", "step"]


def new(*, folder: Path, name: str, parent: str, author: str, note: str, as_json: bool) -> None:
    """Make a scenario."""
    twin = Twin.open(folder)
    situation = twin.situation()
    with twin.scenarios() as store:
        found = store.get(parent) if parent else None
        made = store.create(scenarios.new_scenario(situation, name, parent=found, author=author, note=note))
    _tell(made, f"Made the scenario {name}.", as_json=as_json)


def add(
    *,
    folder: Path,
    name: str,
    kind: str,
    at: str,
    values: tuple[str, ...],
    year: int | None,
    note: str,
    as_json: bool,
) -> None:
    """Add a measure, and say what it contradicts and what to look at."""
    twin = Twin.open(folder)
    situation = twin.situation()
    feature = {
        "type": "Feature",
        "geometry": _geometry(at),
        "properties": {"kind": kind, "year": year, "note": note, **dict(map(_value, values))},
    }

    def change(scenario: Scenario) -> Scenario:
        measure = measure_from_feature(feature, reference="RD", default_id=scenario.next_id(kind))
        return scenarios.add(situation, scenario, measure)

    with twin.scenarios() as store:
        changed = store.edit(name, change)
    added = changed.measures[-1].id
    found = [item for item in scenarios.review(situation, changed) if added in item.measures]
    if as_json:
        print_json(
            {"measure": added, "hash": changed.content_hash, "findings": [item.to_json() for item in found]}
        )
        return
    click.echo(f"Added {added}.")
    for item in found:
        click.echo(f"note: {item.sentence}", err=True)


def remove(*, folder: Path, name: str, measure_id: str, as_json: bool) -> None:
    """Remove a measure."""
    with Twin.open(folder).scenarios() as store:
        changed = store.edit(name, lambda scenario: scenario.without(measure_id))
    _tell(changed, f"Removed {measure_id}.", as_json=as_json)


def step(*, folder: Path, name: str, way: Literal["undo", "redo"], as_json: bool) -> None:
    """Undo or redo."""
    with Twin.open(folder).scenarios() as store:
        changed = store.undo(name) if way == "undo" else store.redo(name)
    _tell(changed, f"{name} now has {len(changed.measures)} measures.", as_json=as_json)


def list_scenarios(*, folder: Path, as_json: bool) -> None:
    """List the scenarios."""
    with Twin.open(folder).scenarios() as store:
        found = store.list()
    if as_json:
        print_json([_summary(item) for item in found])
        return
    rows = [[item.name, str(len(item.measures)), item.content_hash[:8], item.author, item.note] for item in found]
    click.echo(text.table(rows, head=["scenario", "measures", "hash", "author", "note"]))


def show(*, folder: Path, name: str, as_json: bool) -> None:
    """Show one scenario and what is to be said of it."""
    twin = Twin.open(folder)
    with twin.scenarios() as store:
        found = store.get(name)
    findings = scenarios.review(twin.situation(), found)
    if as_json:
        told = {"hash": found.content_hash, "findings": [item.to_json() for item in findings]}
        print_json(found.to_json() | told)
        return
    rows = [
        [item.id, item.kind, str(item.year or ""), _values(item.parameters), item.note] for item in found.measures
    ]
    click.echo(text.table(rows, head=["measure", "kind", "year", "values", "note"]))
    click.echo("".join(f"\n{item.sentence}" for item in findings))


def diff(*, folder: Path, before: str, after: str, as_json: bool) -> None:
    """Say what changed from one scenario to another."""
    with Twin.open(folder).scenarios() as store:
        found = difference(store.get(before), store.get(after))
    if as_json:
        print_json(found.to_json())
    else:
        click.echo(f"From {before} to {after}: {found.sentence}.")


def export(*, folder: Path, name: str, file: Path | None, reference: Literal["RD", "CRS84"]) -> None:
    """Write a scenario as GeoJSON."""
    with Twin.open(folder).scenarios() as store:
        document = to_geojson(store.get(name), reference=reference)
    if file is None:
        print_json(document)
        return
    try:
        file.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{file} cannot be written ({error.strerror}); choose another file") from error
    click.echo(f"Wrote {file}.")


def import_file(*, folder: Path, name: str, file: Path, as_json: bool) -> None:
    """Read measures from GeoJSON into a scenario, which is made when it is not there; all of them or none."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{file} cannot be read as GeoJSON: {error}") from error
    twin = Twin.open(folder)
    situation = twin.situation()
    with twin.scenarios() as store:
        if any(item.name == name for item in store.list()):
            changed = store.edit(name, lambda scenario: scenarios.import_geojson(situation, scenario, document))
        else:
            empty = scenarios.new_scenario(situation, name)
            changed = store.create(scenarios.import_geojson(situation, empty, document))
    _tell(changed, f"{name} has the {len(changed.measures)} measures of {file}.", as_json=as_json)


def _tell(scenario: Scenario, sentence: str, *, as_json: bool) -> None:
    if as_json:
        print_json(_summary(scenario))
    else:
        click.echo(sentence)


def _summary(scenario: Scenario) -> dict[str, Any]:
    told = {key: value for key, value in scenario.to_json().items() if key not in ("measures", "base")}
    ids = [measure.id for measure in scenario.measures]
    return {**told, "situation": scenario.base.situation, "hash": scenario.content_hash, "measures": ids}


def _geometry(at: str) -> Any:
    from shapely import from_wkt
    from shapely.errors import ShapelyError
    from shapely.geometry import mapping

    try:
        return json.loads(at) if at.lstrip().startswith("{") else mapping(from_wkt(at))
    except (ShapelyError, ValueError) as error:
        raise InputError(f"--at is {at[:60]!r}, but it must be WKT or GeoJSON in RD New, m ({error})") from error


def _value(given: str) -> tuple[str, Any]:
    name, sign, value = given.partition("=")
    if not sign:
        raise InputError(f"--set is {given!r}, but it must be NAME=VALUE, such as depth=0.4")
    try:
        return name, float(value)
    except ValueError:
        return name, value


def _values(parameters: Any) -> str:
    return ", ".join(f"{name} {value}" for name, value in parameters.items())
