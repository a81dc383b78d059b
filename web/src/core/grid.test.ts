// @vitest-environment node
import { describe, expect, it } from "vitest";

import { depthOf, GridError, parseDepth, parseTerrain } from "./grid";

const SHAPE = { rows: 2, columns: 2, cellSize: 1, west: 0, north: 2, stride: 1 };
const TERRAIN = {
  version: 1,
  kind: "terrain",
  ...SHAPE,
  dtype: "uint16",
  offset: -5,
  scale: 0.001,
  nodata: 65535,
  unit: "m NAP",
};
const DEPTH = {
  version: 1,
  kind: "depth",
  ...SHAPE,
  times: [0, 300],
  dtype: "uint8",
  encoding: "sqrt",
  maximum: 4,
  nodata: 255,
};

function pack(header: unknown, payload: ArrayBufferView, magic = "MGRD"): ArrayBuffer {
  let text = typeof header === "string" ? header : JSON.stringify(header);
  text += " ".repeat((8 - ((8 + text.length) % 8)) % 8);
  const bytes = new Uint8Array(8 + text.length + payload.byteLength);
  bytes.set(new TextEncoder().encode(magic), 0);
  new DataView(bytes.buffer).setUint32(4, text.length, true);
  bytes.set(new TextEncoder().encode(text), 8);
  bytes.set(new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength), 8 + text.length);
  return bytes.buffer;
}

function problemOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof GridError) return error.problem;
    throw error;
  }
  return "none";
}

describe("terrain", () => {
  it("has heights of offset plus scale times value, and NaN where there is none", () => {
    const { heights } = parseTerrain(pack(TERRAIN, Uint16Array.of(0, 5000, 65535, 7250)));
    expect([...heights]).toEqual([-5, 0, NaN, 2.25]);
  });

  it("keeps the place of the grid", () => {
    const { header } = parseTerrain(pack(TERRAIN, new Uint16Array(4)));
    expect(header).toMatchObject({ rows: 2, columns: 2, cellSize: 1, west: 0, north: 2, kind: "terrain" });
  });
});

describe("depth", () => {
  it("has one layer of values per time", () => {
    const grid = parseDepth(pack(DEPTH, Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 255)));
    expect(grid.times).toEqual([0, 300]);
    expect([...grid.values]).toEqual([0, 1, 2, 3, 4, 5, 6, 255]);
    expect(grid.header.maximum).toBe(4);
  });

  it("is the square of the value, so that shallow water is told finely", () => {
    expect(depthOf(254, 4)).toBe(4);
    expect(depthOf(127, 4)).toBe(1);
    expect(depthOf(0, 4)).toBe(0);
    expect(depthOf(255, 4)).toBeNaN();
  });
});

describe("broken bytes are told apart", () => {
  const payload = new Uint8Array(8);
  it.each([
    ["not-a-grid", pack(DEPTH, payload, "GLTF")],
    ["not-a-grid", new ArrayBuffer(0)],
    ["not-a-grid", new TextEncoder().encode("MGRD").buffer as ArrayBuffer],
    ["version", pack({ ...DEPTH, version: 2 }, payload)],
    ["kind", pack(TERRAIN, payload)],
    ["header", pack("{broken", payload)],
    ["header", pack("[1,", payload)],
    ["header", pack({ ...DEPTH, rows: undefined }, payload)],
    ["header", pack({ ...DEPTH, rows: 0 }, payload)],
    ["header", pack({ ...DEPTH, times: [] }, payload)],
    ["header", pack({ ...DEPTH, encoding: "linear" }, payload)],
    ["length", pack(DEPTH, new Uint8Array(7))],
    ["length", pack(DEPTH, payload).slice(0, 20)],
  ])("%s", (problem, bytes) => {
    expect(problemOf(() => parseDepth(bytes))).toBe(problem);
  });

  it("in one sentence that names the value and what is allowed", () => {
    expect(() => parseDepth(pack({ ...DEPTH, version: 2 }, payload))).toThrow("version 2; this viewer reads version 1");
  });
});
