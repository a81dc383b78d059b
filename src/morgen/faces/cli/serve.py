"""``morgen serve``: the map and the API of a twin in the browser."""

import os
import sys
import threading
import webbrowser
from pathlib import Path

import click

from morgen.faces.cli.printing import print_json
from morgen.faces.http.server import Doorway, doorway
from morgen.services.twin import Twin

__all__ = ["serve", "serve_at"]


def serve(*, folder: Path, host: str, port: int, browse: bool, as_json: bool) -> None:
    """Serve a twin until it is stopped."""
    twin = Twin.open(folder)
    with doorway(twin.folder, host=host, port=port) as door:
        serve_at(door, browse=browse, as_json=as_json)


def serve_at(door: Doorway, *, browse: bool, as_json: bool) -> None:
    """Say where the twin is served, open a browser there, and answer until the server is stopped."""
    if as_json:
        print_json({"twin": str(door.folder), "address": door.address, "pid": os.getpid()})
    else:
        click.echo(f"The map of {door.folder} is at {door.address}\nCtrl-C stops it.")
    sys.stdout.flush()
    if browse and _has_display():
        threading.Thread(target=webbrowser.open, args=(door.address,), daemon=True).start()
    door.serve()


def _has_display() -> bool:
    """Whether a browser would be a window; one in the terminal would get in the way of it."""
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
