"""The picture of how age groups of a programme grow and fall over the years."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from morgen.faces.report import style
from morgen.faces.report.balance.words import WORDS
from morgen.models.balance import Course
from morgen.models.norms import BASIS_WORDS, Basis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_courses"]

SIZE, RESOLUTION = (10.0, 5.0), 150
COLOURS = {
    Basis.CHILD_0_3: "#c98b3c",
    Basis.CHILD_4_11: "#b3452f",
    Basis.YOUTH_12_17: "#4f7f6a",
    Basis.ELDERLY_75: "#4a6f95",
}
"""Told apart in print too: each line also has its own dashes."""
DASHES = {Basis.CHILD_0_3: (0, (5, 2)), Basis.YOUTH_12_17: (0, (1, 1.2)), Basis.ELDERLY_75: (0, (7, 2, 1, 2))}
INK = "#2b2b2b"


def draw_courses(courses: Sequence[Course], path: Path, *, language: str = "nl") -> Path:
    """Draw one line for each age group with its peak; years too small to show are gaps. Writes a PNG."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    words = WORDS[language]
    figure = Figure(figsize=SIZE, facecolor="white")
    axes = figure.add_axes((0.07, 0.11, 0.68, 0.76))
    axes.set_facecolor(style.PAPER)
    for course in courses:
        _line(axes, course, language)
    axes.set_ylim(0, axes.get_ylim()[1] * 1.08)  # room for the label of the highest peak
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel(words["year"])
    axes.set_ylabel(words["people"])
    axes.grid(color="#dddad2", linewidth=0.7)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False, fontsize=9, labelcolor=INK)
    figure.text(0.07, 0.93, words["courses"], fontsize=14, fontweight="bold", color=INK)
    figure.savefig(path, dpi=RESOLUTION, metadata={"Software": None})
    return path


def _line(axes: "Axes", course: Course, language: str) -> None:
    people = np.array([np.nan if count is None else count for count in course.people], dtype=np.float64)
    colour = COLOURS.get(course.basis, INK)
    title = getattr(BASIS_WORDS[course.basis], language)
    axes.plot(
        course.years, people, color=colour, linestyle=DASHES.get(course.basis, "-"), linewidth=2.2, label=title
    )
    if course.peak is None or course.peak_year is None:
        return
    axes.plot([course.peak_year], [course.peak], "o", color=colour, markersize=5)
    axes.annotate(
        f"{course.peak} ({course.peak_year})",
        (course.peak_year, course.peak),
        xytext=(0, 7),
        textcoords="offset points",
        ha="center",
        fontsize=9,
        color=colour,
    )
