import { expect, it } from "vitest";

import type { DepthGrid } from "../core/types";
import { fullestMoment } from "./fullest-moment";

it("is the moment with the most water, whatever has no value", () => {
  const header = {
    version: 1,
    kind: "depth",
    rows: 1,
    columns: 2,
    cellSize: 1,
    west: 0,
    north: 0,
    stride: 1,
    nodata: 255,
    maximum: 4,
  } as const;
  const depth: DepthGrid = { header, times: [0, 300, 600], values: Uint8Array.from([0, 255, 100, 255, 60, 255]) };
  expect(fullestMoment(depth)).toBe(300);
});
