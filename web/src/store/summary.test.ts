import { beforeAll, describe, expect, it } from "vitest";

import type { Indicator, Job, ReadyScene } from "../api/types";
import { Words } from "../language/words.svelte";
import { type Shown, summary } from "./summary";

const indicator = (id: string, value: number, unit: string) => ({ id, value, unit }) as Indicator;
const SHOWN: Shown = {
  scene: {
    title: "Voorbeelddorp",
    date: "2024-03-02",
    generated: true,
    layers: [{ name: "buildings", count: 577 }],
  } as unknown as ReadyScene,
  job: { parameters: { facade_low: 0.1, facade_high: 0.15, road_low: 0.15 } } as unknown as Job,
  storm: "70 mm in 1 uur",
  time: 2100,
  indicators: [
    indicator("buildings-facade-low", 101, "count"),
    indicator("buildings-facade-high", 30, "count"),
    indicator("road-area-low", 352, "m2"),
    indicator("flooded-area", 11816, "m2"),
  ],
  buildings: [
    {
      id: "G1",
      geometry: null,
      properties: {
        bag_id: "9999100000000186",
        object_id: "G1",
        max_depth: 0.236,
        max_depth_at: 60,
        above_low: true,
        above_high: true,
      },
    },
  ],
  selection: null,
};
const words = new Words();

beforeAll(() => words.start("nl"));

describe("the summary", () => {
  it("says what is drawn, which storm, which moment and what floods", () => {
    const text = summary(SHOWN, words).join(" ");
    expect(text).toContain(
      "U ziet Voorbeelddorp met 577 gebouwen, zoals de gegevens van 2 maart 2024 die beschrijven.",
    );
    expect(text).toContain("bestaat niet");
    expect(text).toContain("De bui is 70 mm in 1 uur. Getoond is 35 min na het begin van de regen.");
    expect(text).toContain(
      "Bij 101 gebouwen komt het water tot 10 cm of hoger aan de gevel, bij 30 tot 15 cm of hoger.",
    );
    expect(text).toContain("11.816 m²");
    expect(text).toContain("24 cm, bij gebouw 9999100000000186");
  });

  it("leaves out what the run does not say", () => {
    const text = summary({ ...SHOWN, indicators: [], buildings: [] }, words).join(" ");
    expect(text).not.toMatch(/gevel|rijbanen|undefined|NaN/);
  });

  it("says that it is dry without a run", () => {
    const text = summary({ ...SHOWN, job: null }, words).join(" ");
    expect(text).toContain("zonder regen");
    expect(text).not.toContain("101");
  });

  it("says what is chosen", () => {
    const sentences = summary({ ...SHOWN, selection: { kind: "place", x: 150140.6, y: 450172 } }, words);
    expect(sentences.at(-1)).toBe("Gekozen: de plek 150140,6 450172,0.");
  });

  it("speaks English too", async () => {
    const english = new Words();
    await english.start("en");
    expect(summary(SHOWN, english).join(" ")).toContain("At 101 buildings water reaches 10 cm or more");
  });
});
