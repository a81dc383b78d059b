// @vitest-environment node
import { describe, expect, it } from "vitest";

import type { Vector } from "./height-field";
import { fieldOf } from "./testing";

const SLOPE = fieldOf([
  [0, 1, 2],
  [0, 1, 2],
  [0, 1, 2],
]);

describe("the height of the ground", () => {
  it("is that of a sample at the middle of its cell", () => {
    expect(SLOPE.heightAt(1, 1)).toBe(0);
    expect(SLOPE.heightAt(3, 5)).toBe(1);
  });

  it("runs evenly between samples", () => {
    expect(SLOPE.heightAt(2, 3)).toBeCloseTo(0.5);
    expect(SLOPE.heightAt(4.5, 2.2)).toBeCloseTo(1.75);
  });

  it("stays that of the last sample up to the edge, and is unknown beyond it", () => {
    expect(SLOPE.heightAt(6, 3)).toBe(2);
    expect(SLOPE.heightAt(6.01, 3)).toBeNaN();
    expect(SLOPE.heightAt(3, -0.01)).toBeNaN();
  });

  it("ignores samples without a value", () => {
    const hole = fieldOf([
      [5, NaN],
      [5, NaN],
    ]);
    expect(hole.heightAt(2, 2)).toBe(5);
    expect([hole.lowest, hole.highest]).toEqual([5, 5]);
  });
});

describe("a ray", () => {
  const unit = (vector: Vector): Vector => {
    const length = Math.hypot(...vector);
    return vector.map((part) => part / length) as Vector;
  };

  it("meets the ground where it is as high as the ground", () => {
    const [x, y, z] = SLOPE.intersect([3, 3, 50], [0, 0, -1], 100)!;
    expect([x, y]).toEqual([3, 3]);
    expect(z).toBeCloseTo(1, 2);
  });

  it("meets a slope from the side", () => {
    const [x, , z] = SLOPE.intersect([-10, 3, 1.5], [1, 0, 0], 100)!;
    expect(x).toBeCloseTo(4, 1);
    expect(z).toBe(1.5);
  });

  it("meets nothing when it looks up, misses the model, or ends before", () => {
    expect(SLOPE.intersect([3, 3, 50], [0, 0, 1], 100)).toBeNull();
    expect(SLOPE.intersect([-50, 3, 50], unit([-1, 0, -1]), 1000)).toBeNull();
    expect(SLOPE.intersect([3, 3, 50], [0, 0, -1], 10)).toBeNull();
  });
});
