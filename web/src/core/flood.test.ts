// @vitest-environment node
import { describe, expect, it } from "vitest";

import {
  colourAt,
  colourRamp,
  floodFrames,
  framesAt,
  isEverWet,
  neighbours,
  rampDepthOf,
  RAMP_TEXELS,
  rgbOf,
  waterLevels,
} from "./flood";
import { depthOf } from "./grid";
import { MeshGrid } from "./mesh-grid";
import { depthsOf, fieldOf } from "./testing";

const CLASSES = [
  { from: 0.05, to: 0.1, colour: "#c5e8f2" },
  { from: 0.1, to: 0.3, colour: "#6bb8e0" },
  { from: 0.3, to: null, colour: "#0a2f63" },
];

function levelsOf(heights: number[][], depths: (number | null)[][]): number[] {
  const mesh = new MeshGrid(fieldOf(heights), 1000);
  const flood = floodFrames(depthsOf([depths]), new Uint8Array(heights.flat().length));
  const levels = new Float32Array(mesh.corners);
  waterLevels(mesh, flood, 0, levels);
  return [...levels];
}

describe("the level of the water", () => {
  it("is ground plus depth where it is wet", () => {
    expect(levelsOf([[1, 1]], [[0.25, 0.25]])[0]).toBeCloseTo(1.25, 2);
  });

  it("goes on flat into the bank instead of climbing it", () => {
    const [pond, bank, dry] = levelsOf([[1, 2, 3]], [[0.25, 0, 0]]);
    expect(bank).toBe(pond);
    expect(dry).toBe(3);
  });

  it("takes the lowest of the ponds around a dry place", () => {
    const [left, middle, right] = levelsOf([[1, 3, 2]], [[0.25, 0, 0.25]]);
    expect(left).toBeLessThan(right!);
    expect(middle).toBe(left);
  });

  it("never stands above a dry place that lies lower than the water beside it", () => {
    expect(levelsOf([[2, 1]], [[0.25, 0]])[1]).toBe(1);
  });
});

describe("what is no flood", () => {
  it("takes the mean of the open cells beside it, so that water reaches the wall of a building", () => {
    const flood = floodFrames(depthsOf([[[0.25, null, null, null]]]), new Uint8Array(4));
    expect(depthOf(flood.values[1]!, 1)).toBeCloseTo(0.25, 2);
    expect([...flood.values.slice(2)]).toEqual([0, 0]);
  });

  it("is dry in the middle of a building and in permanent water, whatever its own rise", () => {
    const flood = floodFrames(depthsOf([[[0, 0.5, 0.5]]]), Uint8Array.of(0, 1, 1));
    expect([...flood.values]).toEqual([0, 0, 0]);
  });

  it("leaves the depths of the run as they came", () => {
    const depth = depthsOf([[[0.25, null]]]);
    floodFrames(depth, new Uint8Array(2));
    expect(depth.values[1]).toBe(255);
  });

  it("keeps the greatest depth in time", () => {
    const flood = floodFrames(depthsOf([[[0.04, 0]], [[0.25, 0]], [[0.09, 0]]]), new Uint8Array(2));
    expect(depthOf(flood.greatest[0]!, 1)).toBeCloseTo(0.25, 2);
    expect(flood.greatest[1]).toBe(0);
  });

  it("is told by the eight cells around, fewer at an edge", () => {
    expect(neighbours(4, 3, 3)).toHaveLength(8);
    expect(neighbours(0, 3, 3)).toEqual([1, 3, 4]);
  });
});

describe("where water is drawn at all", () => {
  it("is where it ever stands, and a cell around", () => {
    const heights = [Array<number>(8).fill(0), Array<number>(8).fill(0)];
    const depths = [
      [0.2, 0, 0, 0, 0, 0, 0, 0.04],
      [0, 0, 0, 0, 0, 0, 0, 0.03],
    ];
    const mesh = new MeshGrid(fieldOf(heights), 1000);
    const flood = floodFrames(depthsOf([depths]), new Uint8Array(16));
    const wet = Array.from({ length: 7 }, (_, column) => isEverWet(mesh, flood, 0, column));
    expect(wet).toEqual([true, true, false, false, false, true, true]);
    const film = floodFrames(depthsOf([depths.map((row) => row.map(() => 0.03))]), new Uint8Array(16));
    expect(isEverWet(mesh, film, 0, 0)).toBe(false);
  });
});

describe("the moment between two frames", () => {
  it.each([
    [-10, { before: 0, after: 0, share: 0 }],
    [0, { before: 0, after: 0, share: 0 }],
    [75, { before: 0, after: 1, share: 0.25 }],
    [300, { before: 0, after: 1, share: 1 }],
    [450, { before: 1, after: 2, share: 0.5 }],
    [9999, { before: 1, after: 2, share: 1 }],
  ])("%d s", (seconds, place) => {
    expect(framesAt([0, 300, 600], seconds)).toEqual(place);
  });

  it("is the only frame of a run with one", () => {
    expect(framesAt([0], 500)).toEqual({ before: 0, after: 0, share: 0 });
  });
});

describe("the colour of a depth", () => {
  it("is that of its class in the legend", () => {
    expect(colourAt(CLASSES, 0.05)).toEqual(rgbOf("#c5e8f2"));
    expect(colourAt(CLASSES, 0.08)).toEqual(rgbOf("#c5e8f2"));
    expect(colourAt(CLASSES, 0.1)).toEqual(rgbOf("#6bb8e0"));
    expect(colourAt(CLASSES, 2)).toEqual(rgbOf("#0a2f63"));
  });

  it("runs into the next class only near the bound", () => {
    const [red] = colourAt(CLASSES, 0.095);
    expect(red).toBeLessThan(rgbOf("#c5e8f2")[0]);
    expect(red).toBeGreaterThan(rgbOf("#6bb8e0")[0]);
  });

  it("is the same in the texels of the ramp", () => {
    const deepest = rampDepthOf(CLASSES);
    const ramp = colourRamp(CLASSES, deepest);
    const texel = Math.floor(RAMP_TEXELS * Math.sqrt(0.2 / deepest));
    expect([...ramp.slice(4 * texel, 4 * texel + 3)]).toEqual(rgbOf("#6bb8e0"));
    expect([...ramp.slice(-4)]).toEqual([...rgbOf("#0a2f63"), 255]);
  });
});
