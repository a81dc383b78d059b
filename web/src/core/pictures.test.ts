// @vitest-environment node
import { describe, expect, it } from "vitest";

import { cellsOf } from "./pictures";
import { fieldOf } from "./testing";

const FIELD = fieldOf([
  [0, 0, 0],
  [0, 0, 0],
  [0, 0, 0],
]);

describe("permanent water per cell", () => {
  it("is read at the middle of each cell, from a picture whose first row is in the south", () => {
    const scene = { west: 0, south: 0, east: 6, north: 6 };
    const southwest = cellsOf((x, y) => x < 4 && y < 4, { width: 12, height: 12 }, scene, FIELD);
    expect([...southwest]).toEqual([0, 0, 0, 0, 0, 0, 1, 0, 0]);
  });
});
