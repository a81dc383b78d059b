// @vitest-environment node
import { describe, expect, it } from "vitest";

import { reliefTexels } from "./relief";
import { fieldOf } from "./testing";

const SLOPE = fieldOf([
  [0, 1, 2],
  [0, 1, 2],
  [0, 1, 2],
]);

describe("the relief", () => {
  it("points up on level ground and leans downhill on a slope", () => {
    expect([
      ...reliefTexels(
        fieldOf([
          [1, 1],
          [1, 1],
        ]),
      ).slice(0, 4),
    ]).toEqual([128, 128, 255, 255]);
    const texel = [...reliefTexels(SLOPE).slice(4, 8)];
    expect(texel[0]).toBeLessThan(110);
    expect(texel[1]).toBe(128);
  });
});
