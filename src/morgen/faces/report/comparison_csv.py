"""A comparison as one CSV table: a row per indicator, building, street and cost, for a spreadsheet."""

import csv
import io
from collections.abc import Iterator
from typing import Any, Final

from morgen.services.compare.comparison import Comparison, PlaceChanges, Variant

__all__ = ["COLUMNS", "comparison_csv"]

COLUMNS: Final = (
    "run",
    "section",
    "id",
    "title",
    "unit",
    "base",
    "base_low",
    "base_high",
    "other",
    "other_low",
    "other_high",
    "difference",
    "verdict",
    "x",
    "y",
)

Row = dict[str, Any]


def comparison_csv(comparison: Comparison) -> str:
    """Return the table: comma-separated, decimal points, UTF-8; what differs beside the measures comes first."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for variant in comparison.variants:
        writer.writerows({"run": variant.run.id, **row} for row in _rows(variant))
    return text.getvalue()


def _rows(variant: Variant) -> Iterator[Row]:
    for unlike in variant.unlike:
        told = {"id": unlike.subject, "title": unlike.sentence, "base": unlike.base, "other": unlike.other}
        yield {"section": "differs", **told}
    yield from _indicators(variant)
    for section, places in (("building", variant.buildings), ("street", variant.streets)):
        yield from _places(section, places)
    for measure in variant.run.cost.measures if variant.run.cost else ():
        band = {"other": measure.middle, "other_low": measure.low, "other_high": measure.high}
        yield {"section": "cost", "id": measure.id, "title": measure.kind, "unit": "euro", **band}


def _indicators(variant: Variant) -> Iterator[Row]:
    for item in variant.indicators:
        row: Row = {"section": "indicator", "id": item.id, "title": item.title, "unit": item.unit}
        for name, side in (("base", item.base), ("other", item.other)):
            if side is not None:
                row |= {name: side.value, f"{name}_low": side.low, f"{name}_high": side.high}
        yield row | {"difference": item.difference, "verdict": item.verdict}


def _places(section: str, places: PlaceChanges | None) -> Iterator[Row]:
    for item in (*places.losers, *places.gainers) if places else ():
        x, y = item.coordinates
        depths = {"unit": "m", "base": item.base, "other": item.other, "difference": item.difference}
        yield {
            "section": section, "id": item.id, "title": item.kind, **depths, "verdict": item.change, "x": x, "y": y
        }  # fmt: skip
