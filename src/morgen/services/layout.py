"""Where things lie inside the folder of a twin."""

from dataclasses import dataclass
from pathlib import Path

__all__ = ["Layout"]


@dataclass(frozen=True)
class Layout:
    """The places inside a twin folder; makes none of them."""

    folder: Path

    @property
    def state(self) -> Path:
        """What Morgen keeps for itself."""
        return self.folder / ".morgen"

    @property
    def database(self) -> Path:
        """The SQLite file with the rows of all runs."""
        return self.state / "morgen.sqlite"

    @property
    def lock(self) -> Path:
        """The file that is locked while somebody changes or calculates."""
        return self.state / "lock"

    @property
    def serve(self) -> Path:
        """The file that a server of the twin locks; says at which address."""
        return self.state / "serve"

    @property
    def situations(self) -> Path:
        """Descriptions of what was gathered, by what the sources looked like; may be thrown away."""
        return self.state / "situations"

    @property
    def applied(self) -> Path:
        """Descriptions of situations with a scenario, by the hashes of both; may be thrown away."""
        return self.state / "applied"

    @property
    def advice(self) -> Path:
        """What quick runs for advice said, by the hash of what they were made of; may be thrown away."""
        return self.state / "advice"

    @property
    def scenarios(self) -> Path:
        """The scenarios that runs were made with, and what they cost, by content hash; belong to the runs."""
        return self.state / "scenarios"

    @property
    def comparisons(self) -> Path:
        """Difference maps that were asked for, by the runs; may be thrown away."""
        return self.state / "comparisons"

    @property
    def served(self) -> Path:
        """Feature layers as ready GeoJSON, by the hash of the layer; may be thrown away."""
        return self.state / "served"

    @property
    def work(self) -> Path:
        """Half-finished files; whatever lies here when nobody holds the lock may go."""
        return self.state / "work"

    @property
    def logs(self) -> Path:
        """What the workers printed, and the tracebacks of runs that failed unexpectedly."""
        return self.state / "logs"

    @property
    def runs(self) -> Path:
        """One folder per finished run, with readable names."""
        return self.folder / "runs"
