import { describe, expect, it } from "vitest";

import type { Geometry } from "../api/types";
import { pointInside } from "./geometry";

const square: [number, number][] = [
  [0, 0],
  [10, 0],
  [10, 10],
  [0, 10],
  [0, 0],
];

describe("the point inside", () => {
  it("is the middle of a square", () => {
    expect(pointInside({ type: "Polygon", coordinates: [square] })).toEqual([5, 5]);
  });

  it("does not fall into a courtyard", () => {
    const yard: [number, number][] = [
      [4, 2],
      [8, 2],
      [8, 8],
      [4, 8],
      [4, 2],
    ];
    expect(pointInside({ type: "Polygon", coordinates: [square, yard] })).toEqual([2, 5]);
  });

  it("lies in the arm of a hook, not in its bend", () => {
    const hook: Geometry = {
      type: "MultiPolygon",
      coordinates: [
        [
          [
            [0, 0],
            [10, 0],
            [10, 2],
            [2, 2],
            [2, 10],
            [0, 10],
            [0, 0],
          ],
        ],
      ],
    };
    expect(pointInside(hook)).toEqual([1, 5]);
  });

  it("is nowhere without a geometry", () => {
    expect(pointInside(null)).toBeNull();
    expect(pointInside({ type: "MultiPolygon", coordinates: [] })).toBeNull();
  });
});
