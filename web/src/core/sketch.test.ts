import { describe, expect, it } from "vitest";

import { along, band, isInside, lookOf, placed, spread } from "./sketch";
import { buildingsUnder, prism, skinOf } from "./sketch-solids";
import { boxFeature, FRAME } from "./testing";
import type { Point, Sketch } from "./types";

const SKETCH: Sketch = {
  id: "a",
  kind: "wadi",
  shape: "basin",
  colour: "#7fb08a",
  onBuildings: false,
  geometry: { type: "Point", coordinates: [102, 203] },
  values: {},
  chosen: false,
};
const RING: Point[] = [
  { x: 0, y: 0 },
  { x: 10, y: 0 },
  { x: 10, y: 10 },
  { x: 0, y: 10 },
  { x: 0, y: 0 },
];
const HOLE: Point[] = RING.map(({ x, y }) => ({ x: 3 + x * 0.4, y: 3 + y * 0.4 }));

describe("a measure", () => {
  it("has the look of its kind, and that of its shape when the kind is not known", () => {
    expect(lookOf(SKETCH)).toBe("hollow");
    expect(lookOf({ kind: "somebodys-own", shape: "wall" })).toBe("wall");
  });

  it("lies in local metres", () => {
    expect(placed(SKETCH, FRAME).line).toEqual([{ x: 2, y: 3 }]);
    const geometry = { type: "Polygon", coordinates: [RING.map(({ x, y }) => [100 + x, 200 + y])] };
    expect(placed({ ...SKETCH, geometry }, FRAME).rings).toEqual([RING]);
  });
});

describe("places on a measure", () => {
  it("lie inside, away from the edge, and are always the same", () => {
    const found = spread([RING, HOLE], 2, 0.5);
    expect(found.length).toBeGreaterThan(3);
    expect(found.every((place) => isInside(place, [RING, HOLE]))).toBe(true);
    expect(spread([RING, HOLE], 2, 0.5)).toEqual(found);
  });

  it("stand along a line at even distances", () => {
    const line = [RING[0]!, RING[1]!, RING[2]!];
    expect(along(line, 9)).toEqual([
      { x: 4.5, y: 0 },
      { x: 10, y: 3.5 },
    ]);
  });

  it("a line is as wide as its band says", () => {
    const ring = band([RING[0]!, RING[1]!], 2);
    expect(ring[0]).toEqual(ring.at(-1));
    expect(Math.max(...ring.map(({ y }) => y)) - Math.min(...ring.map(({ y }) => y))).toBeCloseTo(2);
  });
});

describe("solids", () => {
  it("have a top and upright sides that look outwards, whichever way the ring goes", () => {
    for (const ring of [RING, [...RING].reverse()]) {
      const geometry = prism([ring, HOLE], 0, 5);
      const [positions, normals] = [geometry.getAttribute("position"), geometry.getAttribute("normal")];
      const top = Array.from({ length: normals.count }, (_, at) => at).filter((at) => normals.getZ(at) > 0.9);
      expect(top.every((at) => positions.getZ(at) === 5)).toBe(true);
      const west = Array.from({ length: normals.count }, (_, at) => at).filter((at) => positions.getX(at) === 0);
      expect(west.some((at) => normals.getX(at) < -0.9)).toBe(true);
      expect(west.some((at) => normals.getX(at) > 0.9)).toBe(false);
    }
  });

  it("find the building at a point, and those whose middle lies in a polygon", () => {
    const features = new Map(
      [boxFeature("near", [1, 1, 0], [5, 5, 6]), boxFeature("far", [20, 1, 0], [25, 5, 6])].map((one) => [one.id, one]),
    );
    const at = { ...placed(SKETCH, FRAME), line: [{ x: 2, y: 2 }] };
    expect(buildingsUnder(at, features).map(({ id }) => id)).toEqual(["near"]);
    expect(buildingsUnder({ ...at, rings: [RING] }, features).map(({ id }) => id)).toEqual(["near"]);
    expect(buildingsUnder({ ...at, line: [{ x: 12, y: 2 }] }, features)).toEqual([]);
  });

  it("cover a roof alone, or every side of a building", () => {
    const feature = boxFeature("box", [0, 0, 0], [4, 4, 3]);
    expect(skinOf(feature, false).length).toBe(12 * 9);
    const roof = skinOf(feature, true);
    expect(roof.length).toBe(2 * 9);
    expect([2, 5, 8].map((at) => roof[at]).every((height) => height! > 3)).toBe(true);
  });
});
