"""``morgen sample``: write the sample wijk."""

from pathlib import Path

import click

from morgen.faces.cli.printing import print_json
from morgen.sources.sample import ATTRIBUTION, write_sample

__all__ = ["sample"]


def sample(*, folder: Path, seed: int, km2: float, quirks: bool, force: bool, as_json: bool) -> None:
    """Write the sample and say what to do with it."""
    files = write_sample(folder, seed=seed, km2=km2, quirks=quirks, force=force)
    if as_json:
        print_json({"folder": str(folder), "seed": seed, "km2": km2, "files": [str(path) for path in files]})
        return
    for path in files:
        click.echo(f"{path.stat().st_size / 1e6:9.2f} MB  {path.relative_to(folder)}")
    click.echo(
        f"\nMake a twin of it with `morgen init TWIN --polygon {folder / 'area.geojson'}`"
        f" and `morgen add TWIN {folder} --attribution '{ATTRIBUTION}'`."
    )
