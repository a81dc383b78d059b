"""The viewer in a browser: what people do with it, and what it promises them."""

import gzip
import json
import re
import subprocess
import urllib.request
from pathlib import Path

import pytest
from tests.faces.web.twins import make_twin, serving

from morgen.faces.http.viewer import STATIC

WEB = Path(__file__).resolve().parents[3] / "web"
FIRST_LOAD = 250_000
"""Bytes of JavaScript, packed as the server packs it, that the first page with 3D may take."""
GZIP_LEVEL = 6

pytestmark = pytest.mark.slow


def test_a_walk_through_the_viewer_with_3d_holds(visit, sample):
    """Lists, picture, keys, language, calculations and accessibility work together, without any complaint."""
    found = visit("scene", sample.address, run=sample.run, building=sample.building)
    assert not found.failed, "\n".join(found.failed)
    assert len(found.held) >= 19


def test_measures_are_drawn_changed_computed_and_compared(visit, sample):
    """By mouse or keyboard; who comes second loses nothing; without and with the plan share camera and moment."""
    found = visit("measures", sample.address, run=sample.run, free=sample.free)
    assert not found.failed, "\n".join(found.failed)
    assert len(found.held) >= 10


def test_water_in_the_picture_is_where_the_run_has_it(visit, sample):
    """Between two moments the picture changes where the depth does, and nowhere else; a link restores all."""
    found = visit("water", sample.address, run=sample.run)
    assert not found.failed, "\n".join(found.failed)
    assert len(found.held) >= 4


def test_without_3d_the_map_and_the_lists_remain(visit, sample):
    """A browser without WebGL shows a map with the same choices, numbers and rules; a small screen fits."""
    found = visit("map", sample.address, building=sample.building)
    assert not found.failed, "\n".join(found.failed)
    assert len(found.held) >= 14


def test_a_twin_without_runs_says_what_to_do(visit, tmp_path, sample_files):
    """The dry neighbourhood is shown, with a nudge to compute."""
    folder = tmp_path / "twin"
    make_twin(folder, sample_files).situation()
    with serving(folder) as address:
        found = visit("empty", address)
    assert not found.failed, "\n".join(found.failed)
    assert len(found.held) == 1


def test_the_first_load_stays_within_its_budget():
    """All scripts that the page needs before its first picture are at most 250 kB, packed."""
    if not (STATIC / "index.html").is_file():
        pytest.skip("the viewer is not built; run `sh setup.sh dev`")
    assets = STATIC / "assets"
    first = set(re.findall(r'src="/assets/([^"]+\.js)"', (STATIC / "index.html").read_text("utf-8")))
    first |= {path.name for pattern in ("pack.nl*.js", "maquette*.js") for path in assets.glob(pattern)}
    needed = _with_imports(assets, first)
    assert len(needed) >= 3
    packed = {name: len(gzip.compress((assets / name).read_bytes(), GZIP_LEVEL)) for name in needed}
    assert sum(packed.values()) <= FIRST_LOAD, packed


def _with_imports(assets: Path, names: set[str]) -> set[str]:
    found: set[str] = set()
    while names:
        name = names.pop()
        found.add(name)
        names |= set(re.findall(r'(?:from|import)\s*"\./([^"]+\.js)"', (assets / name).read_text("utf-8"))) - found
    return found


def test_the_types_of_the_viewer_are_those_of_the_api(node, sample, tmp_path):
    """``web/src/api/schema.ts`` is what the server's own description gives, comments aside."""
    with urllib.request.urlopen(f"{sample.address}v1/openapi.json") as answer:
        document = json.load(answer)
    description, made = tmp_path / "openapi.json", tmp_path / "schema.ts"
    description.write_text(json.dumps(document), encoding="utf-8")
    generator = WEB / "node_modules" / "openapi-typescript" / "bin" / "cli.js"
    subprocess.run([node, str(generator), str(description), "-o", str(made)], check=True, capture_output=True)
    kept = (WEB / "src" / "api" / "schema.ts").read_text("utf-8")
    assert _components(kept) == _components(made.read_text("utf-8")), (
        "run `npm run types` in web, beside `morgen serve`"
    )


def _components(text: str) -> str:
    """Return the schemas of a file of types without its comments; paths are not used by the viewer."""
    schemas = text[text.index("export interface components") : text.index("export type $defs")]
    return re.sub(r"\s+", " ", re.sub(r"/\*\*.*?\*/", "", schemas, flags=re.DOTALL))
