/** Which building a ray meets first: boxes of all buildings, then triangles of the few whose box it passes. */

import type { Feature } from "./features";
import type { Vector } from "./height-field";

export interface Hit {
  feature: Feature;
  distance: number;
}

/** The nearest hit, or null; `direction` is of unit length. */
export function pickFeature(features: Iterable<Feature>, origin: Vector, direction: Vector): Hit | null {
  const candidates: { feature: Feature; enters: number }[] = [];
  for (const feature of features) {
    const enters = entersBox(feature.lower, feature.upper, origin, direction);
    if (enters !== null) candidates.push({ feature, enters });
  }
  candidates.sort((a, b) => a.enters - b.enters);
  let nearest: Hit | null = null;
  for (const { feature, enters } of candidates) {
    if (nearest && enters > nearest.distance) break;
    const distance = meetsFeature(feature, origin, direction);
    if (distance !== null && (!nearest || distance < nearest.distance)) nearest = { feature, distance };
  }
  return nearest;
}

/** Distance at which a ray enters a box along the axes; null when it misses. */
export function entersBox(lower: Vector, upper: Vector, origin: Vector, direction: Vector): number | null {
  let [enters, leaves] = [0, Infinity];
  for (let axis = 0; axis < 3; axis++) {
    const inverse = 1 / direction[axis]!;
    const a = (lower[axis]! - origin[axis]!) * inverse;
    const b = (upper[axis]! - origin[axis]!) * inverse;
    if (Number.isNaN(a) || Number.isNaN(b)) continue; // along the face of the box
    enters = Math.max(enters, Math.min(a, b));
    leaves = Math.min(leaves, Math.max(a, b));
  }
  return enters <= leaves ? enters : null;
}

function meetsFeature({ shape, triangles }: Feature, origin: Vector, direction: Vector): number | null {
  let nearest: number | null = null;
  for (const triangle of triangles) {
    const [a, b, c] = [0, 1, 2].map((corner) => cornerAt(shape.positions, shape.indices[3 * triangle + corner]!));
    const distance = meetsTriangle(a!, b!, c!, origin, direction);
    if (distance !== null && (nearest === null || distance < nearest)) nearest = distance;
  }
  return nearest;
}

function cornerAt(positions: Float32Array, corner: number): Vector {
  return [positions[3 * corner]!, positions[3 * corner + 1]!, positions[3 * corner + 2]!];
}

/** Möller and Trumbore, "Fast, minimum storage ray/triangle intersection", 1997; both sides count. */
function meetsTriangle(a: Vector, b: Vector, c: Vector, origin: Vector, direction: Vector): number | null {
  const [ab, ac] = [minus(b, a), minus(c, a)];
  const across = cross(direction, ac);
  const determinant = dot(ab, across);
  if (Math.abs(determinant) < 1e-9) return null;
  const from = minus(origin, a);
  const u = dot(from, across) / determinant;
  if (u < 0 || u > 1) return null;
  const along = cross(from, ab);
  const v = dot(direction, along) / determinant;
  if (v < 0 || u + v > 1) return null;
  const distance = dot(ac, along) / determinant;
  return distance > 0 ? distance : null;
}

function minus(a: Vector, b: Vector): Vector {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
