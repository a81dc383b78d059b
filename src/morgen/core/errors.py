"""Every error that Morgen raises on purpose, as one family.

MorgenError
├── InputError                  what was asked for is not allowed
│   ├── AreaError               a polygon that is no area in the Netherlands
│   ├── ParameterError          a model parameter outside its range, or unknown
│   ├── MeasureError            a measure that cannot be drawn here, or with these values
│   └── ConfigError             a morgen.toml that cannot be understood
├── NotFoundError               what was asked for is not there
│   ├── TwinNotFoundError
│   ├── ModelNotFoundError
│   ├── MeasureNotFoundError
│   ├── ScenarioNotFoundError
│   └── RunNotFoundError
├── SourceError                 something is wrong with source data
│   ├── UnrecognisedSourceError   no reader knows this file
│   ├── UnreadableSourceError     a reader knows it, but it is broken
│   └── MissingLayerError         a model needs a layer that the situation lacks
├── RunError                    a calculation did not end well
│   ├── DismissedError          somebody stopped it
│   ├── BalanceError            water was lost or made
│   └── UnstableError           the calculation ran away
├── EditConflictError           somebody else changed it first
├── BusyError                   somebody else is using the twin
│   └── NotReadyError           a server cannot do it yet
├── StorageError                the disk or the database refused
└── CrsError                    a coordinate transformation would not be exact

Each message is one sentence for the user: it names the value, what is allowed and where to change it.
The faces hold the table from error to exit code and HTTP status.
"""

from pathlib import Path

__all__ = [
    "AreaError",
    "BalanceError",
    "BusyError",
    "ConfigError",
    "CrsError",
    "DismissedError",
    "EditConflictError",
    "InputError",
    "MeasureError",
    "MeasureNotFoundError",
    "MissingLayerError",
    "ModelNotFoundError",
    "MorgenError",
    "NotFoundError",
    "NotReadyError",
    "ParameterError",
    "RunError",
    "RunNotFoundError",
    "ScenarioNotFoundError",
    "SourceError",
    "StorageError",
    "TwinNotFoundError",
    "UnreadableSourceError",
    "UnrecognisedSourceError",
    "UnstableError",
]


class MorgenError(Exception):
    """Base of all errors that Morgen raises on purpose."""


class InputError(MorgenError):
    """What was asked for is not allowed."""


class AreaError(InputError):
    """The polygon or box is not a usable area in the Netherlands."""


class ParameterError(InputError):
    """A model parameter is unknown, of the wrong type, or outside its range."""


class MeasureError(InputError):
    """A measure is outside the area, on the wrong ground, or has a value that is not allowed."""


class ConfigError(InputError):
    """The morgen.toml of a twin cannot be understood."""


class NotFoundError(MorgenError, LookupError):
    """What was asked for is not there."""


class TwinNotFoundError(NotFoundError):
    """The folder is not a twin: it has no morgen.toml."""


class ModelNotFoundError(NotFoundError):
    """No installed model has this id."""


class MeasureNotFoundError(NotFoundError):
    """No installed measure is of this kind, or the scenario has no measure with this id."""


class ScenarioNotFoundError(NotFoundError):
    """The twin has no scenario of this name."""


class RunNotFoundError(NotFoundError):
    """The twin has no run with this id."""


class SourceError(MorgenError):
    """Something is wrong with source data."""


class UnrecognisedSourceError(SourceError):
    """No reader recognises the content of this file."""


class UnreadableSourceError(SourceError):
    """A reader recognised the file but could not read it.

    Carries which file, what it was taken for, what is wrong, and where in the file.
    """

    def __init__(self, path: Path, *, taken_for: str, problem: str, where: str = "") -> None:
        self.path = path
        self.taken_for = taken_for
        self.problem = problem
        self.where = where
        place = f" ({where})" if where else ""
        super().__init__(f"{path} was taken for {taken_for}, but {problem}{place}.")


class MissingLayerError(SourceError):
    """A model needs a layer that the situation does not have."""


class RunError(MorgenError):
    """A calculation did not end well."""


class DismissedError(RunError):
    """Somebody stopped the calculation."""


class BalanceError(RunError):
    """The water balance does not close: water was lost or made."""


class UnstableError(RunError):
    """The calculation ran away; the message names the place and the time."""


class BusyError(MorgenError):
    """Another process is changing or calculating in the same twin folder."""


class EditConflictError(MorgenError):
    """Somebody else changed the scenario since it was read; the message says what."""


class NotReadyError(BusyError):
    """The server cannot do this yet: it is still gathering, or has enough to do; later it can."""


class StorageError(MorgenError):
    """The disk or the database refused."""


class CrsError(MorgenError):
    """A coordinate transformation would silently be inexact, so it is refused."""
