import { describe, expect, it } from "vitest";

import type { Geometry } from "../api/types";
import { drawnAs, geometryOf, missing, type Place, readPlaces, sizeOf, withPoint, writePlaces } from "./drawing";

const SQUARE: Place[] = [
  [100, 200],
  [110, 200],
  [110, 205],
  [100, 205],
];
const HOLED: Geometry = {
  type: "Polygon",
  coordinates: [
    [...SQUARE, SQUARE[0]!],
    [...SQUARE, SQUARE[0]!],
  ],
};

describe("a sketch", () => {
  it("lacks points until it is a shape", () => {
    expect([0, 1, 2, 3, 4].map((count) => missing("Polygon", SQUARE.slice(0, count)))).toEqual([3, 2, 1, 0, 0]);
    expect(geometryOf("LineString", SQUARE.slice(0, 1))).toBeNull();
    expect(geometryOf("Point", SQUARE.slice(0, 1))).toEqual({ type: "Point", coordinates: [100, 200] });
  });

  it("is closed as a polygon, and open again when it is changed", () => {
    const geometry = geometryOf("Polygon", SQUARE);
    expect(geometry).toEqual({ type: "Polygon", coordinates: [[...SQUARE, [100, 200]]] });
    expect(drawnAs(geometry)).toEqual({ shape: "Polygon", points: SQUARE });
  });

  it("with holes or parts is not taken for points, so that nothing of it is lost", () => {
    expect(drawnAs(HOLED)).toBeNull();
    expect(drawnAs({ type: "MultiPolygon", coordinates: [] })).toBeNull();
  });

  it("counts the second click of a double click once, and has one place as a point", () => {
    expect(withPoint("Polygon", SQUARE, [100.01, 205.02])).toEqual(SQUARE);
    expect(withPoint("Polygon", SQUARE, [101, 206])).toHaveLength(5);
    expect(withPoint("Point", [[1, 2]], [3, 4])).toEqual([[3, 4]]);
  });

  it("is so large, whichever way round it is drawn", () => {
    expect(sizeOf("Polygon", SQUARE)).toBeCloseTo(50);
    expect(sizeOf("Polygon", [...SQUARE].reverse())).toBeCloseTo(50);
    expect(sizeOf("LineString", SQUARE.slice(0, 3))).toBeCloseTo(15);
    expect(sizeOf("Polygon", SQUARE.slice(0, 2))).toBe(0);
  });
});

describe("typed places", () => {
  it("are read as they are written, with a comma or a point", () => {
    const text = writePlaces(SQUARE, (metres) => metres.toFixed(1).replace(".", ","));
    expect(text.split("\n")[0]).toBe("100,0 200,0");
    expect(readPlaces(text)).toEqual(SQUARE);
    expect(readPlaces("\n 100.5;200 \n\n")).toEqual([[100.5, 200]]);
    expect(readPlaces("")).toEqual([]);
  });

  it.each(["100", "100 200 300", "100 x", "100,200"])("%s is no place", (text) => {
    expect(readPlaces(text)).toBeNull();
  });
});
