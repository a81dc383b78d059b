"""The water balance of one calculation: every litre that came, and where it went."""

from dataclasses import asdict, dataclass

from morgen.core.errors import BalanceError

__all__ = ["TOLERANCE", "WaterBalance"]

TOLERANCE = 1e-5
"""A larger relative error than this is refused."""


@dataclass(frozen=True)
class WaterBalance:
    """Volumes in m3 since the start, summed in double precision apart from the water levels themselves."""

    rain: float
    """On the ground and on the roofs."""
    inflow: float
    """From elsewhere."""
    initial: float
    """Standing on the ground at the start."""
    stored: float
    """How much more stands on the ground at the end than at the start."""
    initial_loss: float
    """Held by plants, puddles and roofs."""
    infiltrated: float
    sewer: float
    """Taken by the sewer from the ground and from the roofs, less what came back onto the ground."""
    outflow: float
    """Over open edges."""
    pumped: float = 0.0
    """Out of the area by pumps and open water that keeps its level."""
    sewer_stored: float = 0.0
    """Of ``sewer``: in sewer districts at the end, more than at the start."""
    sewer_pumped: float = 0.0
    """Of ``sewer``: pumped out of sewer districts."""
    sewer_overflow: float = 0.0
    """Over the overflows of sewer districts; of ``sewer`` as far as it left the area."""
    sewer_returned: float = 0.0
    """That came back onto the ground through the gullies of sewer districts; no part of ``sewer``."""

    @property
    def error(self) -> float:
        """What is missing (negative) or too much (positive), relative to all water that there was."""
        came = self.rain + self.inflow
        went = self.stored + self.initial_loss + self.infiltrated + self.sewer + self.outflow + self.pumped
        total = came + self.initial
        return (went - came) / total if total > 0 else 0.0

    @property
    def missing(self) -> float:
        """What is missing, m3; negative when there is too much."""
        return (
            self.rain
            + self.inflow
            - (self.stored + self.initial_loss + self.infiltrated + self.sewer + self.outflow + self.pumped)
        )

    def summary(self) -> dict[str, float]:
        """Return rain + inflow = stored + infiltrated + sewer + outflow + pumped in m3, and ``error`` (relative).

        Here ``stored`` is all that stayed: what stands on the ground and the initial loss.
        """
        return {
            "rain": self.rain,
            "inflow": self.inflow,
            "stored": self.stored + self.initial_loss,
            "infiltrated": self.infiltrated,
            "sewer": self.sewer,
            "outflow": self.outflow,
            "pumped": self.pumped,
            "error": self.error,
        }

    def details(self) -> dict[str, float]:
        """Return all terms in m3, and ``error`` (relative)."""
        return {**asdict(self), "error": self.error}

    def check(self) -> None:
        """Raise ``BalanceError`` when water was lost or made beyond ``TOLERANCE``."""
        if not abs(self.error) <= TOLERANCE:
            raise BalanceError(
                f"the water balance is {self.error:+.1e} off, but at most {TOLERANCE:.0e} is accepted; "
                "the result is not used, please report the case"
            )
