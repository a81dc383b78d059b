"""``morgen norms``: the sets there are, one of them, what is wrong with a file, and how two differ."""

import click

from morgen.faces.cli.printing import print_json
from morgen.faces.report.text import table
from morgen.models.norms import Norm, differences, load_norms, shipped

__all__ = ["check", "diff", "list_sets", "show"]


def list_sets(*, as_json: bool) -> None:
    """List the sets that come with Morgen."""
    found = [load_norms(name) for name in shipped()]
    if as_json:
        keys = ("id", "edition", "title", "publisher", "source")
        print_json([{key: getattr(item, key) for key in keys} | {"norms": len(item.norms)} for item in found])
        return
    rows = [[item.id, item.edition, str(len(item.norms)), item.title] for item in found]
    click.echo(table(rows, head=["set", "edition", "norms", "title"], right=[2]))


def show(*, name: str, as_json: bool) -> None:
    """Print one set."""
    norms = load_norms(name)
    if as_json:
        print_json(norms.to_json())
        return
    click.echo(f"{norms.id} {norms.edition}: {norms.title}\n")
    rows = [
        [norm.theme, norm.id, _band(norm), f"{norm.per:g} {norm.basis}", norm.level, norm.state, norm.source]
        for norm in norms.norms
    ]
    click.echo(table(rows, head=["theme", "norm", "min - target - max", "per", "level", "state", "source"]))
    for left in norms.left_out:
        click.echo(f"left out: {left.facility}: {left.reason}")


def check(*, name: str, as_json: bool) -> None:
    """Read a set; what is wrong with it is an error."""
    norms = load_norms(name)
    unsure = [norm.id for norm in norms.norms if norm.state != "source"]
    if as_json:
        print_json({"id": norms.id, "norms": len(norms.norms), "toConfirm": unsure})
        return
    click.echo(f"{norms.id} {norms.edition} is a norm set of {len(norms.norms)} norms.")
    if unsure:
        click.echo(f"To be confirmed against the original: {', '.join(unsure)}.")


def diff(*, one: str, other: str, as_json: bool) -> None:
    """Print facility by facility what differs."""
    left, right = load_norms(one), load_norms(other)
    found = differences(left, right)
    if as_json:
        print_json([item.to_json() for item in found])
        return
    rows = [[item.facility, item.field, item.one, item.other] for item in found]
    click.echo(table(rows, head=["facility", "field", left.id, right.id]) if rows else "They do not differ.")


def _band(norm: Norm) -> str:
    return f"{norm.min:g} - {norm.target:g} - {norm.max:g} {norm.unit}"
