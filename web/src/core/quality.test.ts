// @vitest-environment node
import { describe, expect, it } from "vitest";

import { chooseQuality, settingsOf } from "./quality";

describe("the first quality follows from the name of the graphics", () => {
  it.each([
    ["ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)", "low"],
    ["llvmpipe (LLVM 15.0.7, 256 bits)", "low"],
    ["ANGLE (Microsoft, Microsoft Basic Render Driver Direct3D11)", "low"],
    ["ANGLE (Intel, Intel(R) Iris(R) Xe Graphics Direct3D11)", "normal"],
    ["Adreno (TM) 740", "normal"],
    ["", "normal"],
    ["ANGLE (NVIDIA, NVIDIA GeForce RTX 4060 Direct3D11)", "fine"],
    ["ANGLE (Apple, ANGLE Metal Renderer: Apple M2, Unspecified Version)", "fine"],
  ])("%s: %s", (name, quality) => {
    expect(chooseQuality(name)).toBe(quality);
  });
});

describe("the ladder", () => {
  it("asks more on every rung", () => {
    const [low, normal, fine] = [settingsOf("low"), settingsOf("normal"), settingsOf("fine")];
    for (const key of ["shadowSize", "terrainTriangles", "treeTriangles", "occlusionSize", "pixelRatio"] as const) {
      expect(low[key]).toBeLessThan(normal[key]);
      expect(normal[key]).toBeLessThan(fine[key]);
    }
  });

  it("spares software rendering: no antialiasing, no lines, no moving water, a pixel is a pixel", () => {
    expect(settingsOf("low")).toMatchObject({ antialias: false, edges: false, ripples: false, pixelRatio: 1 });
  });
});
