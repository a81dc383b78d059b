/**
 * The hand on the picture: dragging, wheel and touch become camera states.
 *
 * Left button or one finger moves the ground, right button (or left with Ctrl or Shift) turns and tilts, wheel and pinch
 * zoom towards the pointer, two fingers turn and tilt. A press without movement is a pick.
 */

import { applyStep, zoomTowards } from "./camera";
import type { Vector } from "./height-field";
import type { CameraState, Point } from "./types";

const CLICK_SLACK = 5;
const TURN_PER_PIXEL = 0.3;
const ZOOM_PER_WHEEL = 0.0012;
/** Longest way that one wheel event moves, pixels; mice report very different numbers. */
const LONGEST_WHEEL = 240;

export interface ControlHost {
  canvas: HTMLCanvasElement;
  getCamera(): CameraState;
  /** Takes a state as it is; the host keeps it within its limits. */
  moveCamera(state: CameraState): void;
  /** The place of the level plane at height `level` under a point of the canvas, or null above the horizon. */
  planeAt(point: Point, level: number): Vector | null;
  /** The place of the ground under a point of the canvas. */
  groundAt(point: Point): Vector | null;
  click(point: Point): void;
}

interface Finger extends Point {
  start: Point;
}

export class Controls {
  private readonly fingers = new Map<number, Finger>();
  private grabbed: Vector | null = null;
  private turning = false;
  private moved = false;
  private readonly stop = new AbortController();

  constructor(private readonly host: ControlHost) {
    const { canvas } = host;
    const signal = this.stop.signal;
    canvas.style.touchAction = "none";
    canvas.addEventListener("pointerdown", (event) => this.press(event), { signal });
    canvas.addEventListener("pointermove", (event) => this.drag(event), { signal });
    canvas.addEventListener("pointerup", (event) => this.release(event, true), { signal });
    canvas.addEventListener("pointercancel", (event) => this.release(event, false), { signal });
    canvas.addEventListener("wheel", (event) => this.wheel(event), { signal, passive: false });
    canvas.addEventListener("contextmenu", (event) => event.preventDefault(), { signal });
  }

  dispose(): void {
    this.stop.abort();
  }

  private place(event: MouseEvent): Point {
    const box = this.host.canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  private press(event: PointerEvent): void {
    const at = this.place(event);
    if (this.fingers.size === 0) this.moved = false;
    this.fingers.set(event.pointerId, { ...at, start: at });
    this.host.canvas.setPointerCapture(event.pointerId);
    this.turning = event.button === 2 || event.button === 1 || event.ctrlKey || event.shiftKey;
    this.grabbed = this.turning ? null : this.host.groundAt(at);
    if (this.fingers.size > 1) this.moved = true;
  }

  private drag(event: PointerEvent): void {
    const finger = this.fingers.get(event.pointerId);
    if (!finger) return;
    const at = this.place(event);
    const way = Math.hypot(at.x - finger.start.x, at.y - finger.start.y);
    if (!this.moved && way < CLICK_SLACK) return;
    this.moved = true;
    if (this.fingers.size === 2) this.pinch(finger, at);
    else if (this.turning) this.turn(at.x - finger.x, at.y - finger.y);
    else this.pan(finger, at);
    [finger.x, finger.y] = [at.x, at.y];
  }

  private release(event: PointerEvent, chosen: boolean): void {
    const finger = this.fingers.get(event.pointerId);
    if (!finger) return;
    this.fingers.delete(event.pointerId);
    if (chosen && !this.moved && event.button === 0) this.host.click(this.place(event));
    // The finger that stays goes on moving the ground from where it is now.
    const [rest] = this.fingers.values();
    this.grabbed = rest ? this.host.groundAt(rest) : null;
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 32 : 1;
    const way = Math.max(-LONGEST_WHEEL, Math.min(LONGEST_WHEEL, event.deltaY * lines));
    this.zoom(this.place(event), Math.exp(way * ZOOM_PER_WHEEL));
  }

  private zoom(at: Point, factor: number): void {
    const state = this.host.getCamera();
    const place = this.host.groundAt(at) ?? state.target;
    this.host.moveCamera(zoomTowards(state, place, factor));
  }

  private turn(right: number, down: number): void {
    const state = this.host.getCamera();
    this.host.moveCamera({
      ...state,
      azimuth: state.azimuth + right * TURN_PER_PIXEL,
      elevation: state.elevation + down * TURN_PER_PIXEL,
    });
  }

  /** Keep the grabbed place of the ground under the pointer. */
  private pan(from: Point, to: Point): void {
    const state = this.host.getCamera();
    const level = this.grabbed?.[2] ?? state.target[2];
    const [before, after] = [this.host.planeAt(from, level), this.host.planeAt(to, level)];
    // Near the horizon a pixel is a kilometre: move by what a step would do instead.
    const farthest = 3 * state.distance;
    if (before && after && Math.hypot(after[0] - before[0], after[1] - before[1]) < farthest) {
      const [x, y, z] = state.target;
      this.host.moveCamera({ ...state, target: [x + before[0] - after[0], y + before[1] - after[1], z] });
    } else {
      this.host.moveCamera(applyStep(state, to.y > from.y ? "north" : "south"));
    }
  }

  private pinch(moving: Finger, at: Point): void {
    const other = [...this.fingers.values()].find((finger) => finger !== moving);
    if (!other) return;
    const span = (point: Point) => Math.max(Math.hypot(point.x - other.x, point.y - other.y), 1);
    this.turn((at.x - moving.x) / 2, (at.y - moving.y) / 2);
    this.zoom({ x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 }, span(moving) / span(at));
  }
}
