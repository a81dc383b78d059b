"""``morgen compare``: runs beside each other."""

from pathlib import Path

import click

from morgen.faces.cli.printing import print_json
from morgen.faces.report.comparison_words import Lang
from morgen.services.twin import Twin

__all__ = ["compare"]


def compare(
    *, folder: Path, run_ids: tuple[str, ...], out: Path | None, csv: Path | None, lang: Lang, as_json: bool
) -> None:
    """Compare runs with the first of them, print the answer, and write files where that is asked for."""
    from morgen.faces.report.comparison_csv import comparison_csv
    from morgen.faces.report.comparison_files import write_comparison
    from morgen.faces.report.comparison_text import comparison_text
    from morgen.services.disk import replace_text

    twin = Twin.open(folder)
    found = twin.compare(run_ids)
    written = write_comparison(twin, found, out, lang=lang) if out else []
    if csv:
        replace_text(csv, comparison_csv(found))
        written.append(csv)
    if as_json:
        print_json(found.to_json() | {"files": [str(path) for path in written]})
        return
    click.echo(comparison_text(found))
    if written:
        click.echo("\nWritten\n" + "\n".join(f"  {path}" for path in written))
