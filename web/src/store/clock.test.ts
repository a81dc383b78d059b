// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Clock } from "./clock.svelte";

const MOMENTS = [0, 300, 600, 900];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the clock", () => {
  it("stays within the run", () => {
    const clock = new Clock(() => false);
    clock.load(MOMENTS, 5000);
    expect(clock.time).toBe(900);
    clock.seek(-1);
    expect(clock.time).toBe(0);
  });

  it("steps from moment to moment, also from between two", () => {
    const clock = new Clock(() => false);
    clock.load(MOMENTS, 450);
    clock.step(1);
    expect(clock.time).toBe(600);
    clock.step(-1);
    expect(clock.time).toBe(300);
  });

  it("plays to the end, stops there, and then starts again at the beginning", () => {
    const clock = new Clock(() => true);
    clock.load(MOMENTS, 600);
    clock.play();
    vi.advanceTimersByTime(2000);
    expect([clock.time, clock.playing]).toEqual([900, false]);
    clock.play();
    expect([clock.time, clock.playing]).toEqual([0, true]);
    clock.pause();
  });

  it("goes in steps, and does not glide, for people who prefer calm", () => {
    const clock = new Clock(() => true);
    clock.load(MOMENTS, 0);
    clock.play();
    vi.advanceTimersByTime(1400);
    expect(clock.time).toBe(0);
    vi.advanceTimersByTime(200);
    expect(clock.time).toBe(300);
    clock.pause();
  });

  it("does not play what has one moment", () => {
    const clock = new Clock(() => false);
    clock.load([0], 0);
    clock.toggle();
    expect(clock.playing).toBe(false);
  });
});
