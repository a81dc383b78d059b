/** The place of a measure while it is drawn: points in RD New, by clicks or typed. Nothing here decides; it is a sketch. */

import type { Geometry } from "../api/types";
import { readNumber } from "./storm";

export type Shape = "Point" | "LineString" | "Polygon";
export type Place = [number, number];

const LEAST: Readonly<Record<Shape, number>> = { Point: 1, LineString: 2, Polygon: 3 };
/** Two points nearer than this are one: the second click of a double click, m. */
const SAME = 0.05;

/** How many points are missing before the shape can be kept. */
export function missing(shape: Shape, points: readonly Place[]): number {
  return Math.max(0, LEAST[shape] - points.length);
}

/** The points with one more; a point has only one, and a place that was clicked twice counts once. */
export function withPoint(shape: Shape, points: readonly Place[], place: Place): Place[] {
  if (shape === "Point") return [place];
  const last = points.at(-1);
  const again = last !== undefined && Math.hypot(last[0] - place[0], last[1] - place[1]) < SAME;
  return again ? [...points] : [...points, place];
}

/** The geometry of the points; null as long as some are missing. */
export function geometryOf(shape: Shape, points: readonly Place[]): Geometry | null {
  if (missing(shape, points) > 0) return null;
  if (shape === "Point") return { type: "Point", coordinates: points[0]! };
  if (shape === "LineString") return { type: "LineString", coordinates: [...points] };
  return { type: "Polygon", coordinates: [[...points, points[0]!]] };
}

/** The shape and the points of what was drawn before; null when it has parts or holes, which are not edited here. */
export function drawnAs(geometry: Geometry | null): { shape: Shape; points: Place[] } | null {
  if (geometry === null || geometry.type === "MultiPolygon") return null;
  if (geometry.type === "Point") return { shape: "Point", points: [geometry.coordinates] };
  if (geometry.type === "LineString") return { shape: "LineString", points: geometry.coordinates };
  const [ring, ...holes] = geometry.coordinates;
  return ring === undefined || holes.length > 0 ? null : { shape: "Polygon", points: ring.slice(0, -1) };
}

/** Points as text, one a line, to a decimetre: '150412,3 450533,0'. */
export function writePlaces(points: readonly Place[], coordinate: (metres: number) => string): string {
  return points.map(([x, y]) => `${coordinate(x)} ${coordinate(y)}`).join("\n");
}

/** Points from text, one a line, x and y with a space or a semicolon between them; null when a line is none. */
export function readPlaces(text: string): Place[] | null {
  const lines = text.split(/\n+/).filter((line) => line.trim() !== "");
  const places = lines.map((line) => {
    const numbers = line
      .trim()
      .split(/[;\s]+/)
      .map(readNumber);
    const [x, y] = numbers;
    return numbers.length === 2 && x != null && y != null ? ([x, y] as Place) : null;
  });
  return places.every((place) => place !== null) ? places : null;
}

/** What is told of a sketch while it is drawn: length of a line in m, area of a polygon in m2. */
export function sizeOf(shape: Shape, points: readonly Place[]): number {
  if (shape === "Point" || missing(shape, points) > 0) return 0;
  const pairs = points.map((from, at): [Place, Place] => [from, points[(at + 1) % points.length]!]);
  if (shape === "LineString")
    return pairs.slice(0, -1).reduce((sum, [a, b]) => sum + Math.hypot(b[0] - a[0], b[1] - a[1]), 0);
  const [[x0, y0]] = points as [Place];
  const twice = pairs.reduce((sum, [a, b]) => sum + (a[0] - x0) * (b[1] - y0) - (b[0] - x0) * (a[1] - y0), 0);
  return Math.abs(twice) / 2;
}
