import { describe, expect, it } from "vitest";

import { actionOf } from "./keys";

const press = (key: string, held: Partial<Record<"shiftKey" | "ctrlKey" | "altKey" | "metaKey", boolean>> = {}) =>
  actionOf({ key, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...held });

describe("keys on the picture", () => {
  it("reach everything that a mouse can do", () => {
    const keys = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "+", "-", "[", "]", " ", "Home", "Enter"];
    const plain = keys.map((key) => press(key));
    const turned = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"].map((key) => press(key, { shiftKey: true }));
    expect(new Set([...plain, ...turned])).toEqual(
      new Set([
        ..."north south west east zoom-in zoom-out back forward play home pick".split(" "),
        ..."tilt-up tilt-down turn-left turn-right".split(" "),
      ]),
    );
  });

  it("leave the browser its own", () => {
    expect(press("Tab")).toBeNull();
    expect(press("+", { ctrlKey: true })).toBeNull();
    expect(press("ArrowLeft", { altKey: true })).toBeNull();
  });
});
