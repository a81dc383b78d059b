// @vitest-environment node
import { describe, expect, it } from "vitest";

import { featuresOf, risesOf } from "./features";
import type { Vector } from "./height-field";
import { entersBox, pickFeature } from "./picking";
import { boxFeature } from "./testing";

const NEAR = boxFeature("near", [0, 0, 0], [10, 10, 6]);
const FAR = boxFeature("far", [0, 20, 0], [10, 30, 20]);
const DOWN: Vector = [0, 0, -1];
const NORTH: Vector = [0, 1, 0];

describe("the building that a ray meets", () => {
  it("is the nearest, whatever the order", () => {
    for (const features of [
      [NEAR, FAR],
      [FAR, NEAR],
    ]) {
      const hit = pickFeature(features, [5.1, -10, 3], NORTH)!;
      expect(hit.feature.id).toBe("near");
      expect(hit.distance).toBeCloseTo(10);
    }
  });

  it("is the tall one behind when the ray passes over the low one", () => {
    expect(pickFeature([NEAR, FAR], [5.1, -10, 12], NORTH)?.feature.id).toBe("far");
  });

  it("is hit from above at its roof", () => {
    expect(pickFeature([NEAR, FAR], [5.1, 4.2, 100], DOWN)?.distance).toBeCloseTo(94);
  });

  it("is none where the ray passes by or points away", () => {
    expect(pickFeature([NEAR, FAR], [15, -10, 3], NORTH)).toBeNull();
    expect(pickFeature([NEAR, FAR], [5, -10, 3], [0, -1, 0])).toBeNull();
  });

  it("is not one whose box is met but whose walls are not", () => {
    const roof = featuresOf(
      {
        positions: Float32Array.of(0, 0, 0, 10, 0, 0, 0, 10, 10),
        normals: new Float32Array(9),
        indices: Uint32Array.of(0, 1, 2),
        rows: new Uint32Array(3),
      },
      [{ id: "roof", properties: {} }],
    );
    expect(entersBox([0, 0, 0], [10, 10, 10], [9, 9, 50], DOWN)).not.toBeNull();
    expect(pickFeature(roof, [9, 9, 50], DOWN)).toBeNull();
    expect(pickFeature(roof, [2, 2, 50], DOWN)?.distance).toBeCloseTo(48);
  });
});

describe("the features of a tile", () => {
  const shape = {
    positions: Float32Array.of(0, 0, 1, 1, 0, 1, 0, 1, 4, 5, 5, 2, 6, 5, 2, 5, 6, 2),
    normals: new Float32Array(18),
    indices: Uint32Array.of(3, 4, 5, 0, 1, 2),
    rows: Uint32Array.of(2, 2, 2, 0, 0, 0),
  };
  const rows = ["a", "empty", "c"].map((id) => ({ id, properties: {} }));

  it("are those with triangles, each with its own corners and box", () => {
    const features = featuresOf(shape, rows);
    expect(features.map(({ id }) => id)).toEqual(["a", "c"]);
    expect([...features[1]!.corners]).toEqual([0, 1, 2]);
    expect([...features[1]!.triangles]).toEqual([1]);
    expect(features[1]).toMatchObject({ lower: [0, 0, 1], upper: [1, 1, 4] });
  });

  it("tell of every corner how high it is above the foot of its building", () => {
    expect([...risesOf(featuresOf(shape, rows), 6)]).toEqual([0, 0, 3, 0, 0, 0]);
  });
});
