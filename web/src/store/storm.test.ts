import { describe, expect, it } from "vitest";

import type { ProcessDescription } from "../api/types";
import { formatOf } from "../language/format";
import { nl } from "../language/nl";
import { entriesOf, faultsOf, fieldsOf, inputsOf, presetOf, rangeOf } from "./storm";

const number = (minimum: number, maximum: number, standard: number, exclusive = false) => ({
  type: "number",
  minimum,
  maximum,
  default: standard,
  ...(exclusive ? { exclusiveMinimum: true } : {}),
});
const text = (nl: string) => ({ nl, en: nl });

const PROCESS: ProcessDescription = {
  id: "pluvial-flood",
  version: "1.2.0",
  title: "Flooding",
  description: "",
  inputs: {
    rain: { title: "Rain", description: "", schema: number(0, 300, 70, true), "x-unit": "mm" },
    duration: { title: "Duration", description: "", schema: number(0, 48, 1, true), "x-unit": "h" },
    pattern: { title: "Pattern", description: "", schema: { type: "array", default: [] } },
    roof_drainage: {
      title: "Roofs",
      description: "",
      schema: { type: "string", enum: ["sewer", "ground"], default: "sewer" },
    },
    facade_low: { title: "Low", description: "", schema: number(0, 2, 0.1, true), "x-unit": "m" },
    facade_high: { title: "High", description: "", schema: number(0, 2, 0.15, true), "x-unit": "m" },
    surfaces: { title: "Surface table", description: "", schema: { nullable: true } },
    threads: {
      title: "Threads",
      description: "",
      schema: { type: "integer", minimum: 0, maximum: 8, default: 0 },
      "x-affects-result": false,
    },
  },
  presets: [
    {
      id: "t100",
      title: text("70"),
      description: text(""),
      source: "",
      state: "",
      returnPeriod: null,
      inputs: { rain: 70, duration: 1, pattern: [] },
    },
    {
      id: "t250",
      title: text("90"),
      description: text(""),
      source: "",
      state: "",
      returnPeriod: null,
      inputs: { rain: 90, duration: 1, pattern: [0.5, 2] },
    },
  ],
  card: {} as ProcessDescription["card"],
};
const fields = fieldsOf(PROCESS);
const entries = entriesOf(fields, PROCESS.presets[0]!.inputs);
const faults = (changed: Record<string, string>) => faultsOf(fields, { ...entries, ...changed }, nl, formatOf("nl"));

describe("the form", () => {
  it("asks for what a person can type, and not for tables and machine settings", () => {
    expect(fields.map(({ id }) => id)).toEqual([
      "rain",
      "duration",
      "pattern",
      "roof_drainage",
      "facade_low",
      "facade_high",
    ]);
  });

  it("accepts what it begins with", () => {
    expect(faults({})).toEqual({});
  });

  it("says which numbers are allowed", () => {
    expect(faults({ rain: "900" })).toEqual({ rain: "Kies een getal groter dan 0 en hoogstens 300." });
    expect(faults({ rain: "0" })).toHaveProperty("rain");
    expect(rangeOf(fields[0]!, nl, formatOf("nl"))).toBe("meer dan 0, hoogstens 300");
  });

  it.each(["", "veel", "1e999", "NaN", "12 mm"])("refuses '%s' as a number", (entry) => {
    expect(faults({ duration: entry }).duration).toBe("Vul een getal in.");
  });

  it("wants a high threshold above the low one", () => {
    expect(faults({ facade_low: "0,2" }).facade_high).toContain("hoger");
  });
});

describe("what is sent", () => {
  it("is the preset as it stands", () => {
    expect(inputsOf(fields, entries, PROCESS.presets)).toEqual({ rain: 70, duration: 1, pattern: [] });
  });

  it("has the parts of a pattern as numbers", () => {
    const parts = { ...entries, rain: "90", pattern: "0,5; 2" };
    expect(inputsOf(fields, parts, PROCESS.presets)).toEqual({ rain: 90, duration: 1, pattern: [0.5, 2] });
    expect(faults({ pattern: "1; veel" }).pattern).toBe(nl.form.numbers);
    expect(faults({ pattern: "1; -2" }).pattern).toBe(nl.form.numbers);
  });

  it("takes a comma for a point, and only what differs", () => {
    const own = { ...entries, rain: "82,5", roof_drainage: "ground" };
    expect(inputsOf(fields, own, PROCESS.presets)).toEqual({ rain: 82.5, roof_drainage: "ground" });
  });
});

describe("a preset", () => {
  it("is recognised by its numbers, however they are written", () => {
    expect(presetOf(PROCESS.presets, { rain: "90,0", duration: "1", pattern: "0.5; 2" })?.id).toBe("t250");
    expect(presetOf(PROCESS.presets, { rain: "91", duration: "1" })).toBeNull();
  });
});
