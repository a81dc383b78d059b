import { describe, expect, it } from "vitest";

import { type Address, BLANK, readAddress, writeAddress } from "./address";

const FULL: Address = {
  run: "20261123-142233-7f3a",
  time: 3600,
  selection: { kind: "building", id: "G0503.04f4aac0a2d378fd89402344a9a4fa20" },
  camera: { azimuth: 24, elevation: 38.5, distance: 420, target: [-12.3, 40, 0.5] },
  language: "en",
  tab: "buildings",
  hidden: ["trees", "decks"],
  quality: "fine",
  view: "map",
  panel: "measures",
  plan: "groene-kerkstraat",
  shown: "probability",
};

describe("the address", () => {
  it("gives back what was written", () => {
    expect(readAddress(writeAddress(FULL))).toEqual(FULL);
  });

  it("is empty when everything is as usual", () => {
    expect(writeAddress(BLANK)).toBe("");
    expect(readAddress("")).toEqual(BLANK);
  });

  it("keeps a place to a decimetre", () => {
    const place = { ...BLANK, selection: { kind: "place", x: 84912.34, y: 447500 } } as const;
    expect(readAddress(writeAddress(place)).selection).toEqual({ kind: "place", x: 84912.3, y: 447500 });
  });

  it("can be read by a person", () => {
    expect(writeAddress(FULL)).toContain("camera=24,38.5,420,-12.3,40,0.5");
    expect(writeAddress(FULL)).toContain("select=building:G0503.04");
  });

  it.each([
    "?run=&time=&select=&camera=&lang=&tab=&hide=&quality=&view=",
    "?run=%3Cscript%3E&time=-5&select=building:%22%3E&lang=fr&tab=secret&quality=ultra",
    "?time=1e99&camera=1,2,3&select=place:1&hide=sky,&view=4d",
    "?camera=NaN,38,420,0,0,0&time=later&select=place:x,y",
    "?camera=0,38,-5,0,0,0&select=planet:7",
    "?camera=0,120,500,0,0,0",
    "?camera=0,38,500,1e9,0,0",
    `?run=${"x".repeat(1000)}`,
    "?%E0%A4%A&&&===",
  ])("gives the usual for what it does not understand: %s", (query) => {
    expect(readAddress(query)).toEqual(BLANK);
  });

  it("turns an azimuth into a full circle", () => {
    expect(readAddress("?camera=-90,45,300,0,0,0").camera?.azimuth).toBe(270);
  });

  it("drops only the layers that it does not know", () => {
    expect(readAddress("?hide=trees,clouds,flood").hidden).toEqual(["trees", "flood"]);
  });
});
