import { describe, expect, it } from "vitest";

import { formatOf } from "./format";

const dutch = formatOf("nl");
const english = formatOf("en");

describe("depths", () => {
  it.each([
    [0, "0 cm"],
    [0.004, "minder dan 1 cm"],
    [0.236, "24 cm"],
    [1.254, "1,25 m"],
  ])("%f m is written as %s", (metres, text) => {
    expect(dutch.depth(metres)).toBe(text);
  });
});

describe("quantities", () => {
  it("have the marks of the language", () => {
    expect(dutch.quantity(11816, "m2")).toBe("11.816 m²");
    expect(english.quantity(11816, "m2")).toBe("11,816 m²");
  });

  it("have no unit when they are counts", () => {
    expect(dutch.quantity(101, "count")).toBe("101");
  });

  it("keep a decimal when they are small", () => {
    expect(dutch.quantity(2.54, "m")).toBe("2,5 m");
  });

  it("are euros of two digits, for damages are not known better", () => {
    expect(dutch.quantity(123456, "euro")).toBe("€\u00a0120.000");
    expect(english.quantity(123456, "euro")).toBe("€120,000");
    expect(english.quantity(0, "euro")).toBe("€0");
  });

  it("are hours and minutes when they are long", () => {
    expect(dutch.quantity(116.3, "min")).toBe("116 min");
    expect(dutch.quantity(125, "min")).toBe("2 u 5 min");
    expect(english.minutes(240)).toBe("4 h");
  });
});

describe("dates", () => {
  it("are as exact as the data", () => {
    expect(dutch.date("2024-03-02")).toBe("2 maart 2024");
    expect(dutch.date("2024-03")).toBe("maart 2024");
    expect(english.date("2024")).toBe("2024");
  });

  it("stay what they are when they are no dates", () => {
    expect(dutch.date("onbekend")).toBe("onbekend");
  });
});

describe("the error of a balance", () => {
  it("is a bound when it is smaller than anyone needs to know", () => {
    expect(dutch.error(-7.7e-10)).toMatch(/^minder dan 0,001\s?%$/);
  });

  it("is told when it matters", () => {
    expect(english.error(0.012)).toBe("1.2%");
  });
});

describe("coordinates", () => {
  it("are never grouped, so that they can be copied", () => {
    expect(dutch.coordinate(150172)).toBe("150172,0");
  });
});
