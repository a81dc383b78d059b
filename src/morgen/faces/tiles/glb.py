"""Writing GLB, the binary container of glTF 2.0, with features and their properties.

Core glTF with KHR_mesh_quantization (normals as signed bytes), EXT_mesh_features (``_FEATURE_ID_0``) and
EXT_structural_metadata (one property table). glTF has y up, so local (x east, y north, z up) is written as
(x, z, -y); a 3D Tiles runtime turns y-up content back to z-up, and so does a rotation of 90 degrees about x.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import orjson

from morgen.faces.tiles.mesh import Mesh
from morgen.faces.tiles.properties import PropertyTable

__all__ = ["Primitive", "write_glb"]

MAGIC: Final = b"glTF"
JSON_CHUNK: Final = b"JSON"
BINARY_CHUNK: Final = b"BIN\0"
HEADER, CHUNK_HEADER = 12, 8
"""Bytes."""
ALIGNMENT: Final = 8
"""Bytes; 4 would do for geometry, property tables ask for 8."""

BYTE, UNSIGNED_SHORT, UNSIGNED_INT, FLOAT = 5120, 5123, 5125, 5126
VERTICES, INDICES = 34962, 34963
MOST_SHORT: Final = 65_535
"""Corners up to which indices are short; the index 65535 itself restarts a primitive."""
ROUGHNESS: Final = 0.95

Y_UP: Final = np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]])
"""Takes (x, y, z) to (x, z, -y)."""


@dataclass(frozen=True, eq=False)
class Primitive:
    """Triangles of one colour."""

    mesh: Mesh
    colour: str
    """#rrggbb, sRGB."""


@dataclass(eq=False)
class _Binary:
    """The binary chunk as it grows, with its views and accessors."""

    data: bytearray = field(default_factory=bytearray)
    views: list[dict[str, Any]] = field(default_factory=list)
    accessors: list[dict[str, Any]] = field(default_factory=list)

    def add_view(self, content: bytes, **described: Any) -> int:
        """Append bytes and return the number of their view."""
        view = {"buffer": 0, "byteOffset": len(self.data), "byteLength": len(content), **described}
        self.data += content + b"\0" * (-len(content) % ALIGNMENT)
        self.views.append(view)
        return len(self.views) - 1

    def add_accessor(self, content: bytes, *, view: dict[str, Any], **described: Any) -> int:
        """Append bytes and return the number of their accessor."""
        self.accessors.append({"bufferView": self.add_view(content, **view), **described})
        return len(self.accessors) - 1


def write_glb(primitives: Sequence[Primitive], table: PropertyTable, *, attribution: str = "") -> bytes:
    """Return a GLB with one mesh; features are rows of ``table``.

    Raises ``ValueError`` when there is nothing to draw: glTF has no empty mesh.
    """
    if not all(len(item.mesh.triangles) for item in primitives) or not primitives:
        raise ValueError("there are no triangles to write; leave the file out")
    binary = _Binary()
    written = [_primitive(item.mesh, number, binary) for number, item in enumerate(primitives)]
    asset = {"version": "2.0", "generator": f"Morgen {_version()}"}
    document = {
        "asset": {**asset, "copyright": attribution} if attribution else asset,
        "extensionsUsed": ["EXT_mesh_features", "EXT_structural_metadata", "KHR_mesh_quantization"],
        "extensionsRequired": ["KHR_mesh_quantization"],
        "extensions": {"EXT_structural_metadata": _metadata(table, binary)},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": f"{table.name}s"}],
        "meshes": [{"primitives": written}],
        "materials": [_material(item.colour) for item in primitives],
        "accessors": binary.accessors,
        "bufferViews": binary.views,
        "buffers": [{"byteLength": len(binary.data)}],
    }
    return _container(orjson.dumps(document), bytes(binary.data))


@cache
def _version() -> str:
    return version("morgen")


def _primitive(mesh: Mesh, material: int, binary: _Binary) -> dict[str, Any]:
    identified = {
        "featureCount": len(np.unique(mesh.features)),
        "attribute": 0,
        "propertyTable": 0,
    }
    return {
        "attributes": {
            "POSITION": _positions(mesh, binary),
            "NORMAL": _normals(mesh, binary),
            "_FEATURE_ID_0": _features(mesh, binary),
        },
        "indices": _indices(mesh, binary),
        "material": material,
        "extensions": {"EXT_mesh_features": {"featureIds": [identified]}},
    }


def _positions(mesh: Mesh, binary: _Binary) -> int:
    values = (mesh.positions @ Y_UP.T).astype("<f4") + np.float32(0)  # no negative zero
    lowest, highest = values.min(axis=0), values.max(axis=0)
    return binary.add_accessor(
        values.tobytes(),
        view={"target": VERTICES, "byteStride": 12},
        componentType=FLOAT,
        count=len(values),
        type="VEC3",
        min=[float(value) for value in lowest],
        max=[float(value) for value in highest],
    )


def _normals(mesh: Mesh, binary: _Binary) -> int:
    values = np.zeros((len(mesh.normals), 4), dtype=np.int8)  # the fourth byte keeps corners on four bytes
    values[:, :3] = mesh.normals @ Y_UP.T
    return binary.add_accessor(
        values.tobytes(),
        view={"target": VERTICES, "byteStride": 4},
        componentType=BYTE,
        normalized=True,
        count=len(values),
        type="VEC3",
    )


def _features(mesh: Mesh, binary: _Binary) -> int:
    # Attributes may not be 32-bit integers; single precision holds every whole number up to 16 million.
    return binary.add_accessor(
        mesh.features.astype("<f4").tobytes(),
        view={"target": VERTICES, "byteStride": 4},
        componentType=FLOAT,
        count=len(mesh.features),
        type="SCALAR",
    )


def _indices(mesh: Mesh, binary: _Binary) -> int:
    short = len(mesh.positions) <= MOST_SHORT
    values: npt.NDArray[Any] = mesh.triangles.astype("<u2" if short else "<u4")
    return binary.add_accessor(
        values.tobytes(),
        view={"target": INDICES},
        componentType=UNSIGNED_SHORT if short else UNSIGNED_INT,
        count=values.size,
        type="SCALAR",
    )


def _metadata(table: PropertyTable, binary: _Binary) -> dict[str, Any]:
    properties = {}
    for name, column in table.columns.items():
        # A view may not be empty, so texts that are all empty get one byte that no offset points at.
        properties[name] = {key: binary.add_view(data or b"\0") for key, data in column.buffers().items()}
    described = {"class": table.name, "count": table.count, "properties": properties}
    return {"schema": table.schema, "propertyTables": [described]}


def _material(colour: str) -> dict[str, Any]:
    return {
        "pbrMetallicRoughness": {
            "baseColorFactor": [*_linear(colour), 1.0],
            "metallicFactor": 0.0,
            "roughnessFactor": ROUGHNESS,
        }
    }


def _linear(colour: str) -> list[float]:
    """Return the linear parts, 0 to 1, of an sRGB colour (IEC 61966-2-1)."""
    parts = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004
    return [round(float(part), 4) for part in linear]


def _container(document: bytes, data: bytes) -> bytes:
    # The content of the binary chunk starts on 8 bytes in the file too.
    document += b" " * (-(HEADER + 2 * CHUNK_HEADER + len(document)) % ALIGNMENT)
    chunks = b"".join(
        struct.pack("<I4s", len(content), kind) + content
        for kind, content in ((JSON_CHUNK, document), (BINARY_CHUNK, data))
    )
    return struct.pack("<4sII", MAGIC, 2, HEADER + len(chunks)) + chunks
