"""Schemathesis asks what the description allows and what it does not, and finds nothing."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance
from tests.faces.http.running import ask, served_in_thread

BOUNDED = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)

DEPENDS_ON_THE_GRID = ("/scene/terrain", "/jobs/{jobId}/depth", "/jobs/{jobId}/position", "/jobs/{jobId}/origin")
"""Where a value of the right form may lie outside the grid of this twin, which no description can say."""
DEPENDS_ON_WHAT_IS_THERE = ("/balance", "/scenarios")
"""Where a name of the right form may be that of nothing: norms that are not installed, a name that is taken."""


@pytest.fixture(scope="module")
def described(sample_twin, run):
    """The description of a server on a real socket, on a twin that has a run."""
    with served_in_thread(sample_twin) as address:
        yield schemathesis.openapi.from_url(f"{address}v1/openapi.json")


def what_differs(operation: Any, mode: GenerationMode, *, run: str = "") -> str:
    """Ask an operation many times; return what was not as described, or an empty string."""
    without = (
        [positive_data_acceptance] if operation.path in DEPENDS_ON_THE_GRID + DEPENDS_ON_WHAT_IS_THERE else []
    )

    @BOUNDED
    @given(case=operation.as_strategy(generation_mode=mode))
    def answers_as_described(case: Any) -> None:
        if run:
            case.path_parameters["jobId"] = run
        answer = case.call_and_validate(headers={"Prefer": "respond-async"}, excluded_checks=without)
        if answer.status_code == 201:
            ask(answer.headers["location"][0], method="DELETE")

    try:
        answers_as_described()
    except Unsatisfiable:  # there is nothing that could be wrong
        return ""
    except (AssertionError, BaseExceptionGroup) as error:
        return f"{operation.method} {operation.path}: {error}"
    return ""


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_every_operation_keeps_its_description(described, mode):
    """Statuses, media types, headers and documents are those of the description; nothing is a fault."""
    found = [what_differs(result.ok(), mode) for result in described.get_all_operations()]
    assert not any(found), "\n\n".join(found)


def test_operations_on_a_run_that_is_there_keep_their_description(described, run):
    """The same with the id of a run in the path; a run that ended cannot be dismissed."""
    of_runs = described.include(path_regex="/jobs/").get_all_operations()
    found = [what_differs(result.ok(), GenerationMode.POSITIVE, run=run) for result in of_runs]
    assert not any(found), "\n\n".join(found)
