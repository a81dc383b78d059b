/**
 * Flood water as numbers, before anything is drawn.
 *
 * The model gives a depth per cell. Drawn as it is, water would climb the bank next to it, stop half a cell before a wall,
 * and spill over the edge of a canal whose own rise is no flood. What is done about that here changes only how water is
 * drawn: numbers are always asked from the server.
 */

import type { MeshGrid } from "./mesh-grid";
import type { DepthGrid, SceneDescription } from "./types";
import { depthOf } from "./grid";

/** Depths under this are not drawn, m: they lie within the error of the terrain. */
export const SHALLOWEST = 0.05;
/** A corner with less than this is dry, m. */
const DRY = 0.02;
const NO_DEPTH = 255;

export interface FloodFrames {
  rows: number;
  columns: number;
  times: readonly number[];
  maximum: number;
  /** Encoded depths without holes, frames x rows x columns. */
  values: Uint8Array;
  /** Greatest encoded depth of each cell in time. */
  greatest: Uint8Array;
}

/**
 * Fill what is no flood (buildings, permanent water, outside the terrain) with the mean of the open cells around it, one
 * cell deep; farther inside it is dry. `permanent` has a one for every cell of permanent water.
 */
export function floodFrames(depth: DepthGrid, permanent: Uint8Array): FloodFrames {
  const { rows, columns, maximum } = depth.header;
  const cells = rows * columns;
  const values = depth.values.slice();
  const greatest = new Uint8Array(cells);
  const closed = closedCells(depth, permanent);
  const rims = rimsOf(closed, rows, columns);
  for (let frame = 0; frame < depth.times.length; frame++) {
    const layer = values.subarray(frame * cells, (frame + 1) * cells);
    for (let cell = 0; cell < cells; cell++) if (closed[cell]) layer[cell] = 0;
    for (const { cell, open } of rims) layer[cell] = mean(layer, open);
    for (let cell = 0; cell < cells; cell++) greatest[cell] = Math.max(greatest[cell]!, layer[cell]!);
  }
  return { rows, columns, times: depth.times, maximum, values, greatest };
}

function closedCells(depth: DepthGrid, permanent: Uint8Array): Uint8Array {
  const closed = new Uint8Array(permanent.length);
  for (let cell = 0; cell < closed.length; cell++) {
    closed[cell] = permanent[cell] || depth.values[cell] === NO_DEPTH ? 1 : 0;
  }
  return closed;
}

function rimsOf(closed: Uint8Array, rows: number, columns: number): { cell: number; open: number[] }[] {
  const rims: { cell: number; open: number[] }[] = [];
  for (let cell = 0; cell < closed.length; cell++) {
    if (!closed[cell]) continue;
    const open = neighbours(cell, rows, columns).filter((other) => !closed[other]);
    if (open.length > 0) rims.push({ cell, open });
  }
  return rims;
}

export function neighbours(cell: number, rows: number, columns: number): number[] {
  const [row, column] = [Math.floor(cell / columns), cell % columns];
  const found: number[] = [];
  for (let r = Math.max(row - 1, 0); r <= Math.min(row + 1, rows - 1); r++) {
    for (let c = Math.max(column - 1, 0); c <= Math.min(column + 1, columns - 1); c++) {
      if (r !== row || c !== column) found.push(r * columns + c);
    }
  }
  return found;
}

function mean(layer: Uint8Array, cells: readonly number[]): number {
  let sum = 0;
  for (const cell of cells) sum += layer[cell]!;
  return Math.round(sum / cells.length);
}

/**
 * The level of the water at every corner of the mesh in one frame, m NAP.
 *
 * A wet corner has ground plus depth. A dry corner beside wet ones takes their lowest level where that is under its own
 * ground, so that a pond ends flat against the bank; every other dry corner has its ground.
 */
export function waterLevels(mesh: MeshGrid, flood: FloodFrames, frame: number, levels: Float32Array): void {
  const layer = flood.values.subarray(frame * flood.rows * flood.columns);
  const [down, across] = [mesh.rows.length, mesh.columns.length];
  const { heights, lowest } = mesh.field;
  const wet = new Uint8Array(levels.length);
  for (let corner = 0; corner < levels.length; corner++) {
    const sample = mesh.sampleOf(corner);
    const [ground, depth] = [heights[sample]!, depthOf(layer[sample]!, flood.maximum)];
    wet[corner] = depth >= DRY ? 1 : 0;
    levels[corner] = Number.isNaN(ground) ? lowest : wet[corner] ? ground + depth : ground;
  }
  const ground = levels.slice();
  for (let corner = 0; corner < levels.length; corner++) {
    if (!wet[corner]) levels[corner] = lowestAround(corner, down, across, wet, ground);
  }
}

function lowestAround(corner: number, rows: number, columns: number, wet: Uint8Array, levels: Float32Array): number {
  const [row, column] = [Math.floor(corner / columns), corner % columns];
  let lowest = levels[corner]!;
  for (let r = Math.max(row - 1, 0); r <= Math.min(row + 1, rows - 1); r++) {
    for (let c = Math.max(column - 1, 0); c <= Math.min(column + 1, columns - 1); c++) {
      const other = r * columns + c;
      if (wet[other] && levels[other]! < lowest) lowest = levels[other]!;
    }
  }
  return lowest;
}

/** Whether a square of the mesh ever has water to draw, in it or in the cell around it. */
export function isEverWet(mesh: MeshGrid, flood: FloodFrames, row: number, column: number): boolean {
  const shown = Math.floor(254 * Math.sqrt((0.8 * SHALLOWEST) / flood.maximum));
  const last = { row: flood.rows - 1, column: flood.columns - 1 };
  for (let r = Math.max(mesh.rows[row]! - 1, 0); r <= Math.min(mesh.rows[row + 1]! + 1, last.row); r++) {
    const [from, to] = [Math.max(mesh.columns[column]! - 1, 0), Math.min(mesh.columns[column + 1]! + 1, last.column)];
    for (let c = from; c <= to; c++) if (flood.greatest[r * flood.columns + c]! >= shown) return true;
  }
  return false;
}

/** The frames before and after a moment, and how far it is between them. */
export function framesAt(times: readonly number[], seconds: number): { before: number; after: number; share: number } {
  const last = times.length - 1;
  let after = times.findIndex((time) => time >= seconds);
  if (after === -1) after = last;
  const before = Math.max(after - 1, 0);
  const [from, to] = [times[before]!, times[after]!];
  const share = to > from ? Math.min(Math.max((seconds - from) / (to - from), 0), 1) : 0;
  return { before, after, share };
}

export const RAMP_TEXELS = 256;
/** Share of a class over which its colour runs into the next one. */
const SOFTNESS = 0.3;

/**
 * The colours of the depth classes as a row of texels over the square root of the depth, up to `rampDepth` metres.
 *
 * Inside a class the colour is that of the legend; only around the bound between two classes it runs over.
 */
export function colourRamp(classes: SceneDescription["depthClasses"], rampDepth: number): Uint8Array {
  const texels = new Uint8Array(4 * RAMP_TEXELS);
  for (let texel = 0; texel < RAMP_TEXELS; texel++) {
    const depth = rampDepth * ((texel + 0.5) / RAMP_TEXELS) ** 2;
    texels.set([...colourAt(classes, depth), 255], 4 * texel);
  }
  return texels;
}

/** The deepest depth that the ramp has to tell apart: a class beyond the start of the last one. */
export function rampDepthOf(classes: SceneDescription["depthClasses"]): number {
  const start = classes.at(-1)?.from ?? 1;
  return start * 1.5;
}

export function colourAt(classes: SceneDescription["depthClasses"], depth: number): [number, number, number] {
  const number = Math.max(classes.filter((one) => depth >= one.from).length - 1, 0);
  const here = classes[number];
  if (!here) return [107, 184, 224];
  const colour = rgbOf(here.colour);
  const next = classes[number + 1];
  if (!next) return colour;
  const start = next.from - SOFTNESS * (next.from - here.from);
  const share = Math.min(Math.max((depth - start) / (next.from - start), 0), 1);
  const other = rgbOf(next.colour);
  return [0, 1, 2].map((part) => Math.round(colour[part]! + (other[part]! - colour[part]!) * share)) as [
    number,
    number,
    number,
  ];
}

/** Red, green and blue, 0 to 255, of '#rrggbb'. */
export function rgbOf(colour: string): [number, number, number] {
  const value = Number.parseInt(colour.replace("#", ""), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}
