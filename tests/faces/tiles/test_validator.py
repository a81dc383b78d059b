"""The reference validator of glTF (Khronos) finds nothing wrong with any file."""

import json
import subprocess

import pytest
from tests.programs import NODE_MODULES, node_with

from morgen.faces.tiles import building_tiles, decks_glb

VALIDATOR = NODE_MODULES / "gltf-validator"
SCRIPT = """
const fs = require("fs"), validator = require(process.argv[1]);
(async () => {
  for (const file of process.argv.slice(2)) {
    const report = await validator.validateBytes(new Uint8Array(fs.readFileSync(file)));
    console.log(JSON.stringify({ file, ...report.issues }));
  }
})();
"""


@pytest.fixture(scope="module")
def node():
    """Return Node with the validator."""
    return node_with("gltf-validator")


def test_the_validator_finds_no_errors_and_no_warnings(real_situation, node, tmp_path):
    """Every tile of buildings and the decks: 0 errors, 0 warnings; hints are about extensions it does not know."""
    files = {f"{tile.name}.glb": tile.glb for tile in building_tiles(real_situation).tiles}
    files["decks.glb"] = decks_glb(real_situation) or b""
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    command = [node, "-e", SCRIPT, str(VALIDATOR), *(str(tmp_path / name) for name in files)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    reports = [json.loads(line) for line in printed.splitlines()]
    assert len(reports) == len(files)
    for report in reports:
        assert (report["numErrors"], report["numWarnings"]) == (0, 0), report
        assert {message["code"] for message in report["messages"]} <= {"UNSUPPORTED_EXTENSION", "UNUSED_OBJECT"}
