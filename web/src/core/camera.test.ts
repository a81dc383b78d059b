// @vitest-environment node
import { PerspectiveCamera, Vector3 } from "three";
import { describe, expect, it } from "vitest";

import {
  applyStep,
  clampCamera,
  eyeOf,
  fitCamera,
  FIELD_OF_VIEW,
  mixCamera,
  orientationOf,
  zoomTowards,
} from "./camera";
import type { Vector } from "./height-field";
import type { CameraState } from "./types";

const BOUNDS = { west: -100, south: -100, east: 100, north: 100 };
const FLAT = { bounds: BOUNDS, heightAt: () => 2 };
const STATE: CameraState = { target: [0, 0, 2], azimuth: 0, elevation: 45, distance: 100 };

function project(point: Vector, state: CameraState, aspect: number): Vector3 {
  const camera = new PerspectiveCamera(FIELD_OF_VIEW, aspect, 0.1, 10_000);
  camera.position.set(...eyeOf(state));
  camera.quaternion.copy(orientationOf(state));
  camera.updateMatrixWorld(true);
  return new Vector3(...point).project(camera);
}

describe("the eye", () => {
  it("looks north from the south at azimuth zero, and east from the west at ninety", () => {
    expect(eyeOf(STATE)[1]).toBeCloseTo(-70.7, 1);
    expect(eyeOf({ ...STATE, azimuth: 90 })[0]).toBeCloseTo(-70.7, 1);
    expect(eyeOf(STATE)[2]).toBeCloseTo(72.7, 1);
  });

  it("sees the target in the middle, whatever its direction", () => {
    for (const azimuth of [0, 73, 180, 300]) {
      for (const elevation of [6, 45, 90]) {
        const seen = project([0, 0, 2], { ...STATE, azimuth, elevation }, 1.5);
        expect(Math.hypot(seen.x, seen.y)).toBeLessThan(1e-6);
      }
    }
  });

  it("has its azimuth at the top of the picture when it looks straight down", () => {
    const east = project([10, 0, 2], { ...STATE, azimuth: 90, elevation: 90 }, 1);
    expect(east.y).toBeGreaterThan(0.1);
    expect(east.x).toBeCloseTo(0);
  });
});

describe("the limits", () => {
  it("keep the target on the ground of the scene", () => {
    expect(clampCamera({ ...STATE, target: [500, -700, 90] }, FLAT).target).toEqual([100, -100, 2]);
  });

  it("keep the height of a target that has no ground", () => {
    expect(clampCamera({ ...STATE, target: [0, 0, 7] }, { ...FLAT, heightAt: () => NaN }).target[2]).toBe(7);
  });

  it("keep the eye above the horizon and at a distance", () => {
    expect(clampCamera({ ...STATE, elevation: -40 }, FLAT).elevation).toBeGreaterThan(0);
    expect(clampCamera({ ...STATE, elevation: 120 }, FLAT).elevation).toBe(90);
    expect(clampCamera({ ...STATE, distance: 0 }, FLAT).distance).toBeGreaterThan(5);
    expect(clampCamera({ ...STATE, distance: 1e6 }, FLAT).distance).toBeLessThan(1000);
  });

  it("never let the eye under the ground, however high the hill behind it", () => {
    const hill = { bounds: BOUNDS, heightAt: (_: number, y: number) => (y < -20 ? 40 : 0) };
    for (const elevation of [1, 10, 20, 45]) {
      const [x, y, z] = eyeOf(clampCamera({ ...STATE, elevation, distance: 60 }, hill));
      expect(z).toBeGreaterThan(hill.heightAt(x, y));
    }
  });

  it("bring the azimuth within a full turn", () => {
    expect(clampCamera({ ...STATE, azimuth: -30 }, FLAT).azimuth).toBe(330);
    expect(clampCamera({ ...STATE, azimuth: 725 }, FLAT).azimuth).toBe(5);
  });
});

describe("steps", () => {
  it("go the way that the viewer looks", () => {
    const north = applyStep({ ...STATE, azimuth: 90 }, "north");
    expect(north.target[0]).toBeGreaterThan(1);
    expect(north.target[1]).toBeCloseTo(0);
  });

  it.each([
    ["north", "south"],
    ["east", "west"],
    ["turn-left", "turn-right"],
    ["tilt-up", "tilt-down"],
    ["zoom-in", "zoom-out"],
  ] as const)("%s and %s undo each other", (there, back) => {
    const after = applyStep(applyStep(STATE, there), back);
    expect(after.distance).toBeCloseTo(STATE.distance);
    expect(after.azimuth).toBe(STATE.azimuth);
    expect(after.elevation).toBe(STATE.elevation);
    after.target.forEach((value, axis) => expect(value).toBeCloseTo(STATE.target[axis]!));
  });
});

describe("fitting", () => {
  const corners: Vector[] = [
    [-100, -100, 0],
    [100, -100, 0],
    [-100, 100, 0],
    [100, 100, 0],
    [100, 100, 12],
  ];

  it.each([0.6, 1.2, 1.8])("shows all and leaves little room, in a picture of %s", (aspect) => {
    const state = fitCamera(corners, aspect, { azimuth: 24, elevation: 38 });
    const seen = corners.map((corner) => project(corner, state, aspect));
    const widest = Math.max(...seen.map(({ x }) => Math.abs(x)));
    const highest = Math.max(...seen.map(({ y }) => Math.abs(y)));
    expect(Math.max(widest, highest)).toBeLessThan(1);
    expect(Math.max(widest, highest)).toBeGreaterThan(0.88);
  });
});

describe("flying and zooming", () => {
  it("turns the short way round", () => {
    const half = mixCamera({ ...STATE, azimuth: 350 }, { ...STATE, azimuth: 10 }, 0.5);
    expect(half.azimuth % 360).toBe(0);
  });

  it("begins where it is and ends where it goes", () => {
    const to: CameraState = { target: [5, 6, 7], azimuth: 90, elevation: 60, distance: 20 };
    expect(mixCamera(STATE, to, 0)).toEqual(STATE);
    expect(mixCamera(STATE, to, 1)).toEqual(to);
  });

  it("keeps the place under the pointer where it is in the picture", () => {
    const place: Vector = [30, 20, 2];
    const before = project(place, STATE, 1.5);
    const after = project(place, zoomTowards(STATE, place, 0.5), 1.5);
    expect(after.x).toBeCloseTo(before.x);
    expect(after.y).toBeCloseTo(before.y);
  });
});
