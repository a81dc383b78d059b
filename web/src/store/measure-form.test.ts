import { describe, expect, it } from "vitest";

import type { MeasureKind } from "../api/types";
import { nl } from "../language/nl";
import { formatOf } from "../language/format";
import { groupedKinds, groupOf, measureEntries, measureFields, measureValues } from "./measure-form";
import { faultsOf } from "./storm";

function kind(id: string, parameters: MeasureKind["parameters"] = {}): MeasureKind {
  return {
    id,
    title: { nl: id, en: id },
    meaning: "",
    geometry: ["Polygon"],
    onBuildings: false,
    parameters,
    cost: { low: 1, middle: 2, high: 3, per: "m2", source: "" },
    maintenance: "",
    sideEffects: {},
    drawing: { colour: "#000000", shape: "basin", height: 0 },
  };
}

const DEPTH = {
  title: "Depth",
  description: "Depth.",
  schema: { type: "number", default: 0.3, minimum: 0, exclusiveMinimum: true, maximum: 1.5 },
  "x-unit": "m",
};
const SURFACE = {
  title: "Surface",
  description: "One of two.",
  schema: { type: "string", default: "open verharding", pattern: "^(open verharding|half verhard)$" },
};
const USE = {
  title: "Use",
  description: "Words.",
  schema: { type: "string", default: "woonfunctie", pattern: "^[a-z ,]+$" },
};

describe("the form of a measure", () => {
  const STREET = kind("street-profile", { depth: DEPTH, surface: SURFACE, use: USE });

  it("has a field for every value: numbers, alternatives and words", () => {
    const fields = measureFields(STREET);
    expect(fields.map(({ kind: way }) => way)).toEqual(["number", "choice", "text"]);
    expect(fields[0]).toMatchObject({ unit: "m", least: 0, above: true, most: 1.5 });
    expect(fields[1]!.choices).toEqual(["open verharding", "half verhard"]);
  });

  it("begins with the defaults, or with what the measure has", () => {
    expect(measureEntries(STREET, null)).toEqual({ depth: "0.3", surface: "open verharding", use: "woonfunctie" });
    const given = { kind: "street-profile", year: null, note: "", depth: 0.4, surface: "half verhard", use: "school" };
    expect(measureEntries(STREET, given).depth).toBe("0.4");
    expect(measureValues(STREET, measureEntries(STREET, given))).toEqual({
      depth: 0.4,
      surface: "half verhard",
      use: "school",
    });
  });

  it("tells what is wrong with a value before it is sent", () => {
    const entries = { depth: "0", surface: "water", use: " " };
    expect(Object.keys(faultsOf(measureFields(STREET), entries, nl, formatOf("nl")))).toEqual([
      "depth",
      "surface",
      "use",
    ]);
  });
});

describe("the kinds of measures", () => {
  const KINDS = ["wadi", "pump", "tree", "somebodys-own"].map((id) => kind(id));

  it("stand in groups; what nobody knows is under other", () => {
    expect(groupOf("wadi")).toBe("green");
    expect(groupOf("somebodys-own")).toBe("other");
    expect(groupedKinds(KINDS, "", ({ id }) => id).map(([group]) => group)).toEqual(["green", "sewer", "other"]);
  });

  it("are found by all words, whatever their accents and capitals", () => {
    const found = groupedKinds(KINDS, "GRÓEN laag", ({ id }) => (id === "wadi" ? "Groene laagte" : id));
    expect(found.flatMap(([, kinds]) => kinds.map(({ id }) => id))).toEqual(["wadi"]);
  });
});
