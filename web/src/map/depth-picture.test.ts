import { describe, expect, it } from "vitest";

import type { DepthGrid } from "../core/types";
import { depthPixels, momentsAround } from "./depth-picture";

const CLASSES = [
  { from: 0.05, to: 0.1, colour: "#010203" },
  { from: 0.1, to: null, colour: "#0a0b0c" },
];
const HEADER = {
  version: 1,
  kind: "depth",
  rows: 1,
  columns: 4,
  cellSize: 2,
  west: 0,
  north: 2,
  stride: 1,
  nodata: 255,
  maximum: 1,
} as const;
const code = (depth: number) => Math.round(254 * Math.sqrt(depth));
const GRID: DepthGrid = {
  header: HEADER,
  times: [0, 300],
  values: Uint8Array.from([0, code(0.03), code(0.07), 255, 0, code(0.03), code(0.3), 255]),
};
const cells = (time: number) =>
  Array.from({ length: 4 }, (_, cell) => [...depthPixels(GRID, time, CLASSES).slice(cell * 4, cell * 4 + 4)]);

describe("the picture of the depths", () => {
  it("has the colours of the legend, and nothing for thin water and for no value", () => {
    expect(cells(0)).toEqual([
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [1, 2, 3, 255],
      [0, 0, 0, 0],
    ]);
    expect(cells(300)[2]).toEqual([10, 11, 12, 255]);
  });

  it("lies between two moments where the time does", () => {
    expect(cells(60)[2]).toEqual([10, 11, 12, 255]);
    expect(cells(10)[2]).toEqual([1, 2, 3, 255]);
  });
});

describe("the moments around a time", () => {
  it.each([
    [-5, { before: 0, after: 0, share: 0 }],
    [150, { before: 0, after: 1, share: 0.5 }],
    [300, { before: 0, after: 1, share: 1 }],
    [999, { before: 1, after: 1, share: 0 }],
  ])("of %f s", (time, expected) => {
    expect(momentsAround(GRID.times, time)).toEqual(expected);
  });
});
