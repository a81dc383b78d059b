"""One calculation that happened, or is happening."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Field

from morgen.core.indicator import Indicator
from morgen.core.noun import Noun

__all__ = ["Manifest", "Output", "Run", "RunState"]


class RunState(StrEnum):
    """The states of OGC API Processes, and ``lost`` for a run whose worker and starter both died."""

    ACCEPTED = "accepted"
    RUNNING = "running"
    SUCCESSFUL = "successful"
    FAILED = "failed"
    DISMISSED = "dismissed"
    LOST = "lost"

    @property
    def ended(self) -> bool:
        """Whether the state is final."""
        return self not in (RunState.ACCEPTED, RunState.RUNNING)


class Manifest(Noun):
    """What a run was made of; the same manifest gives the same outputs."""

    model: str
    version: str
    parameters: Mapping[str, Any]
    situation: str
    """Content hash of the situation."""
    inputs: Mapping[str, str]
    """Layer name to sha256 of its bytes."""
    sources: Mapping[str, str]
    """Source id to sha256 of its bytes."""
    scenario: str = ""
    """Content hash of the scenario; empty for the situation as it is."""


class Output(Noun):
    """One stored output of a run."""

    name: str
    kind: str
    """'raster', 'series', 'features' or 'json'."""
    title: str
    unit: str = ""
    filename: str
    """Readable name inside the folder of the run."""
    sha256: str
    """Hash of the file; for a folder (Zarr) the hash of its sorted paths and their hashes."""
    size: int
    """Bytes."""


class Run(Noun):
    """The row of one run, which is the truth about it."""

    id: str
    manifest: Manifest
    state: RunState
    progress: float = Field(ge=0, le=1)
    message: str = ""
    created_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    attempt: int = 0
    """How often a worker took this run up; writes of an older attempt are refused."""
    environment: Mapping[str, str] = Field(default_factory=dict)
    """Versions of Python, Morgen and the numerical libraries, and the processor."""
    indicators: tuple[Indicator, ...] = ()
    balance: Mapping[str, float] = Field(default_factory=dict)
    outputs: tuple[Output, ...] = ()
    warnings: tuple[str, ...] = ()
