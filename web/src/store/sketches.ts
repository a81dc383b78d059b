/** What the scene is told of a plan: its measures, with the one that is being changed as it now stands in the form. */

import type { MeasureFeature, MeasureKind } from "../api/types";
import type { Sketch, Trace } from "../core/types";
import type { Draft } from "./draft.svelte";

export function sketchesOf(
  measures: readonly MeasureFeature[],
  kinds: ReadonlyMap<string, MeasureKind>,
  draft: Draft | null,
  chosen: string | null,
): Sketch[] {
  const kept = measures.flatMap((measure) => {
    const kind = kinds.get(measure.properties.kind);
    if (kind === undefined || measure.geometry === null || measure.id === draft?.id) return [];
    return [sketch(measure.id, kind, measure, chosen === measure.id)];
  });
  const now = draft?.drawing === false ? draft.measure : null;
  return draft === null || now === null ? kept : [...kept, sketch(draft.id ?? "draft", draft.kind, now, true)];
}

/** The points that are being put down; null when a person is not drawing. */
export function traceOf(draft: Draft | null): Trace | null {
  return draft?.drawing ? { points: draft.points, closed: draft.shape === "Polygon" } : null;
}

function sketch(
  id: string,
  { id: kind, drawing, onBuildings }: MeasureKind,
  { geometry, properties }: Pick<MeasureFeature, "geometry" | "properties">,
  chosen: boolean,
): Sketch {
  const { shape, colour } = drawing;
  return { id, kind, shape, colour, onBuildings, geometry: geometry!, values: properties, chosen };
}
