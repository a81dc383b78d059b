"""Write docs/measures from the declarations of the measures; ``--check`` only says whether they are up to date."""

import sys
from pathlib import Path

from morgen.core.measure import MeasureKind
from morgen.measures.contract import parameter_unit
from morgen.measures.registry import get_measure, measure_ids

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "measures"


def page(kind: MeasureKind) -> str:
    """Return the page of one measure."""
    cost = kind.cost
    rows = [
        f"| `{name}` | {parameter_unit(kind, name)} | {field.default} | {field.description} |"
        for name, field in kind.parameters.model_fields.items()
    ]
    table = ["| attribute | unit | default | meaning |", "| --- | --- | --- | --- |", *rows, ""] if rows else []
    amounts = ", ".join(f"{amount:g}" for amount in (cost.low, cost.middle, cost.high))
    effects = "; ".join(f"{theme}: {what}" for theme, what in kind.side_effects.items())
    lines = [
        f"# {kind.title.en}",
        "",
        f"`{kind.id}`, in Dutch: {kind.title.nl}. Drawn as {' or '.join(kind.geometry)}.",
        "",
        kind.meaning.strip(),
        "",
        *table,
        f"- Cost, low, middle and high: {amounts} euro per {cost.per} ({cost.source})",
        f"- Maintenance: {kind.maintenance}",
        f"- Other themes: {effects}",
    ]
    return "\n".join(lines) + "\n"


def pages() -> dict[str, str]:
    """Return file name and text of every page."""
    kinds = [get_measure(name) for name in measure_ids()]
    listed = "".join(f"- [{kind.title.en}]({kind.id}.md)\n" for kind in kinds)
    return {f"{kind.id}.md": page(kind) for kind in kinds} | {"index.md": f"# Measures\n\n{listed}"}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file, text in pages().items():
        path = FOLDER / file
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            sys.exit(f"{path} is not up to date; run tools/measure_pages.py")
