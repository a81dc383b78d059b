// @vitest-environment node
import { describe, expect, it } from "vitest";

import { drape } from "./outline";
import { fieldOf } from "./testing";

const SLOPE = fieldOf([
  [0, 1, 2],
  [0, 1, 2],
  [0, 1, 2],
]);

describe("the border of the area", () => {
  it("follows the ground from cell to cell", () => {
    const { positions, distances } = drape(
      [
        [
          { x: 1, y: 1 },
          { x: 5, y: 1 },
        ],
      ],
      SLOPE,
    );
    expect(positions.length).toBe(3 * 2 * 2);
    expect(positions[5]! - positions[2]!).toBeCloseTo(1);
    expect([...distances]).toEqual([0, 2, 2, 4]);
  });

  it("is left out where there is no terrain", () => {
    expect(
      drape(
        [
          [
            { x: 1, y: 1 },
            { x: 1, y: -9 },
          ],
        ],
        SLOPE,
      ).positions.length,
    ).toBe(0);
  });
});
