"""The one table from error to exit code; ``docs/cli.md`` prints it."""

from morgen.core import errors

__all__ = ["EXIT_CODES", "FAILED_RUN", "USAGE", "exit_code"]

USAGE = 2
FAILED_RUN = 5

EXIT_CODES: tuple[tuple[type[errors.MorgenError], int, str], ...] = (
    (errors.InputError, USAGE, "what was asked for is not allowed"),
    (errors.NotFoundError, 3, "the twin, model or run is not there"),
    (errors.SourceError, 4, "source data is missing, broken or not recognised"),
    (errors.CrsError, 4, "coordinates cannot be transformed exactly"),
    (errors.DismissedError, 130, "the run was stopped"),
    (errors.RunError, FAILED_RUN, "the calculation failed"),
    (errors.StorageError, 74, "the disk or database refused"),
    (errors.EditConflictError, 76, "somebody else changed the scenario first; read it again"),
    (errors.BusyError, 75, "another process uses the twin; try again later"),
    (errors.MorgenError, 1, "any other error"),
)
"""(error, exit code, meaning); the first row that fits counts. Success is 0."""


def exit_code(error: errors.MorgenError) -> int:
    """Return the exit code of an error."""
    return next(code for kind, code, _ in EXIT_CODES if isinstance(error, kind))
