// @vitest-environment node
import { PerspectiveCamera } from "three";
import { describe, expect, it } from "vitest";

import { areSamePlaces, project } from "./labels";

describe("markers", () => {
  const camera = new PerspectiveCamera(90, 1, 0.1, 100);
  camera.position.set(0, 0, 10);
  camera.updateMatrixWorld(true);
  const size = { width: 200, height: 200 };

  it("are placed in pixels from the upper left", () => {
    const places = project([{ id: "a", position: [5, 5, 0], text: "" }], camera, size);
    expect(places.get("a")!.x).toBeCloseTo(150);
    expect(places.get("a")!.y).toBeCloseTo(50);
  });

  it("are absent outside the picture and behind the viewer", () => {
    const markers = [
      { id: "aside", position: [50, 0, 0] as [number, number, number], text: "" },
      { id: "behind", position: [0, 0, 20] as [number, number, number], text: "" },
    ];
    expect(project(markers, camera, size).size).toBe(0);
  });

  it("are told again only when they moved", () => {
    const place = new Map([["a", { x: 1, y: 1 }]]);
    expect(areSamePlaces(place, new Map([["a", { x: 1.1, y: 1 }]]))).toBe(true);
    expect(areSamePlaces(place, new Map([["a", { x: 3, y: 1 }]]))).toBe(false);
    expect(areSamePlaces(place, new Map())).toBe(false);
  });
});
