"""Where a fact comes from, and the proof that it was fetched."""

from datetime import datetime
from enum import StrEnum

from morgen.core.grid import Bounds
from morgen.core.noun import Noun

__all__ = ["Role", "Source", "SourceStamp", "SourceState"]


class Role(StrEnum):
    """What a source is used for in a situation."""

    TERRAIN = "terrain"
    """Raster of the bare ground (AHN DTM, 'maaiveld')."""
    SURFACE = "surface"
    """Raster of the ground with all that stands on it (AHN DSM, 'ruw')."""
    HEIGHT_POINTS = "height-points"
    """Classified point cloud (AHN LAZ)."""
    TOPOGRAPHY = "topography"
    """Objects of the BGT: the land cover partition, bridges, trees, footprints."""
    BUILDING_REGISTER = "building-register"
    """Panden of the BAG: identity, year, status."""
    BUILDING_MODELS = "building-models"
    """3D buildings in CityJSON (3DBAG, 3dfier)."""
    WALKING_NETWORK = "walking-network"
    """Where people can walk: a network of footpaths, or the roads of the NWB."""
    REDEVELOPMENT = "redevelopment"
    """What may be built where: the plots of a plan."""
    ADDRESSES = "addresses"
    """Verblijfsobjecten of the BAG: what is at which address, and how large it is."""
    FACILITIES = "facilities"
    """Schools, childcare, care, shops, sport and culture: registers and lists of places."""
    POPULATION = "population"
    """How many people live in a square or a buurt (CBS)."""
    SEWERS = "sewers"
    """Pipes, manholes, pumps and overflows of sewers (GWSW)."""


class Source(Noun):
    """One source of facts: a file or folder on disk, recognised by its content."""

    id: str
    """Stable within a twin; the path of the file, and after a '#' which part when it serves two roles."""
    title: str
    """What it is, for people: 'BGT, GeoPackage'."""
    format: str
    """Id of the reader that recognised it."""
    role: Role | None
    """None for a file that could not be recognised."""
    publisher: str = ""
    licence: str = ""
    attribution: str = ""


class SourceState(StrEnum):
    """How a fetch ended."""

    OK = "ok"
    STALE = "stale"
    FAILED = "failed"


class SourceStamp(Noun):
    """Proof of one fetch of one source."""

    source: Source
    state: SourceState
    fetched_at: datetime | None = None
    """When the bytes were read (UTC). Not part of a situation's content hash."""
    sha256: str = ""
    """Hash of the bytes of the source; empty when it failed before it could be read."""
    count: int = 0
    """Features, cells or points that were taken from it."""
    crs: str = ""
    """CRS as found in the file, or 'EPSG:7415 (assumed)'."""
    bounds: Bounds | None = None
    data_date: str = ""
    """Date that the data itself carries (survey or publication), ISO 8601, or empty."""
    problem: str = ""
    """One sentence when the state is not ``ok``, or a remark that a user should read."""
