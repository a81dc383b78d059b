"""The parameters of ``pluvial-flood``: type, unit, range and meaning of each."""

from typing import Annotated, Literal

from pydantic import Field

from morgen.core.units import Unit
from morgen.models.flood.damage import DamageTable
from morgen.models.flood.surfaces import SurfaceTable

__all__ = [
    "Buildings",
    "Damage",
    "DryTime",
    "Duration",
    "Edges",
    "EngineCheck",
    "Ensemble",
    "FacadeHigh",
    "FacadeLow",
    "InfiltrationFactor",
    "NoiseCheck",
    "OpenWaterLevel",
    "OutputInterval",
    "Pattern",
    "PumpCapacity",
    "Rain",
    "ResolutionCheck",
    "RoadHigh",
    "RoadLow",
    "RoofDrainage",
    "SewerCapacity",
    "SewerDistricts",
    "Surfaces",
    "Threads",
]

Rain = Annotated[
    float,
    Unit("mm"),
    Field(
        gt=0,
        le=300,
        title="Rain",
        description="Rain of the whole event; 70 mm in 1 h is the Dutch stress test T=100.",
    ),
]

Duration = Annotated[
    float, Unit("h"), Field(gt=0, le=48, title="Duration", description="Time over which the rain falls.")
]

Pattern = Annotated[
    tuple[Annotated[float, Field(ge=0, allow_inf_nan=False)], ...],
    Field(
        max_length=288,
        title="Pattern",
        description="How the rain is spread: its share in each of so many equal parts of the duration, in any"
        " unit, say mm per 5 min; none for evenly.",
    ),
]

DryTime = Annotated[
    float,
    Unit("h"),
    Field(ge=0, le=24, title="Dry time after", description="Time without rain that is computed after the event."),
]

SewerCapacity = Annotated[
    float,
    Unit("mm/h"),
    Field(
        ge=0,
        le=120,
        title="Sewer capacity",
        description="What the sewer takes of paved surfaces: 20-30 mm/h is usual (RIONED), 60 l/s/ha is 21.6.",
    ),
]

InfiltrationFactor = Annotated[
    float,
    Unit("1"),
    Field(
        ge=0,
        le=2,
        title="Infiltration factor",
        description="Multiplies the infiltration of every surface: 0 for saturated ground, 2 for loose sand.",
    ),
]

SewerDistricts = Annotated[
    bool,
    Field(
        title="Sewer districts",
        description="Whether sewers fill, overflow and give water back where the layer sewers tells what they hold"
        " (true), or take their capacity all the time (false).",
    ),
]

RoofDrainage = Annotated[
    Literal["sewer", "ground"],
    Field(
        title="Roof drainage",
        description="Where roofs drain to: the sewer up to its capacity, with the excess along the façade (sewer),"
        " or all along the façade (ground).",
    ),
]

Buildings = Annotated[
    Literal["closed", "raised"],
    Field(
        title="Buildings",
        description="How water meets buildings: no flow through them and roofs that drain (closed), or blocks on"
        " the terrain that rain runs off (raised).",
    ),
]

Edges = Annotated[
    Literal["open", "closed"],
    Field(
        title="Edges",
        description="Whether water leaves over the edges of the terrain along its slope (open) or stays (closed).",
    ),
]

OpenWaterLevel = Annotated[
    Literal["pumped", "held", "closed"],
    Field(
        title="Open water",
        description="What happens to water above the usual level of canals and ditches: pumps take it (pumped), it"
        " leaves at once, as into a large water system (held), or it stays (closed).",
    ),
]

PumpCapacity = Annotated[
    float,
    Unit("mm/d"),
    Field(
        ge=0,
        le=200,
        title="Pump capacity",
        description="What the pumps of the water system take, over the whole terrain: 13-15 mm per day is usual in"
        " a polder (RIONED, oppervlaktewater).",
    ),
]

Surfaces = Annotated[
    SurfaceTable | None,
    Field(title="Surface table", description="What each surface does with water; none for the built-in table."),
]

FacadeLow = Annotated[
    float,
    Unit("m"),
    Field(
        gt=0, le=2, title="Low façade threshold", description="Depth at the façade from which a building counts."
    ),
]

FacadeHigh = Annotated[
    float,
    Unit("m"),
    Field(
        gt=0,
        le=2,
        title="High façade threshold",
        description="Depth at the façade from which water may enter; 0.10-0.15 m is common practice, not a norm.",
    ),
]

RoadLow = Annotated[
    float,
    Unit("m"),
    Field(
        gt=0,
        le=2,
        title="Low road threshold",
        description="Depth from which a road hinders; 0.15 m stops emergency services (Rotterdams Weerwoord).",
    ),
]

RoadHigh = Annotated[
    float,
    Unit("m"),
    Field(
        gt=0,
        le=2,
        title="High road threshold",
        description="Depth from which a road is impassable; 0.30 m in several Dutch stress tests.",
    ),
]

Damage = Annotated[
    DamageTable | None,
    Field(title="Damage table", description="What water in a building costs; none for the built-in table."),
]

OutputInterval = Annotated[
    float,
    Unit("min"),
    Field(ge=0.5, le=120, title="Output interval", description="Time between two rasters of the depth series."),
]

EngineCheck = Annotated[
    bool,
    Field(
        title="Compare engines",
        description="Whether the second engine computes a small part as well, to see how well the two agree.",
    ),
]

ResolutionCheck = Annotated[
    bool,
    Field(
        title="Compare cell sizes",
        description="Whether the storm is computed on cells twice as large as well, to see what changes.",
    ),
]

NoiseCheck = Annotated[
    bool,
    Field(
        title="Measure rounding",
        description="Whether the storm is computed on ground that differs by rounding as well, for the smallest"
        " difference in depth that means something.",
    ),
]

Ensemble = Annotated[
    int,
    Field(
        ge=0,
        le=100,
        title="Ensemble",
        description="Times that the storm is computed on other roughness, infiltration and sewers, for a band"
        " around every indicator; 0 for none.",
    ),
]

Threads = Annotated[
    int,
    Field(
        ge=0,
        le=1024,
        title="Threads",
        description="Processor threads, 0 for all; does not change the result.",
        json_schema_extra={"affects_result": False},
    ),
]
