/** Reading the grids that the server packs: terrain heights and water depths in time. The layout is in docs/formats.md. */

import type { DepthGrid, GridHeader, TerrainGrid } from "./types";

const MAGIC = "MGRD";
const PREFIX = 8;
const VERSION = 1;
const DEEPEST = 254;
const NO_DEPTH = 255;

export type GridProblem = "not-a-grid" | "version" | "header" | "kind" | "length";

/** The bytes are no grid of the kind asked for; `problem` says why, the message in one sentence. */
export class GridError extends Error {
  constructor(
    readonly problem: GridProblem,
    message: string,
  ) {
    super(message);
    this.name = "GridError";
  }
}

type Json = Record<string, unknown>;

/** Read a terrain grid; heights outside the terrain are NaN. Throws `GridError`. */
export function parseTerrain(bytes: ArrayBuffer): TerrainGrid {
  const { header, json, start } = parseHeader(bytes, "terrain");
  const { offset, scale } = { offset: numberOf(json, "offset"), scale: numberOf(json, "scale") };
  const count = header.rows * header.columns;
  requireLength(bytes, start + 2 * count);
  const view = new DataView(bytes, start);
  const heights = new Float32Array(count);
  for (let cell = 0; cell < count; cell++) {
    const value = view.getUint16(2 * cell, true);
    heights[cell] = value === header.nodata ? NaN : offset + scale * value;
  }
  return { header, heights };
}

/** Read a grid of water depths in time. Throws `GridError`. */
export function parseDepth(bytes: ArrayBuffer): DepthGrid {
  const { header, json, start } = parseHeader(bytes, "depth");
  const times = json.times;
  if (!Array.isArray(times) || times.length === 0 || !times.every((time) => Number.isFinite(time))) {
    throw new GridError("header", "the header of the depth grid has no list of times");
  }
  if (json.encoding !== "sqrt") {
    throw new GridError("header", `depths are encoded as '${String(json.encoding)}'; only 'sqrt' can be read`);
  }
  const count = times.length * header.rows * header.columns;
  requireLength(bytes, start + count);
  return {
    header: { ...header, maximum: numberOf(json, "maximum") },
    times: times as number[],
    values: new Uint8Array(bytes, start, count),
  };
}

/** Depth in metres of an encoded value; NaN for no value. */
export function depthOf(value: number, maximum: number): number {
  return value === NO_DEPTH ? NaN : maximum * (value / DEEPEST) ** 2;
}

function parseHeader(bytes: ArrayBuffer, kind: GridHeader["kind"]): { header: GridHeader; json: Json; start: number } {
  const magic = new TextDecoder("latin1").decode(new Uint8Array(bytes, 0, Math.min(4, bytes.byteLength)));
  if (magic !== MAGIC || bytes.byteLength < PREFIX) {
    throw new GridError("not-a-grid", `these ${bytes.byteLength} bytes are no grid: one begins with ${MAGIC}`);
  }
  const length = new DataView(bytes).getUint32(4, true);
  const start = PREFIX + length;
  requireLength(bytes, start);
  const json = parseJson(new Uint8Array(bytes, PREFIX, length));
  if (json.version !== VERSION) {
    throw new GridError(
      "version",
      `the grid has version ${String(json.version)}; this viewer reads version ${VERSION}`,
    );
  }
  if (json.kind !== kind) {
    throw new GridError("kind", `the grid is of kind '${String(json.kind)}' where '${kind}' was asked for`);
  }
  return { header: headerOf(json, kind), json, start };
}

function headerOf(json: Json, kind: GridHeader["kind"]): GridHeader {
  const header: GridHeader = {
    version: VERSION,
    kind,
    rows: numberOf(json, "rows"),
    columns: numberOf(json, "columns"),
    cellSize: numberOf(json, "cellSize"),
    west: numberOf(json, "west"),
    north: numberOf(json, "north"),
    stride: numberOf(json, "stride"),
    nodata: numberOf(json, "nodata"),
  };
  const { rows, columns, cellSize } = header;
  if (!Number.isInteger(rows) || !Number.isInteger(columns) || rows < 1 || columns < 1 || cellSize <= 0) {
    throw new GridError("header", `a grid of ${rows} x ${columns} cells of ${cellSize} m cannot be drawn`);
  }
  return header;
}

function parseJson(text: Uint8Array): Json {
  try {
    const json: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(text));
    if (json && typeof json === "object") return json as Json;
  } catch {
    // falls through: the sentence below says it
  }
  throw new GridError("header", "the header of the grid is no JSON object");
}

function numberOf(json: Json, key: string): number {
  const value = json[key];
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new GridError("header", `the header of the grid has no number '${key}'`);
  }
  return value;
}

function requireLength(bytes: ArrayBuffer, needed: number): void {
  if (bytes.byteLength < needed) {
    throw new GridError("length", `the grid has ${bytes.byteLength} bytes and needs ${needed}; it was cut off`);
  }
}
