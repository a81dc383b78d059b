"""The documents of the API as named schemas, from which the OpenAPI description and the viewer's types are made.

A field with default None may be absent, and is never null; one without default may be null when its type says so.
Documents are built as ready bytes elsewhere; a test holds them to these schemas.
"""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

__all__ = [
    "DATE",
    "BuildingInRun",
    "Conformance",
    "Document",
    "ExecuteRequest",
    "JobList",
    "LandingPage",
    "Link",
    "Position",
    "ProblemDetails",
    "ProcessDescription",
    "ProcessList",
    "Results",
    "StatusInfo",
    "Translated",
]


DATE: Any = Field(json_schema_extra={"format": "date-or-part"})
"""A date of source data; the format `date` would promise more than sources tell."""


class Document(BaseModel):
    """A document or a part of one; field names are in camelCase."""

    # Built when the description is asked for, not while a server starts.
    model_config = ConfigDict(alias_generator=to_camel, use_attribute_docstrings=True, defer_build=True)


class Link(Document):
    """A link to another resource."""

    href: str
    rel: str | None = None
    """How the other resource relates to this one."""
    type: str | None = None
    """Media type of what is there."""
    hreflang: str | None = None
    title: str | None = None


class ProblemDetails(Document):
    """What went wrong, in the form of RFC 9457."""

    type: str
    """URI of the kind of problem; `about:blank` when the status says it all."""
    title: str
    """The status in words."""
    status: int = Field(ge=400, le=599)
    detail: str
    """One sentence: the value, what is allowed, and where to change it."""
    instance: str | None = None
    """Path that was asked for."""
    errors: list["InvalidValue"] | None = None
    """Every parameter that is not valid."""


class InvalidValue(Document):
    """One parameter that is not valid."""

    in_: str = Field(alias="in")
    """`query`, `path` or `header`."""
    name: str
    detail: str


class LandingPage(Document):
    """Where the API begins."""

    title: str
    description: str
    attribution: str
    """Whom to name on maps and in reports."""
    links: list[Link]


class Conformance(Document):
    """The parts of the standards that this API holds to."""

    conforms_to: list[str]


# -- processes ---------------------------------------------------------------------------------------------------


class Translated(Document):
    """A text in the languages of the viewer."""

    nl: str
    en: str


class ProcessSummary(Document):
    """A model that can calculate here."""

    id: str
    version: str
    title: str
    description: str
    keywords: list[str]
    job_control_options: list[Literal["sync-execute", "async-execute", "dismiss"]]
    output_transmission: list[Literal["value", "reference"]]
    links: list[Link]


class ProcessList(Document):
    """The models that can calculate here."""

    processes: list[ProcessSummary]
    links: list[Link]


class InputDescription(Document):
    """One parameter of a model."""

    title: str
    description: str
    min_occurs: int = Field(ge=0, le=1)
    """0, because every parameter has a default."""
    max_occurs: int = Field(ge=1, le=1)
    schema_: dict[str, Any] = Field(alias="schema")
    """Type, default and allowed values, as an OpenAPI 3.0 schema: `exclusiveMinimum` is a boolean there."""
    x_unit: str | None = Field(None, alias="x-unit")
    """Unit of the value; absent when it has none."""
    x_affects_result: bool | None = Field(None, alias="x-affects-result")
    """False for what changes how long a run takes, but not what it gives."""


class OutputDescription(Document):
    """One output of a model."""

    title: str
    description: str
    schema_: dict[str, Any] = Field(alias="schema")
    x_unit: str | None = Field(None, alias="x-unit")


class ProcessPreset(Document):
    """A named choice of inputs, such as a standard rain event."""

    id: str
    title: Translated
    description: Translated
    source: str
    """Where the numbers come from."""
    state: Literal["source", "secondary", "indicative", ""]
    """How sure the numbers are; empty when nobody said."""
    return_period: float | None
    """Years in which it occurs once, as its source says; null when it has none."""
    inputs: dict[str, Any]


class Card(Document):
    """What a model is for, how it works, and what it is not for."""

    title: str
    purpose: str
    method: str
    source: str
    validity: str
    assumptions: str
    calibration: str
    uncertainty: str
    not_for: str
    owner: str
    licence: str


class ProcessDescription(ProcessSummary):
    """A model with everything that one can ask of it."""

    inputs: dict[str, InputDescription]
    outputs: dict[str, OutputDescription]
    presets: list[ProcessPreset]
    card: Card


class OutputRequest(Document):
    """Which form of an output is asked for."""

    transmission_mode: Literal["value", "reference"] | None = None
    format: dict[str, Any] | None = None


class ExecuteRequest(Document):
    """What to calculate."""

    model_config = ConfigDict(extra="forbid")

    inputs: dict[str, Any] | None = None
    """Parameter to value, or to `{"value": ...}`; what is left out has its default."""
    outputs: dict[str, OutputRequest] | None = None
    """The outputs to give in a synchronous answer; all of them when left out."""
    response: Literal["raw", "document"] | None = None
    """`document` (the default), or `raw` for links to the outputs in headers."""


# -- jobs --------------------------------------------------------------------------------------------------------


class StatusInfo(Document):
    """A run: one calculation that happened, happens or waits for its turn."""

    process_id: str = Field(alias="processID")
    type: Literal["process"]
    job_id: str = Field(alias="jobID")
    status: Literal["accepted", "running", "successful", "failed", "dismissed"]
    message: str
    """What is being done, or why it ended; empty when there is nothing to say."""
    progress: int = Field(ge=0, le=100)
    """Percent."""
    created: datetime
    started: datetime | None = None
    finished: datetime | None = None
    updated: datetime
    model: str
    """The same as `processID`."""
    version: str
    """Version of the model."""
    parameters: dict[str, Any]
    """Every parameter as the model got it."""
    preset: str | None
    """The preset whose inputs these are; null when there is none."""
    scenario: str
    """Content hash of the scenario that it was computed with; empty for the situation as it is."""
    warnings: list[str]
    links: list[Link]


class JobList(Document):
    """Runs, newest first."""

    jobs: list[StatusInfo]
    number_matched: int = Field(ge=0)
    number_returned: int = Field(ge=0)
    links: list[Link]


class IndicatorValue(Document):
    """A number that a decision uses."""

    id: str
    title: str
    value: float
    unit: str
    low: float | None
    """Lower end of the uncertainty band; null when the model gives none."""
    high: float | None
    target: float | None
    direction: Literal["lower", "higher", "none"]
    """Which way is better."""
    meaning: str
    does_not_show: str
    threshold_source: str


class Balance(Document):
    """Volumes of water in m3, and the relative error."""

    value: dict[str, float]
    media_type: Literal["application/json"]


class ResultFile(Document):
    """An output as a file to fetch."""

    href: str
    type: str
    title: str


class Results(Document):
    """What came out of a run: values, and files by link, each under the name of its output."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, ResultFile]

    indicators: list[IndicatorValue] | None = None
    balance: Balance | None = None


class Position(Document):
    """Exact values of a run at one point, as the model computed them for the cell that the point lies in."""

    coordinates: list[float] = Field(min_length=2, max_length=2)
    """x and y in RD New, m."""
    crs: str
    terrain: float | None
    """m NAP; null outside the terrain."""
    land_cover: "LandCoverAtPoint | None"
    building: str | None
    """Id of the building that stands there."""
    times: list[float]
    """Seconds since the start of the rain."""
    depth: list[float | None]
    """m, per time; null under buildings."""
    max_depth: float | None
    """m"""
    arrival: float | None
    """Minutes until the water is 0.05 m deep; null when it never is."""
    duration: float | None
    """Minutes that it is at least 0.05 m deep."""
    max_velocity: float | None
    """m/s"""


class WaterOrigin(Document):
    """What drains over the surface to the water at one point of a run."""

    coordinates: list[float] = Field(min_length=2, max_length=2)
    """x and y in RD New, m."""
    crs: str
    water: dict[str, Any]
    """GeoJSON MultiPolygon in RD New: the water that the point lies in."""
    water_area: float
    """m2"""
    water_volume: float
    """m3, with every cell at its deepest."""
    ground: dict[str, Any]
    """GeoJSON MultiPolygon in RD New: the ground that drains to it."""
    ground_area: float
    """m2"""
    roof_area: float
    """m2 of roof that drains to this ground."""
    buildings: list[str]
    """Ids of the buildings whose roofs do."""
    method: str


class LandCoverAtPoint(Document):
    """The object of the ground at a point, in the words of the BGT."""

    theme: str
    function: str
    surface: str
    object_id: str


class BuildingInRun(Document):
    """What a run means for one building."""

    feature_id: str
    bag_id: str
    max_depth: float | None
    """Largest depth at the façade, m."""
    max_depth_at: float | None
    """Minutes since the start of the rain."""
    above_low: bool
    """Whether it reached the low threshold of the run."""
    above_high: bool
    times: list[float]
    """Seconds since the start of the rain; empty when the façade stayed dry."""
    depth: list[float]
    """m, per time."""
