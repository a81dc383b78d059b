"""What an age group asks in the year in which it is largest, and for good."""

from collections.abc import Sequence

from morgen.core.noun import Noun
from morgen.models.balance.people import Course
from morgen.models.norms.norm import Basis, Norm, NormSet

__all__ = ["Peak", "peaks_of"]


class Peak(Noun):
    """One norm at the peak of its age group, and when the group has settled."""

    norm: str
    """Id of the norm in its set."""
    facility: str
    title: str
    basis: Basis
    year: int
    """In which the need is greatest."""
    need: float
    """Then, in ``unit``."""
    structural: float | None
    """By the mean of the last ten years of the course; None when that is not shown."""
    temporary: float | None
    """What is needed for the peak only: a temporary building, or rooms with a second use."""
    unit: str


def peaks_of(norms: NormSet, courses: Sequence[Course]) -> tuple[Peak, ...]:
    """Return the peak of each norm whose age group has a course with something to show."""
    by_basis = {course.basis: course for course in courses}
    found = (_peak(norm, by_basis.get(norm.basis)) for norm in norms.norms)
    return tuple(peak for peak in found if peak is not None)


def _peak(norm: Norm, course: Course | None) -> Peak | None:
    if course is None or course.peak is None or course.peak_year is None:
        return None
    need = norm.need(course.peak)
    structural = None if course.structural is None else norm.need(course.structural)
    return Peak(
        norm=norm.id,
        facility=norm.facility,
        title=norm.title,
        basis=norm.basis,
        year=course.peak_year,
        need=round(need, 3),
        structural=None if structural is None else round(structural, 3),
        temporary=None if structural is None else round(max(0.0, need - structural), 3),
        unit=norm.unit,
    )
