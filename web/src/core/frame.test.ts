// @vitest-environment node
import { describe, expect, it } from "vitest";

import { Frame, ringsOf } from "./frame";
import { FRAME, header } from "./testing";

describe("the local frame", () => {
  it("is RD New minus the origin, both ways", () => {
    const frame = new Frame([84500, 447500, 0]);
    expect(frame.toLocal({ x: 84600, y: 447400 })).toEqual({ x: 100, y: -100 });
    expect(frame.toRd(frame.toLocal({ x: 84612.5, y: 447321.25 }))).toEqual({ x: 84612.5, y: 447321.25 });
  });

  it("knows the outer edges of a grid from its north-western corner", () => {
    expect(FRAME.boundsOf(header("terrain", 3, 5))).toEqual({ west: 0, south: 0, east: 10, north: 6 });
  });

  it("knows the edges of the scene", () => {
    const grid = { west: 90, south: 180, east: 130, north: 240, cellSize: 1, rows: 60, columns: 40 };
    expect(FRAME.boundsOfScene(grid)).toEqual({ west: -10, south: -20, east: 30, north: 40 });
  });
});

describe("the rings of the area", () => {
  const ring = [
    [100, 200],
    [110, 200],
    [110, 210],
    [100, 200],
  ];

  it("come from polygons and from several polygons", () => {
    const local = [
      { x: 0, y: 0 },
      { x: 10, y: 0 },
      { x: 10, y: 10 },
      { x: 0, y: 0 },
    ];
    expect(ringsOf({ type: "Polygon", coordinates: [ring] }, FRAME)).toEqual([local]);
    expect(ringsOf({ type: "MultiPolygon", coordinates: [[ring], [ring]] }, FRAME)).toEqual([local, local]);
  });

  it("are none for anything else", () => {
    expect(ringsOf({ type: "Point", coordinates: [1, 2] }, FRAME)).toEqual([]);
  });
});
