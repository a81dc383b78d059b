"""Odd and broken CityJSON: what is allowed is read, what is broken is named with its place."""

import copy
import gc
import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from tests.sources.closed_solids import is_closed, volume

from morgen.core.errors import UnreadableSourceError
from morgen.core.grid import Grid
from morgen.sources.cityjson import reader
from morgen.sources.contract import Reading

GRID = Grid.covering((84_000, 446_000, 86_000, 448_000), 10)
ORIGIN = (85_000.0, 447_000.0, 0.0)
CORNERS = [(0, 0), (10, 0), (10, 8), (0, 8)]
ID = "NL.IMBAG.Pand.0503100000000001"

FLOOR, ROOF = [[3, 2, 1, 0]], [[4, 5, 6, 7]]
WALLS = [[[a, (a + 1) % 4, 4 + (a + 1) % 4, 4 + a]] for a in range(4)]
SHELL = [FLOOR, ROOF, *WALLS]


def box_city(version: str = "2.0", lod: str = "1.2") -> dict[str, Any]:
    """A building of 10 x 8 m between 0 and 6 m NAP."""
    vertices = [[x * 1000, y * 1000, z * 1000] for z in (0, 6) for x, y in CORNERS]
    return {
        "type": "CityJSON",
        "version": version,
        "transform": {"scale": [0.001] * 3, "translate": list(ORIGIN)},
        "metadata": {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/7415"},
        "CityObjects": {
            ID: {
                "type": "Building",
                "attributes": {},
                "geometry": [{"type": "Solid", "lod": lod, "boundaries": [SHELL]}],
            }
        },
        "vertices": vertices,
    }


def write(folder: Path, document: Any, name: str = "a.city.json") -> Path:
    path = folder / name
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


def read(path: Path) -> Reading:
    recognised = reader.recognise(path)
    assert recognised is not None
    return reader.read(recognised, GRID)


def geometry(document: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document["CityObjects"][ID]["geometry"]
    return found


def test_a_box_has_the_size_that_was_drawn(tmp_path):
    """The smallest building: ten by eight by six metres, its floor the footprint, closed and facing outwards."""
    row = read(write(tmp_path, box_city())).data.iloc[0]
    assert row.geometry.equals(shapely.box(85_000, 447_000, 85_010, 447_008))
    assert volume(row["solid"]) == pytest.approx(480)
    assert is_closed(row["solid"])
    assert row["solid_surfaces"] == ["ground", "roof", "wall", "wall", "wall", "wall"]
    assert (row["ground_height"], row["roof_height"], row["lod"]) == (0.0, 6.0, "1.2")
    assert (row["bag_id"], row["object_id"]) == ("0503100000000001", ID)


@pytest.mark.parametrize("version", ["1.0", "1.0.1", "1.1", "2.0", "2.0.1"])
def test_the_allowed_versions_are_read(tmp_path, version):
    """Patch numbers do not matter."""
    assert read(write(tmp_path, box_city(version))).count == 1


@pytest.mark.parametrize("version", ["0.2", "0.9", "3.0"])
@pytest.mark.parametrize("kind", ["CityJSON", "CityModel"])
def test_other_versions_are_refused_with_those_that_are_read(tmp_path, version, kind):
    """Version 0.2 called itself CityModel; the message names what was found, and what is read."""
    path = write(tmp_path, box_city(version) | {"type": kind})
    with pytest.raises(UnreadableSourceError, match=rf"version {version}; versions 1.0, 1.1 and 2.0 are read"):
        reader.recognise(path)


def test_a_file_without_a_version_is_refused(tmp_path):
    """No version is an unknown version, and is said to be one."""
    document = box_city()
    del document["version"]
    with pytest.raises(UnreadableSourceError, match=r"CityJSON of an unknown version; versions 1.0, 1.1 and 2.0"):
        read(write(tmp_path, document))


@pytest.mark.parametrize("lods", [(0, 1.2, 1.3, 2.2), ("2.2", "1.3", "1.2", "0"), ("1", "2.2", "1.3")])
def test_the_best_level_of_detail_wins(tmp_path, lods):
    """Numbers (1.0) and text (1.1 and later) alike, in whatever order."""
    document = box_city()
    solid = geometry(document)[0]
    document["CityObjects"][ID]["geometry"] = [
        {"type": "MultiSurface", "lod": lod, "boundaries": [FLOOR]} if float(lod) < 1 else solid | {"lod": lod}
        for lod in lods
    ]
    row = read(write(tmp_path, document)).data.iloc[0]
    assert row["lod"] == "2.2"
    assert row.geometry.area == pytest.approx(80)


@pytest.mark.parametrize(
    ("reference", "crs"),
    [
        ("urn:ogc:def:crs:EPSG::7415", "EPSG:7415"),
        ("https://www.opengis.net/def/crs/EPSG/0/7415", "EPSG:7415"),
        ("http://www.opengis.net/def/crs/EPSG/0/28992", "EPSG:28992"),
        ("urn:ogc:def:crs,crs:EPSG::28992,crs:EPSG::5709", "EPSG:7415"),
        ("EPSG:7415", "EPSG:7415"),
        (None, "EPSG:7415 (assumed)"),
    ],
)
def test_the_reference_system_in_every_spelling(tmp_path, reference, crs):
    """URN, URL, compound, or none with coordinates in RD New."""
    document = box_city()
    document["metadata"]["referenceSystem"] = reference
    assert read(write(tmp_path, document)).crs == crs


def test_another_reference_system_is_refused(tmp_path):
    """A model of elsewhere is not put in the Netherlands."""
    document = box_city()
    document["metadata"]["referenceSystem"] = "https://www.opengis.net/def/crs/EPSG/0/25832"
    with pytest.raises(UnreadableSourceError, match="EPSG/0/25832; only EPSG:7415"):
        read(write(tmp_path, document))
    del document["metadata"]
    document["transform"]["translate"] = [4.4, 52.0, 0.0]
    document["transform"]["scale"] = [1e-9] * 3
    with pytest.raises(
        UnreadableSourceError, match="names no reference system and its coordinates are not in RD New"
    ):
        read(write(tmp_path, document))


@pytest.mark.parametrize(
    ("kind", "boundaries", "values"),
    [
        ("MultiSurface", SHELL, [0, 1, 2, 2, 2, 2]),
        ("CompositeSurface", SHELL, [0, 1, 2, 2, None, 2]),
        ("Solid", [SHELL], [[0, 1, 2, 2, 2, 2]]),
        ("Solid", [SHELL], [None]),
        ("MultiSolid", [[SHELL]], [[[0, 1, 2, 2, 2, 2]]]),
        ("CompositeSolid", [[SHELL]], [[None]]),
        ("CompositeSolid", [[SHELL]], None),
    ],
)
def test_every_nesting_of_surfaces_and_semantics(tmp_path, kind, boundaries, values):
    """Composite and multi solids, with semantics whole, partly null or absent, give the same building."""
    document = box_city()
    surfaces = [{"type": "GroundSurface"}, {"type": "RoofSurface"}, {"type": "WallSurface"}]
    document["CityObjects"][ID]["geometry"] = [
        {
            "type": kind,
            "lod": "2.2",
            "boundaries": boundaries,
            "semantics": {"surfaces": surfaces, "values": values},
        }
    ]
    row = read(write(tmp_path, document)).data.iloc[0]
    assert row["solid_surfaces"] == ["ground", "roof", "wall", "wall", "wall", "wall"]
    assert volume(row["solid"]) == pytest.approx(480)


def test_a_solid_that_is_inside_out_is_judged_the_right_way_round(tmp_path):
    """Without semantics a reversed solid still has its floor below and its roof above."""
    document = box_city()
    geometry(document)[0]["boundaries"] = [[[ring[::-1] for ring in surface] for surface in SHELL]]
    row = read(write(tmp_path, document)).data.iloc[0]
    assert row["solid_surfaces"][:2] == ["ground", "roof"]
    assert row["roof_height"] == 6.0


def test_a_courtyard_stays_open(tmp_path):
    """Interior rings of floor and roof are holes of the footprint."""
    document = box_city()
    inner = [(4, 3), (6, 3), (6, 5), (4, 5)]
    document["vertices"] += [[x * 1000, y * 1000, z * 1000] for z in (0, 6) for x, y in inner]
    walls = [[[8 + (a + 1) % 4, 8 + a, 12 + a, 12 + (a + 1) % 4]] for a in range(4)]
    shell = [[FLOOR[0], [8, 9, 10, 11]], [ROOF[0], [15, 14, 13, 12]], *WALLS, *walls]
    geometry(document)[0]["boundaries"] = [shell]
    row = read(write(tmp_path, document)).data.iloc[0]
    assert row.geometry.area == pytest.approx(80 - 4)
    assert is_closed(row["solid"])
    assert volume(row["solid"]) == pytest.approx(6 * 76)


def test_degenerate_rings_are_left_out_and_counted(tmp_path):
    """A ring with fewer than three different corners is no surface; the user hears how many there were."""
    document = box_city()
    geometry(document)[0]["boundaries"] = [[*SHELL, [[0, 1, 0]], [[5, 5, 5]], [[]]]]
    reading = read(write(tmp_path, document))
    assert "3 rings with fewer than three different corners were left out." in reading.remarks
    assert len(reading.data["solid"].iloc[0].geoms) == 6


def test_a_part_without_attributes_takes_those_of_its_building(tmp_path):
    """3DBAG keeps attributes on the building and solids on its parts, and null stays unknown until measured."""
    document = box_city()
    building = document["CityObjects"][ID]
    part = {"type": "BuildingPart", "parents": [ID], "attributes": {}, "geometry": building.pop("geometry")}
    building["children"] = [f"{ID}-0"]
    building["attributes"] = {
        "identificatie": ID,
        "b3_h_maaiveld": -0.5,
        "b3_h_dak_70p": None,
        "b3_dak_type": "horizontal",
        "oorspronkelijkbouwjaar": 9999,
        "+noise-buildingHabitants": 4,
    }
    document["CityObjects"][f"{ID}-0"] = part
    frame = read(write(tmp_path, document)).data
    assert len(frame) == 1
    row = frame.iloc[0]
    assert (row["ground_height"], row["roof_height"], row["roof_type"]) == (-0.5, 6.0, "horizontal")
    assert frame["construction_year"].isna().all()


def test_a_whole_solid_is_not_counted_beside_its_parts(tmp_path):
    """Where a building and its parts have solids of the same detail, the building's own is the boundary."""
    document = box_city()
    building = document["CityObjects"][ID]
    building["children"] = [f"{ID}-0"]
    document["CityObjects"][f"{ID}-0"] = {
        "type": "BuildingPart",
        "parents": [ID],
        "geometry": copy.deepcopy(building["geometry"]),
    }
    assert len(read(write(tmp_path, document)).data["solid"].iloc[0].geoms) == 6


def test_a_building_without_geometry_stays_when_its_id_can_place_it(tmp_path):
    """Heights of a pand without a shape still join by id; without an id they are of no use."""
    document = box_city()
    document["CityObjects"]["nowhere"] = {"type": "Building", "attributes": {}}
    document["CityObjects"]["known"] = {
        "type": "Building",
        "attributes": {"identificatie": 503100000000002, "h_dak_70p": 5.0, "h_maaiveld": 0.0},
        "geometry": [],
    }
    reading = read(write(tmp_path, document))
    assert list(reading.data["bag_id"]) == ["0503100000000001", "0503100000000002"]
    assert reading.data.geometry.iloc[1] is None
    assert np.isclose(reading.data["roof_height"].iloc[1], 5.0)
    assert "2 buildings have no geometry; those without a BAG id were left out." in reading.remarks


def test_a_packed_file_reads_as_it_is(tmp_path):
    """3DBAG delivers tiles as .city.json.gz, and members of a JSON object have no order."""
    document = box_city()
    late = {
        name: document[name] for name in ("CityObjects", "vertices", "metadata", "transform", "type", "version")
    }
    late["CityObjects"][ID]["attributes"] = {"note": "x" * 100_000}
    path = tmp_path / "9-284-556.city.json.gz"
    path.write_bytes(gzip.compress(json.dumps(late).encode()))
    assert read(path).count == 1
    assert read(write(tmp_path, late)).count == 1


def sequence() -> tuple[dict[str, Any], dict[str, Any]]:
    document = box_city()
    feature = {
        "type": "CityJSONFeature",
        "id": ID,
        "CityObjects": document.pop("CityObjects"),
        "vertices": document.pop("vertices"),
    }
    return document | {"CityObjects": {}, "vertices": []}, feature


def test_a_sequence_takes_the_transform_of_its_first_line(tmp_path):
    """In CityJSONSeq the vertices are those of each line, the transform is that of the header."""
    head, feature = sequence()
    path = write(tmp_path, "\n".join(map(json.dumps, [head, feature, feature])) + "\n\n", "a.city.jsonl")
    reading = read(path)
    assert reading.count == 2
    assert reading.bounds == pytest.approx((85_000, 447_000, 85_010, 447_008))


def test_a_sequence_that_breaks_off_says_in_which_line(tmp_path):
    """The last line of a broken download is half a document."""
    head, feature = sequence()
    text = "\n".join(map(json.dumps, [head, feature, feature]))
    path = write(tmp_path, text[:-40], "a.city.jsonl")
    with pytest.raises(UnreadableSourceError, match=r"line 3, column \d+"):
        read(path)
    assert gc.isenabled()


def test_a_sequence_without_its_header_says_so(tmp_path):
    """Features alone have no transform, so their coordinates mean nothing."""
    _, feature = sequence()
    path = write(tmp_path, "\n".join(map(json.dumps, [feature, feature])), "a.city.jsonl")
    with pytest.raises(UnreadableSourceError, match=r"first line is a CityJSONFeature.*line 1"):
        read(path)


def test_malformed_json_names_line_and_column(tmp_path):
    """A broken file is never an empty layer."""
    text = json.dumps(box_city(), indent=1)
    path = write(tmp_path, text[: len(text) // 2])
    with pytest.raises(
        UnreadableSourceError, match=r"taken for CityJSON, but its JSON .*line \d+, column \d+"
    ) as caught:
        read(path)
    assert caught.value.path == path


@pytest.mark.parametrize("corner", [99, -1, "x", None])
def test_a_corner_that_does_not_exist_names_the_building(tmp_path, corner):
    """A surface that points beyond the vertices is a broken file, not a strange building."""
    document = box_city()
    geometry(document)[0]["boundaries"] = [[*SHELL, [[0, 1, corner]]]]
    with pytest.raises(UnreadableSourceError, match=f"corners that do not exist.*{ID}"):
        read(write(tmp_path, document))


@pytest.mark.parametrize(
    ("member", "value", "words"),
    [
        ("vertices", [[1, 2]], "vertices are not rows of three numbers"),
        ("vertices", [[1, 2, "z"]], "vertices are not rows of three numbers"),
        ("transform", {"scale": [1, 1, 1]}, "transform has no scale and translate"),
        ("CityObjects", [], "CityObjects are missing"),
    ],
)
def test_broken_members_are_named(tmp_path, member, value, words):
    """Each member that cannot be used is named in the sentence."""
    with pytest.raises(UnreadableSourceError, match=words):
        read(write(tmp_path, box_city() | {member: value}))


def test_other_json_is_left_to_other_readers(tmp_path):
    """GeoJSON, an empty object and text are not CityJSON."""
    assert reader.recognise(write(tmp_path, {"type": "FeatureCollection", "features": []})) is None
    assert reader.recognise(write(tmp_path, {})) is None
    assert reader.recognise(write(tmp_path, "type CityJSON")) is None
