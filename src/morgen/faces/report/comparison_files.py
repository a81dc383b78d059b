"""The files of a comparison: the page, the tables, the maps for a GIS and as pictures."""

import json
from pathlib import Path

from morgen.faces.report.comparison_csv import comparison_csv
from morgen.faces.report.comparison_html import comparison_html
from morgen.faces.report.comparison_maps import draw_difference_map
from morgen.faces.report.comparison_words import Lang
from morgen.services.compare import Comparison, difference_raster, write_difference_maps
from morgen.services.compare.comparison import ComparedRun, Variant
from morgen.services.disk import replace_text, storage_guard
from morgen.services.kept_scenarios import kept_scenario
from morgen.services.twin import Twin

__all__ = ["draw_maps", "write_comparison"]


def write_comparison(twin: Twin, comparison: Comparison, folder: Path, *, lang: Lang) -> list[Path]:
    """Write ``report.html``, ``comparison.json``, ``comparison.csv`` and the maps into a folder; return all paths.

    Maps are COG and PNG, ``<run>-<output>.tif`` and ``.png``. Raises ``StorageError``.
    """
    with storage_guard(folder):
        folder.mkdir(parents=True, exist_ok=True)
    base = twin.get_run(comparison.base.id)
    rasters = [
        path
        for variant in comparison.variants
        if not variant.maps_refused
        for path in write_difference_maps(base, twin.get_run(variant.run.id), folder).values()
    ]
    pictures = draw_maps(twin, comparison, folder, lang=lang)
    texts = {
        "report.html": comparison_html(comparison, pictures, lang=lang),
        "comparison.json": json.dumps(comparison.to_json(), ensure_ascii=False, indent=1) + "\n",
        "comparison.csv": comparison_csv(comparison),
    }
    for name, text in texts.items():
        replace_text(folder / name, text)
    return [*(folder / name for name in texts), *rasters, *pictures.values()]


def draw_maps(twin: Twin, comparison: Comparison, folder: Path, *, lang: Lang) -> dict[str, Path]:
    """Draw all maps as PNG; return ``<run>-<output>`` to the path. Raises ``StorageError``."""
    with storage_guard(folder):
        return {
            f"{variant.run.id}-{summary.name}": _drawn(twin, comparison, variant, number, folder, lang=lang)
            for variant in comparison.variants
            for number, summary in enumerate(variant.maps)
        }


def _drawn(twin: Twin, comparison: Comparison, variant: Variant, number: int, folder: Path, *, lang: Lang) -> Path:
    base, other = twin.get_run(comparison.base.id), twin.get_run(variant.run.id)
    summary = variant.maps[number]
    return draw_difference_map(
        comparison,
        variant,
        summary,
        base=base,
        raster=difference_raster(base, other, summary.name, noise=variant.noise),
        measures=_shapes(twin, variant.run),
        path=folder / f"{variant.run.id}-{summary.name}.png",
        lang=lang,
    )


def _shapes(twin: Twin, run: ComparedRun) -> list[object]:
    found = kept_scenario(twin.folder, run.scenario) if run.scenario else None
    return [measure.geometry for measure in found.scenario.measures] if found else []
