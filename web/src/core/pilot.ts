/** Moves the camera: keeps it within its limits, eases it to where it is sent, and tells who asks. */

import { applyStep, clampCamera, type Limits, mixCamera } from "./camera";
import type { CameraState, CameraStep } from "./types";

const EASE = 250;

export class Pilot {
  private state: CameraState = { target: [0, 0, 0], azimuth: 0, elevation: 45, distance: 500 };
  private flight: { from: CameraState; to: CameraState; start: number | null } | null = null;
  private limits: Limits | null = null;

  constructor(
    private readonly reducedMotion: boolean,
    private readonly changed: (byPerson: boolean) => void,
  ) {}

  setLimits(limits: Limits): void {
    this.limits = limits;
    this.state = this.allowed(this.state);
  }

  get current(): CameraState {
    return { ...this.state, target: [...this.state.target] };
  }

  /** Where the camera is going, or is. */
  get goal(): CameraState {
    return this.flight?.to ?? this.state;
  }

  /** A person drags or scrolls: at once, and it ends any flight. */
  drag(state: CameraState): void {
    this.flight = null;
    this.state = this.allowed(state);
    this.changed(true);
  }

  step(action: CameraStep): void {
    this.send(applyStep(this.goal, action), false, true);
  }

  send(wanted: CameraState, instant = false, byPerson = false): void {
    const to = this.allowed(wanted);
    if (instant || this.reducedMotion) {
      this.flight = null;
      this.state = to;
    } else {
      this.flight = { from: this.state, to, start: null };
    }
    this.changed(byPerson);
  }

  /** Fly on; true while there is a way to go. */
  advance(now: number): boolean {
    if (!this.flight) return false;
    const { from, to } = this.flight;
    this.flight.start ??= now;
    const share = Math.min((now - this.flight.start) / EASE, 1);
    this.state = share === 1 ? to : mixCamera(from, to, share * share * (3 - 2 * share));
    if (share === 1) this.flight = null;
    return this.flight !== null;
  }

  private allowed(state: CameraState): CameraState {
    return this.limits ? clampCamera(state, this.limits) : state;
  }
}
