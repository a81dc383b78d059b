// @vitest-environment node
import { describe, expect, it } from "vitest";

import { detailFor, thinned, type Tree, Trees } from "./trees";

const row = (count: number): Tree[] => Array.from({ length: count }, (_, number) => [number, 0, 0, 8]);

describe("trees", () => {
  it("are finer when there are few", () => {
    expect(detailFor(20, 90_000)).toBeGreaterThan(detailFor(600, 90_000));
    expect(detailFor(100_000, 90_000)).toBe(0);
  });

  it("stay within their triangles, however many there are", () => {
    for (const count of [1, 50, 700, 20_000]) {
      const { object } = new Trees(row(count), 20_000);
      expect((object.count * object.geometry.getAttribute("position").count) / 3).toBeLessThanOrEqual(20_000);
    }
  });

  it("are left out evenly, and only when there are too many", () => {
    expect(thinned(row(10), 10)).toHaveLength(10);
    expect(thinned(row(10), 5).map(([x]) => x)).toEqual([0, 2, 4, 6, 8]);
  });

  it("are as high as they are given and look the same every time", () => {
    const [one, other] = [new Trees([[3, 4, 1, 10]], 1000), new Trees([[3, 4, 1, 10]], 1000)];
    expect([...one.object.instanceMatrix.array]).toEqual([...other.object.instanceMatrix.array]);
    one.object.geometry.computeBoundingBox();
    expect(10 * one.object.geometry.boundingBox!.max.z).toBeCloseTo(9.6, 0);
  });
});
