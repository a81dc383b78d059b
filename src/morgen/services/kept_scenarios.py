"""The scenarios that runs were made with, each kept with its cost under its content hash.

A scenario that is edited later, or whose prices change, leaves what was kept for a run as it was.
"""

import json
from pathlib import Path

from morgen.core.noun import Noun
from morgen.core.scenario import Scenario
from morgen.core.situation import Situation
from morgen.measures.cost import ScenarioCost, scenario_cost
from morgen.services.disk import replace_text, storage_guard
from morgen.services.layout import Layout

__all__ = ["KeptScenario", "keep_scenario", "kept_scenario"]


class KeptScenario(Noun):
    """A scenario as a run used it, and what it cost by the prices of that moment."""

    scenario: Scenario
    """With the name under which it was used first."""
    cost: ScenarioCost


def keep_scenario(folder: Path, base: Situation, scenario: Scenario) -> None:
    """Keep a scenario that a run is made with; one with this content that is kept already stays.

    Raises ``StorageError``, and as ``scenario_cost``.
    """
    path = _path(folder, scenario.content_hash)
    if path.exists():
        return
    document = KeptScenario(scenario=scenario, cost=scenario_cost(base, scenario)).to_json()
    with storage_guard(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_text(path, json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False))


def kept_scenario(folder: Path, content_hash: str) -> KeptScenario | None:
    """Return the scenario with this content hash; None when no run of this twin kept it."""
    path = _path(folder, content_hash)
    if not path.exists():
        return None
    with storage_guard(path.parent):
        return KeptScenario.from_json(json.loads(path.read_text(encoding="utf-8")))


def _path(folder: Path, content_hash: str) -> Path:
    return Layout(folder).scenarios / f"{content_hash}.json"
