"""The documents of norms as named schemas; see ``schemas`` for how to read them."""

from morgen.faces.http.schemas import Document, Link

__all__ = ["NormSetDocument", "NormSetList"]


class NormDimensions(Document):
    """The room that one unit takes, m2."""

    floor: float
    footprint: float
    outdoor: float
    minimum_floor: float | None
    stackable: bool
    double_use: list[str]
    state: str


class NormDocument(Document):
    """How much of one facility belongs to how many of its basis."""

    id: str
    theme: str
    facility: str
    title: str
    min: float
    target: float
    max: float
    per: float
    basis: str
    unit: str
    unit_size: float | None
    fixed: float
    basis_per_unit: float | None
    radius: float | None
    """Walking distance, m."""
    share_within_radius: float | None
    radius_state: str | None
    environment: str
    level: str
    binding: bool
    state: str
    """`source`, `secondary` or `indicative`: how sure the value is."""
    source: str
    edition: str
    note: str
    dimensions: NormDimensions | None


class NormLeftOut(Document):
    """A facility for which the set gives no ratio, and why."""

    theme: str
    facility: str
    reason: str


class NormSetDocument(Document):
    """One edition of one set of norms."""

    id: str
    edition: str
    title: str
    publisher: str
    source: str
    note: str
    norms: list[NormDocument]
    left_out: list[NormLeftOut]


class NormSetSummary(Document):
    """A set, and where it is."""

    id: str
    edition: str
    title: str
    publisher: str
    source: str
    links: list[Link]


class NormSetList(Document):
    """The sets that come with Morgen."""

    norm_sets: list[NormSetSummary]
