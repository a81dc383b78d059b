"""Waiting for what a server is still opening, without keeping others waiting."""

from starlette.concurrency import run_in_threadpool

from morgen.services.runs import RunStore
from morgen.services.served import ServedTwin

__all__ = ["opened_store"]


async def opened_store(served: ServedTwin) -> RunStore:
    """Return the store; raises as ``ServedTwin.store`` does.

    A route that runs in the event loop asks for the store here: a server loads its database after it began to
    answer, and whoever waits for that must not stop the loop.
    """
    if served.is_open:
        return served.store
    return await run_in_threadpool(lambda: served.store)
