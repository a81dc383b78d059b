"""The command line: thin commands over the services, one table from error to exit code."""

import sys
from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    from morgen.faces.cli.app import run

    sys.exit(run(list(sys.argv[1:] if arguments is None else arguments)))
