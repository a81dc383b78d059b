"""The settings of one twin: morgen.toml, read once into a frozen value."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from morgen.core.area import Area
from morgen.core.errors import ConfigError, InputError, TwinNotFoundError
from morgen.core.noun import Noun
from morgen.core.source import Role
from morgen.services.area_file import area_document, read_area
from morgen.services.disk import replace_text

__all__ = [
    "AREA_FILE",
    "CONFIG_FILE",
    "LinkedSource",
    "TwinConfig",
    "default_cell_size",
    "read_config",
    "read_device",
]

CONFIG_FILE = "morgen.toml"
AREA_FILE = "area.geojson"
SMALLEST_CELL, LARGEST_CELL = 0.1, 25.0
"""m"""
CELL_SIZES = ((0.25, 0.5), (4.0, 1.0), (25.0, 2.0))
"""(largest surface in km2, cell size in m): keeps a run within the memory and patience of a laptop."""


class LinkedSource(Noun):
    """One ``[[sources]]`` entry: a file or folder that stays where it is."""

    path: str
    """Absolute, or relative to the folder of the twin."""
    role: Role | None = None
    """Only for a file whose content does not tell what it is used for."""
    attribution: str = ""
    """Whom to name on maps and in reports; what the reader knows of the format when empty."""


class _TwinTable(Noun):
    name: str = Field(min_length=1)


class _AreaTable(Noun):
    file: str = AREA_FILE


class _GridTable(Noun):
    cell_size: float = Field(default=0.5, ge=SMALLEST_CELL, le=LARGEST_CELL)
    buffer: float = Field(default=100.0, ge=0, le=2000)


class _ComputeTable(Noun):
    device: Literal["cpu", "cuda", "auto"] = "cpu"


class _Document(Noun):
    twin: _TwinTable
    area: _AreaTable = _AreaTable()
    grid: _GridTable = _GridTable()
    compute: _ComputeTable = _ComputeTable()
    sources: tuple[LinkedSource, ...] = ()
    models: Mapping[str, Mapping[str, Any]] = {}


class TwinConfig(Noun):
    """What morgen.toml and the area file of a twin say."""

    name: str
    area: Area
    cell_size: float
    """Edge of the cells that everything is computed on, m."""
    buffer: float = 100.0
    """Width of the ring around the area that is computed with it, as far as there is terrain, m."""
    sources: tuple[LinkedSource, ...] = ()
    models: Mapping[str, Mapping[str, Any]] = {}
    """Model id to the parameters that this twin uses when none are given."""

    def source_paths(self, folder: Path) -> list[Path]:
        """Return the linked files and folders as absolute paths."""
        return [(folder / source.path).resolve() for source in self.sources]


def default_cell_size(area: Area) -> float:
    """Return the cell size (m) that a new twin of this size starts with."""
    surface = area.surface / 1e6
    return next((size for largest, size in CELL_SIZES if surface <= largest), 5.0)


def read_config(folder: Path) -> TwinConfig:
    """Read the settings of the twin in ``folder``.

    Raises ``TwinNotFoundError`` when there is no morgen.toml and ``ConfigError`` when it cannot be understood.
    """
    path = folder / CONFIG_FILE
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        raise TwinNotFoundError(
            f"{folder} is not a twin: it has no {CONFIG_FILE}; make one with `morgen init {folder} --polygon FILE`"
        ) from None
    document = _parse(text, path)
    area = read_area(folder / document.area.file, name=document.twin.name)
    return TwinConfig(
        name=document.twin.name,
        area=area,
        cell_size=document.grid.cell_size,
        buffer=document.grid.buffer,
        sources=document.sources,
        models=document.models,
    )


def read_device(folder: Path) -> str:
    """Read what the runs of the twin in ``folder`` are computed on; "cpu" where there is no morgen.toml.

    Raises ``ConfigError`` when it cannot be understood.
    """
    path = folder / CONFIG_FILE
    try:
        return _parse(path.read_text(encoding="utf-8"), path).compute.device
    except (FileNotFoundError, NotADirectoryError):
        return _ComputeTable().device


def write_new_config(folder: Path, area: Area, *, cell_size: float) -> None:
    """Write morgen.toml and the area file of a new twin; raises ``InputError`` when there is one."""
    path = folder / CONFIG_FILE
    if path.exists():
        raise InputError(f"{folder} is a twin already; choose another folder, or edit its {CONFIG_FILE}")
    if not SMALLEST_CELL <= cell_size <= LARGEST_CELL:
        raise InputError(
            f"the cell size is {cell_size:g} m, but it must be {SMALLEST_CELL:g} to {LARGEST_CELL:g} m"
        )
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file; give the name of a folder for the twin")
    text = _TEMPLATE.format(name=json.dumps(area.name, ensure_ascii=False), cell_size=cell_size)
    replace_text(folder / AREA_FILE, json.dumps(area_document(area), indent=1))
    replace_text(path, text)


def append_source(folder: Path, source: LinkedSource) -> None:
    """Add a ``[[sources]]`` entry to morgen.toml, keeping what its owner wrote there."""
    import tomlkit

    path = folder / CONFIG_FILE
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    tables = document.get("sources")
    if tables is None:
        tables = tomlkit.aot()
        document.append("sources", tables)
    entry = tomlkit.table()
    entry.add("path", source.path)
    if source.role is not None:
        entry.add("role", source.role.value)
    if source.attribution:
        entry.add("attribution", source.attribution)
    tables.append(entry)
    replace_text(path, tomlkit.dumps(document))


def _parse(text: str, path: Path) -> _Document:
    try:
        return _Document.from_json(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from error
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in problem["loc"])
        sentence = problem["msg"][0].lower() + problem["msg"][1:]
        raise ConfigError(f"{path} has {key} = {problem['input']!r}, but {sentence}") from error


_TEMPLATE = """\
# A Morgen twin. Every setting can be changed here; `morgen check` shows what Morgen makes of it.

[twin]
name = {name}

[area]
file = "area.geojson"   # polygon in RD New (EPSG:28992) or longitude/latitude; open it in your GIS

[grid]
cell_size = {cell_size}         # m; everything is computed on cells of this size
buffer = 100            # m; ring around the area that is computed with it, as far as there is terrain

# Parameters that `morgen run` uses when you give none, for instance:
# [models.pluvial-flood]
# rain = 70               # mm
# sewer_capacity = 20     # mm/h

# A graphics card instead of the processor, where there is one (pip install 'morgen[gpu]'):
# [compute]
# device = "auto"

# Linked files and folders; they stay where they are. `morgen add` writes these.
"""
