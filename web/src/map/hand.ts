/** Dragging, wheel, pinch and click on the flat map. */

import type { Point } from "../core/types";

const SLACK = 5;
const WHEEL = 0.0012;
const LONGEST_WHEEL = 240;

export interface HandEvents {
  drag: (dx: number, dy: number) => void;
  zoom: (factor: number, at: Point) => void;
  click: (at: Point) => void;
}

export class Hand {
  private readonly fingers = new Map<number, Point>();
  private moved = false;
  private start: Point = { x: 0, y: 0 };
  private readonly stop = new AbortController();

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly events: HandEvents,
  ) {
    const { signal } = this.stop;
    canvas.style.touchAction = "none";
    canvas.addEventListener("pointerdown", (event) => this.press(event), { signal });
    canvas.addEventListener("pointermove", (event) => this.move(event), { signal });
    canvas.addEventListener("pointerup", (event) => this.release(event), { signal });
    canvas.addEventListener("pointercancel", (event) => this.fingers.delete(event.pointerId), { signal });
    canvas.addEventListener("wheel", (event) => this.wheel(event), { signal, passive: false });
  }

  dispose(): void {
    this.stop.abort();
  }

  private place(event: MouseEvent): Point {
    const box = this.canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  private press(event: PointerEvent): void {
    const at = this.place(event);
    this.moved = this.fingers.size > 0;
    this.start = at;
    this.fingers.set(event.pointerId, at);
    this.canvas.setPointerCapture(event.pointerId);
  }

  private move(event: PointerEvent): void {
    const before = this.fingers.get(event.pointerId);
    if (before === undefined) return;
    const at = this.place(event);
    if (!this.moved && Math.hypot(at.x - this.start.x, at.y - this.start.y) < SLACK) return;
    this.moved = true;
    this.fingers.set(event.pointerId, at);
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other === undefined) this.events.drag(at.x - before.x, at.y - before.y);
    else this.events.zoom(distance(before, other) / Math.max(distance(at, other), 1), middle(at, other));
  }

  private release(event: PointerEvent): void {
    const known = this.fingers.delete(event.pointerId);
    if (known && !this.moved && event.button === 0) this.events.click(this.place(event));
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 32 : 1);
    const way = Math.max(-LONGEST_WHEEL, Math.min(LONGEST_WHEEL, pixels));
    this.events.zoom(Math.exp(way * WHEEL), this.place(event));
  }
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}
