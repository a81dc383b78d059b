/** Measures on the flat map: areas and lines in the colour of their kind, and what is being drawn. */

import type { Sketch, Trace } from "../core/types";

interface Sheet {
  /** CSS pixels per metre. */
  scale: number;
  paint: { chosen: string; edge: string };
  /** From RD New to the sheet. */
  local: (place: readonly number[]) => [number, number];
}

const DOT = 6;

export function drawSketches(
  context: CanvasRenderingContext2D,
  sketches: readonly Sketch[],
  trace: Trace | null,
  sheet: Sheet,
): void {
  for (const sketch of sketches) drawSketch(context, sketch, sheet);
  if (trace !== null) drawTrace(context, trace, sheet);
}

function drawSketch(context: CanvasRenderingContext2D, { geometry, colour, chosen }: Sketch, sheet: Sheet): void {
  const { scale, paint, local } = sheet;
  context.fillStyle = colour;
  context.strokeStyle = chosen ? paint.chosen : paint.edge;
  context.lineWidth = (chosen ? 3 : 1.2) / scale;
  context.beginPath();
  if (geometry.type === "Point") {
    const [x, y] = local(geometry.coordinates as number[]);
    context.arc(x, y, (DOT * 1.2) / scale, 0, 2 * Math.PI);
  } else if (geometry.type === "LineString") {
    context.lineWidth = 4 / scale;
    context.strokeStyle = chosen ? paint.chosen : colour;
    walk(context, (geometry.coordinates as number[][]).map(local));
    context.stroke();
    return;
  } else {
    const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    for (const ring of (polygons as number[][][][]).flat()) {
      walk(context, ring.map(local));
      context.closePath();
    }
  }
  context.globalAlpha = 0.85;
  context.fill("evenodd");
  context.globalAlpha = 1;
  context.stroke();
}

function drawTrace(context: CanvasRenderingContext2D, { points, closed }: Trace, { scale, paint, local }: Sheet): void {
  const places = points.map(local);
  context.strokeStyle = context.fillStyle = paint.chosen;
  context.lineWidth = 2.5 / scale;
  context.beginPath();
  walk(context, places);
  if (closed) context.closePath();
  context.stroke();
  for (const [x, y] of places) {
    context.beginPath();
    context.arc(x, y, DOT / scale, 0, 2 * Math.PI);
    context.fill();
  }
}

function walk(context: CanvasRenderingContext2D, places: readonly (readonly [number, number])[]): void {
  places.forEach(([x, y], at) => (at === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
}
