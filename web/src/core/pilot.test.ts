// @vitest-environment node
import { describe, expect, it } from "vitest";

import { Pilot } from "./pilot";

const LIMITS = { bounds: { west: -100, south: -100, east: 100, north: 100 }, heightAt: () => 0 };

function pilot(reducedMotion: boolean): { pilot: Pilot; told: boolean[] } {
  const told: boolean[] = [];
  const made = new Pilot(reducedMotion, (byPerson) => told.push(byPerson));
  made.setLimits(LIMITS);
  return { pilot: made, told };
}

describe("the camera", () => {
  it("eases to where it is sent within a quarter of a second", () => {
    const { pilot: camera } = pilot(false);
    const before = camera.current.distance;
    camera.send({ ...camera.current, distance: 100 });
    expect(camera.advance(1000)).toBe(true);
    expect(camera.current.distance).toBe(before);
    expect(camera.advance(1125)).toBe(true);
    expect(camera.current.distance).toBeLessThan(before);
    expect(camera.advance(1250)).toBe(false);
    expect(camera.current.distance).toBe(100);
  });

  it("is there at once for who prefers less motion, or when asked to", () => {
    const { pilot: calm } = pilot(true);
    calm.send({ ...calm.current, distance: 100 });
    expect(calm.current.distance).toBe(100);
    const { pilot: other } = pilot(false);
    other.send({ ...other.current, distance: 100 }, true);
    expect(other.current.distance).toBe(100);
  });

  it("adds up steps that come faster than it flies", () => {
    const { pilot: camera } = pilot(false);
    const before = camera.current.azimuth;
    for (let press = 0; press < 3; press++) camera.step("turn-right");
    camera.advance(0);
    camera.advance(1000);
    expect(camera.current.azimuth).toBe(before + 45);
  });

  it("obeys the hand at once and forgets where it was going", () => {
    const { pilot: camera } = pilot(false);
    camera.send({ ...camera.current, distance: 50 });
    camera.drag({ ...camera.current, distance: 80 });
    expect(camera.advance(1000)).toBe(false);
    expect(camera.current.distance).toBe(80);
  });

  it("tells whether a person moved it", () => {
    const { pilot: camera, told } = pilot(true);
    camera.step("north");
    camera.send(camera.current);
    expect(told).toEqual([true, false]);
  });

  it("gives away copies only", () => {
    const { pilot: camera } = pilot(true);
    camera.current.target[0] = 99;
    expect(camera.current.target[0]).toBe(0);
  });
});
