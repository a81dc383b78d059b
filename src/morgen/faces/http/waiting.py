"""Waiting for what a server is still opening, without keeping others waiting."""

from starlette.concurrency import run_in_threadpool

from morgen.core.run import Run
from morgen.services.runs import RunStore
from morgen.services.served import ServedTwin

__all__ = ["found_run", "opened_store"]


async def opened_store(served: ServedTwin) -> RunStore:
    """Return the store; raises as ``ServedTwin.store`` does.

    A route that runs in the event loop asks for the store here: a server loads its database after it began to
    answer, and whoever waits for that must not stop the loop.
    """
    return served.store if served.is_open else await run_in_threadpool(lambda: served.store)


async def found_run(served: ServedTwin, run_id: str) -> Run:
    """Return a run; raises as ``ServedTwin.run`` does.

    It takes less than handing it to a thread, and readers of the database never wait for writers.
    """
    return served.run(run_id) if served.is_open else await run_in_threadpool(served.run, run_id)
