"""The application: all routes of one served twin, behind the guards.

Every router is a function of the ``ServedTwin``, which is all that it knows: ``served.situation()`` is the
situation (raises ``NotReadyError``, which becomes 503), ``served.result(run_id)`` a run with its outputs,
``served.store`` the rows. Routes raise ``MorgenError`` or ``Problem`` and return ready bytes.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from morgen.core.errors import MorgenError
from morgen.faces.http.balance import balance_router
from morgen.faces.http.comparisons import comparisons_router
from morgen.faces.http.description import describe
from morgen.faces.http.errors import add_handlers
from morgen.faces.http.features import features_router
from morgen.faces.http.guards import Guards, guarded
from morgen.faces.http.jobs import jobs_router
from morgen.faces.http.landing import landing_router
from morgen.faces.http.links import ROOT
from morgen.faces.http.measures import measures_router
from morgen.faces.http.norms import norms_router
from morgen.faces.http.positions import positions_router
from morgen.faces.http.processes import processes_router
from morgen.faces.http.scenarios import scenarios_router
from morgen.faces.http.scene import scene_router
from morgen.faces.http.tiles import tiles_router
from morgen.faces.http.viewer import viewer_router
from morgen.services.served import ServedTwin
from morgen.services.twin import Twin

__all__ = ["create_app"]

FIRST_ANSWERS = 0.2
"""Seconds before the libraries of the database are loaded, so that who waited at the door is answered first."""
ROUTERS = (
    landing_router,
    processes_router,
    jobs_router,
    comparisons_router,
    positions_router,
    features_router,
    measures_router,
    scenarios_router,
    scene_router,
    tiles_router,
    norms_router,
    balance_router,
)


def create_app(
    folder: Path | str,
    *,
    guards: Guards | None = None,
    on_failure: Callable[[MorgenError], None] | None = None,
) -> FastAPI:
    """Make the application of the twin in ``folder``; it opens the twin's store when it starts.

    ``on_failure`` is called when the store cannot be opened. Raises ``TwinNotFoundError`` or ``ConfigError``.
    """
    served = ServedTwin(Twin.open(folder))

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        opening = asyncio.get_running_loop().call_later(FIRST_ANSWERS, lambda: served.start(on_failure=on_failure))
        try:
            yield
        finally:
            opening.cancel()
            await run_in_threadpool(served.close)

    app = FastAPI(lifespan=life, openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.served = served
    add_handlers(app)
    for router in ROUTERS:
        app.include_router(router(served), prefix=ROOT)
    app.include_router(viewer_router(served))
    describe(app)
    app.state.allowed_methods = lambda path: _allowed_methods(app.openapi()["paths"], path)
    for kind, options in guarded(guards or Guards()):
        app.add_middleware(kind, **options)
    return app


def _allowed_methods(paths: dict[str, dict[str, Any]], path: str) -> str:
    """Return the header Allow of a path."""
    for known, methods in paths.items():
        pattern = ROOT + re.sub(r"\{[^}]+\}", "[^/]+", known.rstrip("/"))
        if re.fullmatch(pattern, path):
            return ", ".join(name for method in methods for name in _with_head(method.upper()))
    return "GET, HEAD"


def _with_head(method: str) -> tuple[str, ...]:
    return ("GET", "HEAD") if method == "GET" else (method,)
