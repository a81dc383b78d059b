/** The buildings of a tile as things that can be found, coloured and pointed at. */

import type { Vector } from "./height-field";

export type Properties = Record<string, string | number | null>;

/** Triangles of one tile in local coordinates, with the row of the feature that every corner belongs to. */
export interface TileShape {
  positions: Float32Array;
  normals: Float32Array;
  indices: Uint32Array;
  rows: Uint32Array;
}

/** What the tile tells of one feature. */
export interface FeatureRow {
  id: string;
  properties: Properties;
}

export interface Feature extends FeatureRow {
  shape: TileShape;
  /** Corners and triangles (as positions in `shape.indices` divided by three) of this feature. */
  corners: Uint32Array;
  triangles: Uint32Array;
  lower: Vector;
  upper: Vector;
}

/** The features of a tile that have triangles. */
export function featuresOf(shape: TileShape, rows: readonly FeatureRow[]): Feature[] {
  const corners = grouped(shape.rows, rows.length);
  const owners = new Uint32Array(shape.indices.length / 3);
  for (let triangle = 0; triangle < owners.length; triangle++) {
    owners[triangle] = shape.rows[shape.indices[3 * triangle]!]!;
  }
  const triangles = grouped(owners, rows.length);
  return rows.flatMap((row, number) => {
    if (triangles[number]!.length === 0) return [];
    return [
      { ...row, shape, corners: corners[number]!, triangles: triangles[number]!, ...boxOf(shape, corners[number]!) },
    ];
  });
}

/** Places of every value from 0 to `count`, in one counting sort. */
function grouped(values: Uint32Array, count: number): Uint32Array[] {
  const starts = new Uint32Array(count + 1);
  for (const value of values) if (value < count) starts[value + 1]!++;
  for (let value = 0; value < count; value++) starts[value + 1]! += starts[value]!;
  const order = new Uint32Array(values.length);
  const next = starts.slice();
  values.forEach((value, place) => {
    if (value < count) order[next[value]!++] = place;
  });
  return Array.from({ length: count }, (_, value) => order.subarray(starts[value], starts[value + 1]));
}

function boxOf(shape: TileShape, corners: Uint32Array): { lower: Vector; upper: Vector } {
  const lower: Vector = [Infinity, Infinity, Infinity];
  const upper: Vector = [-Infinity, -Infinity, -Infinity];
  for (const corner of corners) {
    for (let axis = 0; axis < 3; axis++) {
      const value = shape.positions[3 * corner + axis]!;
      if (value < lower[axis]!) lower[axis] = value;
      if (value > upper[axis]!) upper[axis] = value;
    }
  }
  return { lower, upper };
}

/** Height of every corner above the foot of its own feature, m. */
export function risesOf(features: readonly Feature[], corners: number): Float32Array {
  const rises = new Float32Array(corners);
  for (const { shape, corners: own, lower } of features) {
    for (const corner of own) rises[corner] = shape.positions[3 * corner + 2]! - lower[2];
  }
  return rises;
}
