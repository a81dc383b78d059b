"""A twin of part of the sample with a plan of three plots, for the tests that fit a programme in it."""

import json
from pathlib import Path

import pytest
import shapely
import shapely.geometry

from morgen.core.area import Area
from morgen.services.area_file import read_area
from morgen.services.twin import Twin

PROGRAMME = """
[[dwellings]]
type = "apartment"
number = 60
year = 2030
"""
SOURCES = ("bgt_voorbeelddorp.gpkg", "bag_voorbeelddorp.gpkg", "voetgangersnetwerk.gpkg", "dtm_05m", "dsm_05m")


def make_fit_twin(folder: Path, sample: Path) -> Twin:
    """Make ``folder/twin`` with plots over houses, on large cells so that it is quick, and ``programme.toml``."""
    _require_installed()
    middle = read_area(sample / "area.geojson").polygon.centroid
    x, y = middle.x, middle.y
    area = Area(name="midden", polygon=shapely.box(x - 90, y - 90, x + 90, y + 90))
    features = [_plot(number, x - 80 + 55 * number, y - 60) for number in range(3)]
    plan = folder / "plan.geojson"
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}
    plan.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}))
    (folder / "programme.toml").write_text(PROGRAMME)
    made = Twin.create(folder / "twin", area, cell_size=3.0)
    made.add(*(sample / name for name in SOURCES), plan)
    return made


def _require_installed() -> None:
    from morgen.models.registry import model_ids
    from morgen.sources.registry import readers

    if "wijk-fit" not in model_ids() or "redevelopment-plan" not in {reader.id for reader in readers()}:
        pytest.fail("the fit is not installed; run `pip install -e .` again, for its entry points")


def _plot(number: int, west: float, south: float) -> dict[str, object]:
    rules = {
        "plot_id": f"P{number}",
        "kind": "plot",
        "allowed_uses": ["woonfunctie", "onderwijsfunctie", "bijeenkomstfunctie", "gezondheidszorgfunctie"],
        "max_height": 15.0,
        "max_storeys": 4,
        "max_coverage": 0.5,
        "min_green": 0.25,
        "max_floor_area": 3500,
        "dwellings": 20,
    }
    shape = shapely.box(west, south, west + 50, south + 40)
    return {"type": "Feature", "properties": rules, "geometry": shapely.geometry.mapping(shape)}
