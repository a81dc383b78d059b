"""The seven themes of daily life: which facilities belong to each, and how far people walk for it."""

from dataclasses import dataclass
from typing import Final

__all__ = ["THEMES", "Theme"]


@dataclass(frozen=True)
class Theme:
    """What people go to for one side of daily life."""

    id: str
    title: str
    kinds: tuple[str, ...]
    """Kinds of the layer ``facilities``; any one of them will do."""
    radius: float
    """m over the network within which it counts as within reach."""
    source: str


_PRACTICE: Final = "usual in Dutch plans, indicative: no source confirms it"

THEMES: Final = (
    Theme("education", "a primary school", ("primary-school",), 600.0, f"500 to 600 m, {_PRACTICE}"),
    Theme("childcare", "childcare", ("childcare", "out-of-school-care"), 500.0, f"500 m, {_PRACTICE}"),
    Theme(
        "care",
        "a general practice, health centre or pharmacy",
        ("general-practice", "health-centre", "pharmacy"),
        1_000.0,
        f"800 to 1,000 m, {_PRACTICE}",
    ),
    Theme("shops", "a supermarket or shop", ("supermarket", "shop"), 800.0, f"500 to 800 m, {_PRACTICE}"),
    Theme(
        "sport",
        "a place for sport",
        ("sports-hall", "sports-field", "sports-club", "gym-room", "swimming-pool"),
        1_500.0,
        "1,500 m: RIVM rule of thumb for sports accommodation",
    ),
    Theme(
        "culture",
        "a library or a place to meet",
        ("library", "wijkcultuurhuis", "buurtcentrum", "buurtkamer", "jongerenhuiskamer"),
        800.0,
        f"500 to 800 m, {_PRACTICE}",
    ),
    Theme("play", "a place to play", ("play-area", "managed-playground"), 200.0, "200 m: RIVM rule of thumb"),
)
"""In the order in which they are shown. The 15-minute score counts how many of these seven are near."""
