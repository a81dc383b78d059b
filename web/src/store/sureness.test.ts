// @vitest-environment jsdom
import { beforeAll, describe, expect, it } from "vitest";

import type { Checks } from "../api/types";
import { Words } from "../language/words.svelte";
import { sureness } from "./sureness";

const CHECKS: Checks = {
  engines: { wet_overlap: 0.893, rmse: 0.0124, largest: 0.31 },
  resolution: { cell_sizes: [1, 2], indicators: { "flooded-area": { run: 1200, other: 1350 } } },
  noise: { p99: 0.0001, p999: 0.0004 },
  ensemble: { members: [{}, {}] },
};

const dutch = new Words();
const english = new Words();

beforeAll(async () => {
  await dutch.start("nl");
  await english.start("en");
});

describe("how sure an answer is", () => {
  it("is one sentence per check, in the words of the page", () => {
    const [engines, cells, rounding, band] = sureness(CHECKS, dutch);
    expect(engines).toContain("89%");
    expect(engines).toContain("12 mm");
    expect(cells).toContain("1.350 m²");
    expect(rounding).toContain("0,4 mm");
    expect(band).toContain("2 extra");
  });

  it("says so when neither method finds deep water, and nothing for runs without checks", () => {
    const dry = { engines: { wet_overlap: null, rmse: 0, largest: 0 } };
    expect(sureness(dry, english)).toEqual([expect.stringContaining("neither")]);
    expect(sureness(null, dutch)).toEqual([]);
    expect(sureness({}, dutch)).toEqual([]);
  });
});
