"""Reading a GLB back by the words of glTF 2.0 and of the extensions, written apart from the code that makes it."""

import itertools
import json
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np

KINDS: dict[int, type[Any]] = {
    5120: np.int8,
    5121: np.uint8,
    5122: np.int16,
    5123: np.uint16,
    5125: np.uint32,
    5126: np.float32,
}
PARTS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}
VERTEX_TARGET, INDEX_TARGET = 34962, 34963


@dataclass(frozen=True, eq=False)
class Glb:
    """The two chunks of a GLB."""

    document: dict[str, Any]
    binary: bytes
    binary_offset: int

    def view(self, number):
        view = self.document["bufferViews"][number]
        return self.binary[view["byteOffset"] : view["byteOffset"] + view["byteLength"]]

    def accessor(self, number):
        """Return the elements (count, parts), read at their stride."""
        accessor = self.document["accessors"][number]
        view = self.document["bufferViews"][accessor["bufferView"]]
        kind, parts = np.dtype(KINDS[accessor["componentType"]]), PARTS[accessor["type"]]
        stride = view.get("byteStride", kind.itemsize * parts)
        data = self.view(accessor["bufferView"])
        assert stride * (accessor["count"] - 1) + kind.itemsize * parts <= len(data), "accessor beyond its view"
        return np.ndarray((accessor["count"], parts), kind, data, strides=(stride, kind.itemsize)).copy()

    def column(self, name):
        """Return the values of one column of the property table."""
        metadata = self.document["extensions"]["EXT_structural_metadata"]
        (table,) = metadata["propertyTables"]
        described = metadata["schema"]["classes"][table["class"]]["properties"][name]
        stored = table["properties"][name]
        data, count = self.view(stored["values"]), table["count"]
        if described["type"] == "STRING":
            ends = np.frombuffer(self.view(stored["stringOffsets"]), np.uint32)
            assert len(ends) == count + 1
            return [data[low:high].decode() for low, high in itertools.pairwise(ends)]
        if described["type"] == "BOOLEAN":
            return [bool(data[row // 8] >> row % 8 & 1) for row in range(count)]
        kind = np.dtype(described["componentType"].lower())
        assert len(data) == count * kind.itemsize
        return np.frombuffer(data, kind)

    @property
    def primitives(self):
        (mesh,) = self.document["meshes"]
        return mesh["primitives"]

    def z_up(self, primitive):
        """Return corners (n, 3) turned back to x east, y north, z up, and the triangles (m, 3)."""
        x, y, z = self.accessor(primitive["attributes"]["POSITION"]).astype(float).T
        return np.column_stack([x, -z, y]), self.accessor(primitive["indices"]).reshape(-1, 3).astype(int)

    def z_up_normals(self, primitive):
        x, y, z = (self.accessor(primitive["attributes"]["NORMAL"]).astype(float) / 127).T
        return np.column_stack([x, -z, y])

    def features(self, primitive):
        return self.accessor(primitive["attributes"]["_FEATURE_ID_0"])[:, 0]


def read(data):
    """Take a GLB apart, checking the container."""
    magic, version, length = struct.unpack_from("<4sII", data)
    assert (magic, version, length) == (b"glTF", 2, len(data))
    size, kind = struct.unpack_from("<I4s", data, 12)
    assert kind == b"JSON"
    assert size % 4 == 0
    document = json.loads(data[20 : 20 + size])
    binary_size, kind = struct.unpack_from("<I4s", data, 20 + size)
    assert kind == b"BIN\0"
    assert 28 + size + binary_size == len(data)
    return Glb(document, data[28 + size :], 28 + size)


def check(data):
    """Hold a GLB to the rules that matter to us; returns it read."""
    glb = read(data)
    document = glb.document
    (buffer,) = document["buffers"]
    assert buffer["byteLength"] == len(glb.binary)
    assert glb.binary_offset % 8 == 0
    _views(glb)
    for primitive in glb.primitives:
        _primitive(glb, primitive)
    assert set(document["extensionsRequired"]) <= set(document["extensionsUsed"])
    return glb


def _views(glb):
    end = 0
    for view in glb.document["bufferViews"]:
        assert view["byteOffset"] % 8 == 0
        assert view["byteOffset"] >= end, "views overlap"
        assert view["byteLength"] > 0
        end = view["byteOffset"] + view["byteLength"]
        assert end <= len(glb.binary)
        if view.get("target") == VERTEX_TARGET:
            assert view["byteStride"] % 4 == 0


def _primitive(glb, primitive):
    attributes = {name: glb.accessor(number) for name, number in primitive["attributes"].items()}
    described = glb.document["accessors"][primitive["attributes"]["POSITION"]]
    positions = attributes["POSITION"]
    assert np.isfinite(positions).all()
    assert np.array_equal(np.float32(described["min"]), positions.min(axis=0))
    assert np.array_equal(np.float32(described["max"]), positions.max(axis=0))
    assert len({len(values) for values in attributes.values()}) == 1
    lengths = np.linalg.norm(attributes["NORMAL"] / 127, axis=1)
    assert np.abs(lengths - 1).max() < 0.01
    indices = glb.accessor(primitive["indices"])
    kind = glb.document["accessors"][primitive["indices"]]["componentType"]
    assert len(indices) % 3 == 0
    assert indices.max() < len(positions)
    assert indices.max() < np.iinfo(KINDS[kind]).max, "the largest index restarts a primitive"
    (identified,) = primitive["extensions"]["EXT_mesh_features"]["featureIds"]
    ids = attributes["_FEATURE_ID_0"]
    assert identified["featureCount"] == len(np.unique(ids))
    (table,) = glb.document["extensions"]["EXT_structural_metadata"]["propertyTables"]
    assert ids.min() >= 0
    assert ids.max() < table["count"]
    assert np.array_equal(ids, np.round(ids))
