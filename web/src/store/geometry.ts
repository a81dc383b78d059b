/** Where a feature lies: for flying to it and for putting a label on it. */

import type { Geometry, Ring } from "../api/types";

/** The outer rings of a geometry. */
export function outlines(geometry: Geometry | null): Ring[] {
  if (geometry?.type === "Polygon") return geometry.coordinates.slice(0, 1);
  if (geometry?.type === "MultiPolygon") return geometry.coordinates.flatMap((polygon) => polygon.slice(0, 1));
  return [];
}

/** All rings, holes too, for drawing with the even-odd rule. */
export function rings(geometry: Geometry | null): Ring[] {
  if (geometry?.type === "Polygon") return geometry.coordinates;
  return geometry?.type === "MultiPolygon" ? geometry.coordinates.flat() : [];
}

/** A point that surely lies inside: the middle of the widest stretch halfway its height. */
export function pointInside(geometry: Geometry | null): [number, number] | null {
  if (geometry?.type === "Point") return geometry.coordinates;
  const all = rings(geometry);
  const heights = all.flat().map(([, y]) => y);
  if (heights.length === 0) return null;
  const y = (Math.min(...heights) + Math.max(...heights)) / 2;
  const crossings = all.flatMap((ring) => crossingsOf(ring, y)).sort((a, b) => a - b);
  let [widest, middle] = [-1, null as number | null];
  for (let at = 0; at + 1 < crossings.length; at += 2) {
    const [from, to] = [crossings[at]!, crossings[at + 1]!];
    if (to - from > widest) [widest, middle] = [to - from, (from + to) / 2];
  }
  return middle === null ? (all[0]?.[0] ?? null) : [middle, y];
}

function crossingsOf(ring: Ring, y: number): number[] {
  const found: number[] = [];
  for (let at = 0; at + 1 < ring.length; at++) {
    const [[x1, y1], [x2, y2]] = [ring[at]!, ring[at + 1]!];
    if (y1 > y !== y2 > y) found.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1));
  }
  return found;
}
