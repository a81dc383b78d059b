"""What differs between two norm sets."""

from morgen.core.noun import Noun
from morgen.models.norms.norm import Norm, NormSet

__all__ = ["Difference", "differences"]


class Difference(Noun):
    """One facility in which two sets differ."""

    facility: str
    field: str
    """The field that differs, or ``norm`` when one of the sets has none for this facility."""
    one: str
    other: str


def differences(one: NormSet, other: NormSet) -> tuple[Difference, ...]:
    """Compare facility by facility; where a set has several norms for one, in their order."""
    facilities = dict.fromkeys(norm.facility for norm in (*one.norms, *other.norms))
    return tuple(found for facility in facilities for found in _of_facility(facility, one, other))


def _of_facility(facility: str, one: NormSet, other: NormSet) -> list[Difference]:
    left = [norm for norm in one.norms if norm.facility == facility]
    right = [norm for norm in other.norms if norm.facility == facility]
    found = [change for pair in zip(left, right, strict=False) for change in _of_norm(*pair)]
    shared = min(len(left), len(right))
    found += [_absent(facility, norm, in_other=False) for norm in left[shared:]]
    return found + [_absent(facility, norm, in_other=True) for norm in right[shared:]]


def _absent(facility: str, norm: Norm, *, in_other: bool) -> Difference:
    text = f"{norm.target:g} {norm.unit} per {norm.per:g} {norm.basis}"
    return Difference(
        facility=facility, field="norm", one="" if in_other else text, other=text if in_other else ""
    )


def _of_norm(one: Norm, other: Norm) -> list[Difference]:
    names = [name for name in Norm.model_fields if name != "id"]
    pairs = [(name, getattr(one, name), getattr(other, name)) for name in names]
    return [
        Difference(facility=one.facility, field=name, one=str(left), other=str(right))
        for name, left, right in pairs
        if left != right
    ]
