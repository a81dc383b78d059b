"""A run in a notebook: its map and its table."""

import base64
import html
import tempfile
from pathlib import Path

from morgen.core.run import RunState
from morgen.faces.report.pictures import draw_pictures
from morgen.services.result import RunResult

__all__ = ["to_html"]


def to_html(result: RunResult) -> str:
    """Return a run as HTML: heading, map picture and indicators; text from sources is escaped."""
    run = result.run
    title = html.escape(f"{run.manifest.model} {run.manifest.version}, run {run.id}: {run.state}")
    parts = [f"<h4>{title}</h4>"]
    if result.state is RunState.SUCCESSFUL:
        parts.append(_picture(result))
    elif run.message:
        parts.append(f"<p>{html.escape(run.message)}</p>")
    rows = "".join(
        f"<tr><td title='{html.escape(item.meaning, quote=True)}'>{html.escape(item.title)}</td>"
        f"<td style='text-align:right'>{item.value:,.4g}</td><td>{html.escape(item.unit)}</td></tr>"
        for item in result.indicators
    )
    if rows:
        parts.append(f"<table><tr><th>indicator</th><th>value</th><th>unit</th></tr>{rows}</table>")
    parts.extend(f"<p><em>{html.escape(warning)}</em></p>" for warning in run.warnings)
    return "\n".join(parts)


def _picture(result: RunResult) -> str:
    with tempfile.TemporaryDirectory() as folder:
        pictures = draw_pictures(result, Path(folder))
        chosen = pictures.get("depth_map", pictures["situation_map"])
        data = base64.b64encode(chosen.read_bytes()).decode("ascii")
    return f"<img alt='map of the run' style='max-width:720px' src='data:image/png;base64,{data}'>"
