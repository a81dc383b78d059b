"""What is packed works where it is installed: the wheel and the source distribution carry the viewer."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import time
import urllib.request
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
STATIC = "morgen/faces/http/static/"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of what git would commit, as a user clones it: nothing is built in it yet."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    copy = tmp_path_factory.mktemp("clone") / "morgen"
    for name in filter(None, listed.stdout.split("\0")):
        if (source := REPOSITORY / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy / name)
    return copy


@pytest.fixture(scope="module")
def packages(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the wheel and the source distribution, built on a machine without Node."""
    folder = tmp_path_factory.mktemp("packages")
    bare = tmp_path_factory.mktemp("bin")  # a PATH without node and npm
    for program in ("git", "sh", "uname", "env"):
        if found := shutil.which(program):
            (bare / program).symlink_to(found)
    environment = {**os.environ, "PATH": str(bare)}
    environment.pop("MORGEN_SKIP_VIEWER", None)
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(folder)],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def one(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_wheel_carries_the_viewer_once(packages):
    """index.html and all that it names are in the wheel, each file once, and no source of the viewer."""
    with zipfile.ZipFile(one(packages, "*.whl")) as wheel:
        names = wheel.namelist()
        page = wheel.read(STATIC + "index.html").decode()
    assert len(names) == len(set(names))
    for address in re.findall(r'(?:src|href)="/([^"]+)"', page):
        assert STATIC + address in names
    assert not [name for name in names if "node_modules" in name or name.endswith((".svelte", ".ts"))]


@pytest.mark.slow
def test_the_source_distribution_carries_the_viewer_and_its_sources(packages):
    """Whoever builds from it needs no Node; whoever changes it has the sources."""
    with tarfile.open(one(packages, "*.tar.gz")) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {f"src/{STATIC}index.html", "web/package-lock.json", "web/src/main.ts"} <= names
    assert not [name for name in names if "node_modules" in name]


@pytest.fixture(scope="module")
def installed(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the bin folder of a fresh environment with the wheel; the libraries are those of this environment."""
    place = tmp_path_factory.mktemp("fresh") / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    site = next((place / "lib").glob("python*/site-packages"))
    pip = [sys.executable, "-m", "pip", "--python", str(place / "bin" / "python"), "install", "--no-deps", "-qq"]
    subprocess.run([*pip, "--disable-pip-version-check", str(one(packages, "*.whl"))], check=True)
    # A path file names the folder of the libraries without reading its own path files, so that the editable
    # installation of this checkout is not found.
    (site / "libraries.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    return place / "bin"


@pytest.mark.slow
def test_a_fresh_installation_serves_the_page(installed, tmp_path):
    """The wheel alone is enough: `morgen serve` gives the page, its script and its style."""
    where = subprocess.run(
        [str(installed / "python"), "-c", "import morgen; print(morgen.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert where.stdout.startswith(str(installed.parent))
    twin = tmp_path / "twin"
    subprocess.run(
        [str(installed / "morgen"), "init", str(twin), "--bbox", "84808,447412,85072,447641"], check=True
    )
    server = subprocess.Popen(
        [str(installed / "morgen"), "serve", str(twin), "--port", "0", "--no-open"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        address = _address(server)
        page = _get(address)
        linked = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page)
        assert any(name.endswith(".js") for name in linked)
        assert any(name.endswith(".css") for name in linked)
        assert all(_get(address.rstrip("/") + name) for name in linked)
    finally:
        server.terminate()
        server.wait(20)
        assert server.stdout
        server.stdout.close()


def _address(server: "subprocess.Popen[str]") -> str:
    assert server.stdout
    printed = ""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and (line := server.stdout.readline()):
        printed += line
        if found := re.search(r"http://[\w.:\[\]]+/?", line):
            return found.group()
    raise AssertionError(f"the server told no address: {printed}")


def _get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return str(answer.read().decode())
