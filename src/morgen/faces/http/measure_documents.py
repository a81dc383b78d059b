"""Kinds of measures, and what is to be said of a scenario, as JSON documents."""

from functools import cache
from typing import Any

from morgen.core.measure import MeasureKind
from morgen.core.scenario import Scenario
from morgen.core.situation import Situation
from morgen.faces.http.process_documents import input_schema
from morgen.measures.contract import parameter_unit
from morgen.measures.cost import OF_BUILDINGS, MeasureCost, scenario_cost
from morgen.measures.registry import get_measure, measure_ids
from morgen.services.scenarios import Steps, review

__all__ = ["kind_documents", "review_document"]


@cache
def kind_documents() -> tuple[dict[str, Any], ...]:
    """Return every installed kind of measure, by id."""
    return tuple(_kind(get_measure(kind_id)) for kind_id in measure_ids())


def review_document(situation: Situation, scenario: Scenario, steps: Steps) -> dict[str, Any]:
    """Return what a scenario costs, contradicts and asks, and which steps can be taken.

    Raises ``MeasureError`` when a measure does not fit on the situation.
    """
    findings = review(situation, scenario)
    cost = scenario_cost(situation, scenario)
    return {
        "findings": [finding.to_json() for finding in findings],
        "prices": [_price(item) for item in cost.measures],
        "cost": {name: getattr(cost, name) for name in ("low", "middle", "high")},
        "steps": steps.to_json(),
    }


def _price(cost: MeasureCost) -> dict[str, Any]:
    named = ("quantity", "per", "low", "middle", "high", "source")
    return {"measure": cost.id, **{name: getattr(cost, name) for name in named}}


def _kind(kind: MeasureKind) -> dict[str, Any]:
    return {
        "id": kind.id,
        "title": kind.title.to_json(),
        "meaning": kind.meaning,
        "geometry": list(kind.geometry),
        "onBuildings": kind.occupies in OF_BUILDINGS,
        "parameters": {name: _parameter(kind, name, told) for name, told in _properties(kind)},
        "cost": kind.cost.to_json(),
        "maintenance": kind.maintenance,
        "sideEffects": dict(kind.side_effects),
        "drawing": kind.drawing.to_json(),
    }


def _properties(kind: MeasureKind) -> list[tuple[str, dict[str, Any]]]:
    return list(kind.parameters.model_json_schema().get("properties", {}).items())


def _parameter(kind: MeasureKind, name: str, described: dict[str, Any]) -> dict[str, Any]:
    schema = input_schema(described, {})
    unit = parameter_unit(kind, name)
    return {
        "title": schema.pop("title", name),
        "description": str(kind.parameters.model_fields[name].description),
        "schema": {key: value for key, value in schema.items() if key != "description"},
        **({"x-unit": unit} if unit else {}),
    }
