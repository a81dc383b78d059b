/** Small grids and shapes that the tests of the scene share. */

import { Frame } from "./frame";
import { featuresOf, type Feature } from "./features";
import { HeightField } from "./height-field";
import type { DepthGrid, GridHeader } from "./types";

export const FRAME = new Frame([100, 200, 0]);

/** A header of cells of 2 m whose south-western corner is the origin of the frame. */
export function header(kind: GridHeader["kind"], rows: number, columns: number): GridHeader {
  const cellSize = 2;
  const nodata = kind === "terrain" ? 65535 : 255;
  return { version: 1, kind, rows, columns, cellSize, west: 100, north: 200 + rows * cellSize, stride: 1, nodata };
}

/** A field from rows of heights, the first row in the north. */
export function fieldOf(rows: readonly (readonly number[])[]): HeightField {
  const heights = Float32Array.from(rows.flat());
  return new HeightField({ header: header("terrain", rows.length, rows[0]!.length), heights }, FRAME);
}

/** Depths in metres, frames of rows; null is no value. The greatest depth that can be told is 1 m. */
export function depthsOf(frames: readonly (readonly (readonly (number | null)[])[])[]): DepthGrid {
  const [rows, columns] = [frames[0]!.length, frames[0]![0]!.length];
  const codes = frames.flat(2).map((depth) => (depth === null ? 255 : Math.round(254 * Math.sqrt(depth))));
  return {
    header: { ...header("depth", rows, columns), maximum: 1 },
    times: frames.map((_, frame) => 300 * frame),
    values: Uint8Array.from(codes),
  };
}

/** A box between two corners as the only feature of a tile. */
export function boxFeature(id: string, lower: [number, number, number], upper: [number, number, number]): Feature {
  const corner = (number: number) => [0, 1, 2].map((axis) => ((number >> axis) & 1 ? upper : lower)[axis]!);
  const positions = Float32Array.from(Array.from({ length: 8 }, (_, number) => corner(number)).flat());
  const sides = [
    [0, 2, 3, 1],
    [4, 5, 7, 6],
    [0, 1, 5, 4],
    [2, 6, 7, 3],
    [0, 4, 6, 2],
    [1, 3, 7, 5],
  ];
  const indices = Uint32Array.from(sides.flatMap(([a, b, c, d]) => [a!, b!, c!, a!, c!, d!]));
  const shape = { positions, normals: new Float32Array(24), indices, rows: new Uint32Array(8) };
  return featuresOf(shape, [{ id, properties: {} }])[0]!;
}
