import { expect, it } from "vitest";

import type { Quality } from "../core/types";
import { Patience } from "./patience";

/** Frames of these lengths, and the qualities that were asked for. */
function shown(quality: Quality, frames: number[]): Quality[] {
  const [patience, asked]: [Patience, Quality[]] = [new Patience(quality), []];
  for (const lastFrameMilliseconds of frames) {
    patience.judge({
      statistics: () => ({ drawCalls: 0, triangles: 0, renderer: "", lastFrameMilliseconds }),
      setQuality: (lower) => void asked.push(lower),
    });
  }
  return asked;
}

it("steps down when frames stay slow, one step at a time", () => {
  expect(shown("fine", Array(8).fill(300))).toEqual(["normal", "low"]);
});

it("forgives a slow start", () => {
  expect(shown("normal", [900, 400, 200, 20, 20, 300, 20])).toEqual([]);
});

it("has nothing below low", () => {
  expect(shown("low", Array(20).fill(2000))).toEqual([]);
});
