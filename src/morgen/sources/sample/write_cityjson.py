"""3DBAG: CityJSONSeq 2.0, one line a building, with the attributes of release 2024."""

import itertools
import json
import math
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from morgen.sources.sample.buildings import Building, Profile, Wing
from morgen.sources.sample.frame import GENERATED, MUNICIPALITY, NAME, SURVEYED, Frame
from morgen.sources.sample.quirks import strange_model
from morgen.sources.sample.solids import (
    Face,
    Point3,
    box_profile,
    cross_section_area,
    percentile,
    roof_percentiles,
    solid,
    stepped_profile,
    wing_volume,
)

__all__ = ["CityJsonWriter", "building_attributes", "building_solids", "cityjson_file", "level_profile"]

SCALE = 0.001
LODS = ("1.2", "1.3", "2.2")
SEMANTICS = ("GroundSurface", "RoofSurface", "WallSurface")
CRS = "https://www.opengis.net/def/crs/EPSG/0/7415"


def cityjson_file(folder: Path) -> Path:
    """Return where the 3D buildings go in ``folder``."""
    return folder / f"{NAME.lower()}.city.jsonl"


class CityJsonWriter:
    """Writes ``voorbeelddorp.city.jsonl``: the header, then one CityJSONFeature a line.

    The header tells how high the buildings reach, so the lines of the buildings wait in a file of their own.
    """

    def __init__(self, folder: Path, frame: Frame, *, quirks: bool = False) -> None:
        self._strange = strange_model if quirks else dict[str, Any]
        self.path = cityjson_file(folder)
        self._lines = folder / "buildings.part"
        self._frame = frame
        self._low, self._top = np.inf, -np.inf

    def append(self, buildings: Sequence[Building]) -> None:
        """Add the buildings of one sheet."""
        with self._lines.open("a", encoding="utf-8") as file:
            for building in buildings:
                file.write(_line(self._strange(_feature(building, self._frame))))
                self._low = min(self._low, building.ground)
                self._top = max(self._top, building.ground + building.height)

    def close(self) -> Path:
        """Put the header before the buildings."""
        with self.path.open("wb") as file:
            header = _header(self._frame, round(float(self._low), 3), round(float(self._top), 3))
            file.write(_line(self._strange(header)).encode())
            if self._lines.exists():
                with self._lines.open("rb") as lines:
                    shutil.copyfileobj(lines, file)
                self._lines.unlink()
        return self.path


def _line(document: dict[str, Any]) -> str:
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False) + "\n"


def building_solids(building: Building) -> list[dict[str, list[Face]]]:
    """Return for every wing its solids by level of detail; empty when the building has no height points."""
    if not building.modelled:
        return []
    return [_wing_solids(wing, building.ground) for wing in building.wings]


def _wing_solids(wing: Wing, ground: float) -> dict[str, list[Face]]:
    return {lod: solid(wing, level_profile(wing, lod), ground) for lod in LODS}


def level_profile(wing: Wing, lod: str) -> Profile:
    """Return the cross-section at a level of detail: '1.2' one block, '1.3' a block a step, '2.2' as it is."""
    if lod == "1.2":
        return box_profile(wing.profile, percentile(wing.profile, 0.7))
    return stepped_profile(wing.profile) if lod == "1.3" else wing.profile


def building_attributes(building: Building) -> dict[str, Any]:
    """Return the attributes of 3DBAG; what follows from the height model is null where there were no points."""
    model = _model_attributes(building) if building.modelled else dict.fromkeys(MODELLED)
    return dict(sorted((_register_attributes(building) | _point_attributes(building) | model).items()))


def _register_attributes(building: Building) -> dict[str, Any]:
    registered = f"{building.year}-07-01"
    return {
        "identificatie": f"NL.IMBAG.Pand.{building.number}",
        "oorspronkelijkbouwjaar": building.year,
        "status": building.status,
        "geconstateerd": False,
        "voorkomenidentificatie": 1,
        "documentnummer": f"{MUNICIPALITY}-FICTIEF",
        "documentdatum": registered,
        "begingeldigheid": registered,
        "eindgeldigheid": None,
        "eindregistratie": None,
        "tijdstipeindregistratielv": None,
        "tijdstipinactief": None,
        "tijdstipinactieflv": None,
        "tijdstipnietbaglv": None,
        "tijdstipregistratie": "2012-01-10T12:00:00Z",
        "tijdstipregistratielv": "2012-01-10T12:30:00Z",
    }


def _point_attributes(building: Building) -> dict[str, Any]:
    """Attributes about the point cloud; a skipped building says why."""
    found = building.modelled
    return {
        "b3_bag_bag_overlap": 0.0,
        "b3_kas_warenhuis": False,
        "b3_mutatie_ahn3_ahn4": False,
        "b3_nodata_fractie_ahn3": 0.0 if found else 1.0,
        "b3_nodata_fractie_ahn4": 0.0 if found else 1.0,
        "b3_nodata_radius_ahn3": 0.3 if found else None,
        "b3_nodata_radius_ahn4": 0.3 if found else None,
        "b3_puntdichtheid_ahn3": 10.0 if found else 0.0,
        "b3_puntdichtheid_ahn4": 20.0 if found else 0.0,
        "b3_pw_bron": "AHN4",
        "b3_pw_datum": SURVEYED,
        "b3_pw_selectie_reden": "PREFERRED_AND_LATEST",
        "b3_reconstructie_onvolledig": not found,
        "b3_dak_type": _roof_type(building) if found else "no points",
        "b3_bouwlagen": building.storeys if found and building.use else None,
    }


def _roof_type(building: Building) -> str:
    heights = {height for wing in building.wings for _, height in wing.profile}
    steps = (step for wing in building.wings for step in itertools.pairwise(wing.profile))
    if any(d0 != d1 and h0 != h1 for (d0, h0), (d1, h1) in steps):
        return "slanted"
    return "horizontal" if len(heights) == 1 else "multiple horizontal"


HEIGHTS = {"b3_h_dak_min": 0.0, "b3_h_dak_50p": 0.5, "b3_h_dak_70p": 0.7, "b3_h_dak_max": 1.0}
MODELLED = (
    "b3_h_maaiveld",
    *HEIGHTS,
    "b3_opp_buitenmuur",
    "b3_opp_dak_plat",
    "b3_opp_dak_schuin",
    "b3_opp_grond",
    "b3_opp_scheidingsmuur",
    *(f"b3_{kind}_lod{lod}" for kind in ("rmse", "val3dity", "volume") for lod in (12, 13, 22)),
)


def _model_attributes(building: Building) -> dict[str, Any]:
    """Attributes that follow from the roof."""
    heights = roof_percentiles(building.wings, tuple(HEIGHTS.values()))
    values: dict[str, Any] = {"b3_h_maaiveld": building.ground}
    values |= {name: round(building.ground + height, 3) for name, height in zip(HEIGHTS, heights, strict=True)}
    values["b3_h_dak_min"] = round(building.ground + min(h for w in building.wings for _, h in w.profile), 3)
    values["b3_h_dak_max"] = round(building.ground + building.height, 3)
    for lod in LODS:
        digits = lod.replace(".", "")
        volume = sum(wing_volume(wing, level_profile(wing, lod)) for wing in building.wings)
        values[f"b3_volume_lod{digits}"] = round(volume, 3)
        values[f"b3_rmse_lod{digits}"] = 0.03 if lod == "2.2" else 0.4
        values[f"b3_val3dity_lod{digits}"] = "[]"
    return values | _areas(building)


def _areas(building: Building) -> dict[str, float]:
    """Areas by kind, m2; the end walls of a terraced house are taken for party walls."""
    areas = dict.fromkeys(("dak_plat", "dak_schuin", "grond", "buitenmuur", "scheidingsmuur"), 0.0)
    for wing in building.wings:
        ends = "scheidingsmuur" if building.kind == "terraced house" else "buitenmuur"
        areas[ends] += 2 * cross_section_area(wing.profile)
        areas["grond"] += wing.depth * wing.width
        outline = [(0.0, 0.0), *wing.profile, (wing.depth, 0.0)]
        for (d0, h0), (d1, h1) in itertools.pairwise(outline):
            kind = "buitenmuur" if d0 == d1 else "dak_plat" if h0 == h1 else "dak_schuin"
            areas[kind] += math.hypot(d1 - d0, h1 - h0) * wing.width
    return {f"b3_opp_{kind}": round(area, 2) for kind, area in areas.items()}


def _header(frame: Frame, low: float, top: float) -> dict[str, Any]:
    return {
        "type": "CityJSON",
        "version": "2.0",
        "transform": {"scale": [SCALE] * 3, "translate": [*frame.bounds[:2], 0.0]},
        "CityObjects": {},
        "vertices": [],
        "metadata": {
            "geographicalExtent": [*frame.bounds[:2], low, *frame.bounds[2:], top],
            "referenceSystem": CRS,
            "title": f"{NAME} in de vorm van 3DBAG. {GENERATED}",
        },
    }


class _Vertices:
    """The vertices of one feature, each written once."""

    def __init__(self, frame: Frame) -> None:
        self.origin = (*frame.bounds[:2], 0.0)
        self.index: dict[tuple[int, ...], int] = {}

    def number(self, corner: Point3) -> int:
        scaled = tuple(round((value - origin) / SCALE) for value, origin in zip(corner, self.origin, strict=True))
        return self.index.setdefault(scaled, len(self.index))


def _feature(building: Building, frame: Frame) -> dict[str, Any]:
    identity = f"NL.IMBAG.Pand.{building.number}"
    vertices = _Vertices(frame)
    solids = building_solids(building)
    parts = {f"{identity}-{rank}": _part(faces, identity, vertices) for rank, faces in enumerate(solids)}
    whole: dict[str, Any] = {
        "type": "Building",
        "attributes": building_attributes(building),
        "geometry": [_footprint(building, vertices)],
    }
    if parts:
        whole["children"] = list(parts)
    return {
        "type": "CityJSONFeature",
        "id": identity,
        "CityObjects": {**parts, identity: whole},
        "vertices": [list(vertex) for vertex in vertices.index],
    }


def _footprint(building: Building, vertices: _Vertices) -> dict[str, Any]:
    outline = shapely.geometry.polygon.orient(building.footprint).exterior.coords[:-1]
    ring = [vertices.number((x, y, building.ground)) for x, y in outline]
    return {"type": "MultiSurface", "lod": "0", "boundaries": [[ring]]}


def _part(solids: dict[str, list[Face]], parent: str, vertices: _Vertices) -> dict[str, Any]:
    geometry = [
        {
            "type": "Solid",
            "lod": lod,
            "boundaries": [[[[vertices.number(corner) for corner in face.corners]] for face in faces]],
            "semantics": {
                "surfaces": [{"type": kind} for kind in SEMANTICS],
                "values": [[SEMANTICS.index(face.semantics) for face in faces]],
            },
        }
        for lod, faces in solids.items()
    ]
    return {"type": "BuildingPart", "attributes": {}, "geometry": geometry, "parents": [parent]}
