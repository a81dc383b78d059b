// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from "vitest";

import type { Indicator } from "../api/types";
import { Words } from "./words.svelte";

const INDICATOR: Indicator = {
  id: "buildings-facade-low",
  title: "Buildings with at least 12 cm of water at the façade",
  value: 25,
  unit: "count",
  low: null,
  high: null,
  target: null,
  direction: "lower",
  meaning: "Number of buildings",
  doesNotShow: "Whether water enters",
  thresholdSource: "common practice",
};
let words: Words;

beforeEach(() => {
  localStorage.clear();
  words = new Words();
});

describe("the language", () => {
  it("is Dutch at first, then what was chosen, and always what a link says", async () => {
    await words.start(null);
    expect(words.language).toBe("nl");
    await words.choose("en");
    const again = new Words();
    await again.start(null);
    expect(again.language).toBe("en");
    await again.start("nl");
    expect(again.language).toBe("nl");
  });
});

describe("words of the server", () => {
  it("become Dutch where they are known, with the numbers of the run", async () => {
    await words.start("nl");
    const text = words.indicator(INDICATOR, { facade_low: 0.12 });
    expect(text.title).toBe("Gebouwen met 12 cm water of meer aan de gevel");
    const rose = "Permanent water rose by up to 0.46 m and overtopped its bank over 290 m; the model ...";
    expect(words.sentence(rose)).toEqual({ text: expect.stringContaining("0,46 m"), language: "nl" });
  });

  it("stay English, and say so, where they are not", async () => {
    await words.start("nl");
    expect(words.sentence("something new")).toEqual({ text: "something new", language: "en" });
    expect(words.indicator({ ...INDICATOR, id: "heat-stress" }, {}).title).toBe(INDICATOR.title);
  });

  it("are used as they are in English", async () => {
    await words.start("en");
    expect(words.indicator(INDICATOR, { facade_low: 0.12 }).title).toBe(INDICATOR.title);
    expect(words.cover("voetpad")).toBe("footpath");
    expect(words.cover("nieuw woord")).toBe("nieuw woord");
  });

  it.each(["flooded-area-5-to-10-cm", "flooded-area-over-50-cm", "street-volume", "road-length-high"])(
    "have a Dutch title for %s",
    async (id) => {
      await words.start("nl");
      expect(words.indicator({ ...INDICATOR, id }, { road_high: 0.3 }).title).not.toBe(INDICATOR.title);
    },
  );
});
