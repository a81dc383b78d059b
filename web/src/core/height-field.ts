/** The ground as numbers: its height at a place, and where a ray meets it. */

import type { Bounds, Frame } from "./frame";
import type { TerrainGrid } from "./types";

export type Vector = [number, number, number];

/** A grid of heights in local metres; between samples it is bilinear, outside the terrain NaN. */
export class HeightField {
  readonly rows: number;
  readonly columns: number;
  readonly cellSize: number;
  readonly heights: Float32Array;
  readonly bounds: Bounds;
  readonly lowest: number;
  readonly highest: number;

  constructor(grid: TerrainGrid, frame: Frame) {
    ({ rows: this.rows, columns: this.columns, cellSize: this.cellSize } = grid.header);
    this.heights = grid.heights;
    this.bounds = frame.boundsOf(grid.header);
    [this.lowest, this.highest] = extremes(grid.heights);
  }

  /** Height of a sample, m NAP; NaN outside. */
  sample(row: number, column: number): number {
    if (row < 0 || column < 0 || row >= this.rows || column >= this.columns) return NaN;
    return this.heights[row * this.columns + column]!;
  }

  /** Local place of a sample, pulled to the outer edge for the outermost ones so that the ground reaches it. */
  place(row: number, column: number): [number, number] {
    const { west, north, east, south } = this.bounds;
    const x = column === 0 ? west : column === this.columns - 1 ? east : west + (column + 0.5) * this.cellSize;
    const y = row === 0 ? north : row === this.rows - 1 ? south : north - (row + 0.5) * this.cellSize;
    return [x, y];
  }

  /** Height at a local place, m NAP; NaN where there is no terrain. */
  heightAt(x: number, y: number): number {
    const { west, north, east, south } = this.bounds;
    if (!(x >= west && x <= east && y >= south && y <= north)) return NaN;
    const column = clamp((x - west) / this.cellSize - 0.5, 0, this.columns - 1);
    const row = clamp((north - y) / this.cellSize - 0.5, 0, this.rows - 1);
    const [c, r] = [Math.min(Math.floor(column), this.columns - 2), Math.min(Math.floor(row), this.rows - 2)];
    if (c < 0 || r < 0) return this.sample(Math.round(row), Math.round(column));
    const [u, v] = [column - c, row - r];
    const upper = mixKnown(this.sample(r, c), this.sample(r, c + 1), u);
    const lower = mixKnown(this.sample(r + 1, c), this.sample(r + 1, c + 1), u);
    return mixKnown(upper, lower, v);
  }

  /** Where a ray first meets the ground, or null; `direction` is of unit length. */
  intersect(origin: Vector, direction: Vector, farthest: number): Vector | null {
    // Steep rays cross little ground per metre, so they may take longer steps.
    const step = this.cellSize / 2 / Math.max(Math.hypot(direction[0], direction[1]), 0.25);
    let before = this.enter(origin, direction);
    if (before === null) return null;
    for (let at = before; at <= farthest; at += step) {
      const [x, y, z] = along(origin, direction, at);
      if (z <= this.heightAt(x, y)) return this.refine(origin, direction, before, at);
      if (direction[2] < 0 ? z < this.lowest : z > this.highest) return null;
      before = at;
    }
    return null;
  }

  /** The first distance at which a ray can be near the ground: at the level of the highest place. */
  private enter(origin: Vector, direction: Vector): number | null {
    if (origin[2] <= this.highest) return 0;
    return direction[2] < 0 ? (origin[2] - this.highest) / -direction[2] : null;
  }

  private refine(origin: Vector, direction: Vector, above: number, below: number): Vector {
    for (let turn = 0; turn < 16; turn++) {
      const middle = (above + below) / 2;
      const [x, y, z] = along(origin, direction, middle);
      if (z <= this.heightAt(x, y)) below = middle;
      else above = middle;
    }
    return along(origin, direction, below);
  }
}

export function clamp(value: number, lowest: number, highest: number): number {
  return Math.min(Math.max(value, lowest), highest);
}

function along(origin: Vector, direction: Vector, distance: number): Vector {
  return [
    origin[0] + direction[0] * distance,
    origin[1] + direction[1] * distance,
    origin[2] + direction[2] * distance,
  ];
}

function mixKnown(a: number, b: number, share: number): number {
  if (Number.isNaN(a)) return b;
  return Number.isNaN(b) ? a : a + (b - a) * share;
}

function extremes(values: Float32Array): [number, number] {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  return lowest <= highest ? [lowest, highest] : [0, 0];
}
