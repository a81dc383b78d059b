/** The measures of a plan in the scene, and the sketch of one that is being drawn. */

import {
  BufferAttribute,
  BufferGeometry,
  Group,
  LineBasicMaterial,
  LineSegments,
  Points,
  PointsMaterial,
  type Scene,
} from "three";

import type { Bounds, Frame } from "./frame";
import { drape } from "./outline";
import { band, placed, type Placed } from "./sketch";
import { SketchPicture } from "./sketch-picture";
import { Solids, type Surroundings } from "./sketch-solids";
import type { Point, Sketch, Trace } from "./types";

const CHOSEN = "#0b5563";
const TRACE = "#9c3d16";
/** A line is one pixel wide whatever one asks; several above each other are seen. */
const LIFTS = [0.3, 0.5, 0.7, 0.9];
const DOT = 11;
const ROUND = 24;

export class Sketches {
  readonly picture: SketchPicture;
  private solids: Solids | null = null;
  private border: LineSegments | null = null;
  private trace: Group | null = null;

  constructor(
    private readonly scene: Scene,
    private readonly frame: Frame,
    private readonly surroundings: Surroundings,
    bounds: Bounds,
    { size, anisotropy }: { size: number; anisotropy: number },
  ) {
    this.picture = new SketchPicture(bounds, size, anisotropy);
  }

  show(sketches: readonly Sketch[], sunward: Point): void {
    this.clear();
    const all = sketches.map((sketch) => placed(sketch, this.frame));
    this.picture.paint(all, sunward);
    this.solids = new Solids(all, this.surroundings);
    this.scene.add(this.solids.object);
    const chosen = all.filter(({ sketch }) => sketch.chosen);
    if (chosen.length === 0) return;
    this.border = this.line(chosen.flatMap(ringsAround), CHOSEN);
    this.scene.add(this.border);
  }

  /** The sketch that a person is drawing: its points as dots, joined by a line. */
  showTrace(trace: Trace | null): void {
    this.dropTrace();
    if (trace === null || trace.points.length === 0) return;
    const points = trace.points.map(([x, y]) => this.frame.toLocal({ x, y }));
    const line = trace.closed && points.length > 2 ? [...points, points[0]!] : points;
    this.trace = new Group();
    if (line.length > 1) this.trace.add(this.line([line], TRACE));
    this.trace.add(this.dots(points));
    this.scene.add(this.trace);
  }

  dispose(): void {
    this.clear();
    this.dropTrace();
    this.picture.dispose();
  }

  private clear(): void {
    this.solids?.object.removeFromParent();
    this.solids?.dispose();
    this.solids = null;
    this.border?.removeFromParent();
    this.border?.geometry.dispose();
    this.border = null;
  }

  private dropTrace(): void {
    this.trace?.removeFromParent();
    for (const child of this.trace?.children ?? []) (child as LineSegments).geometry.dispose();
    this.trace = null;
  }

  private line(rings: readonly Point[][], colour: string): LineSegments {
    const positions = LIFTS.flatMap((lift) => [...drape(rings, this.surroundings.field, lift).positions]);
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(Float32Array.from(positions), 3));
    const line = new LineSegments(geometry, new LineBasicMaterial({ color: colour, toneMapped: false }));
    line.renderOrder = 4;
    return line;
  }

  private dots(points: readonly Point[]): Points {
    const { field } = this.surroundings;
    const places = points.flatMap(({ x, y }) => [x, y, (field.heightAt(x, y) || field.lowest) + 0.6]);
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(Float32Array.from(places), 3));
    const material = new PointsMaterial({
      color: TRACE,
      size: DOT,
      sizeAttenuation: false,
      toneMapped: false,
      depthTest: false,
    });
    const dots = new Points(geometry, material);
    dots.renderOrder = 5;
    return dots;
  }
}

/** The border of a sketch: its own rings, or a ring around its line or point. */
function ringsAround({ rings, line }: Placed): Point[][] {
  if (rings.length > 0) return [...rings];
  if (line.length > 1) return [band(line, 3)];
  const [{ x, y }] = line as [Point];
  const turn = (at: number): number => (2 * Math.PI * at) / ROUND;
  return [
    Array.from({ length: ROUND + 1 }, (_, at) => ({
      x: x + 2.5 * Math.cos(turn(at)),
      y: y + 2.5 * Math.sin(turn(at)),
    })),
  ];
}
