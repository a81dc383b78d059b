/** What a measure looks like: which of a few looks it has, and where its points lie. Independent of how it is drawn. */

import type { Frame } from "./frame";
import type { Point, Sketch } from "./types";

/**
 * `hollow`: sunken green; `dip`: sunken ground; `water`; `steps`: a stepped square; `lawn`: grass; `park`: grass, a path
 * and trees; `planted`: a hollow with shrubs; `trench`: trees on a bed; `dotted`: light paving with joints; `paved`;
 * `play`; `hatched`: something under the ground; `roof`; `whole`: a whole building; `block`: a new building; `mound`;
 * `wall`; `bump`; `tree`; `pipe`; `pump`; `pin`: a flag at a place or a building.
 */
export type Look =
  | "hollow"
  | "dip"
  | "water"
  | "steps"
  | "lawn"
  | "park"
  | "planted"
  | "trench"
  | "dotted"
  | "paved"
  | "play"
  | "hatched"
  | "roof"
  | "whole"
  | "block"
  | "mound"
  | "wall"
  | "bump"
  | "tree"
  | "pipe"
  | "pump"
  | "pin";

const LOOKS: Readonly<Record<string, Look>> = {
  wadi: "hollow",
  "storage-basin": "hollow",
  "rain-garden": "planted",
  "lowered-ground": "dip",
  "lowered-road": "dip",
  "hollow-road": "dip",
  "raised-ground": "mound",
  "water-square": "steps",
  pond: "water",
  "wider-ditch": "water",
  unsealing: "lawn",
  "parking-removed": "lawn",
  park: "park",
  "tree-trench": "trench",
  tree: "tree",
  playground: "play",
  "permeable-paving": "dotted",
  "street-profile": "paved",
  "crate-storage": "hatched",
  "larger-sewer": "hatched",
  "separated-sewer": "hatched",
  culvert: "pipe",
  pump: "pump",
  "raised-kerb": "wall",
  "speed-bump": "bump",
  "new-building": "block",
  "change-of-use": "whole",
  demolition: "whole",
  "green-roof-extensive": "roof",
  "green-roof-intensive": "roof",
  "blue-green-roof": "roof",
  "roof-disconnection": "roof",
};

/** Looks of kinds that Morgen does not know, by the shape that they ask for. */
const BY_SHAPE: Readonly<Record<Sketch["shape"], Look>> = {
  basin: "hollow",
  surface: "paved",
  roof: "roof",
  block: "block",
  wall: "wall",
  tree: "tree",
  pipe: "pipe",
  marker: "pin",
};

export function lookOf({ kind, shape }: Pick<Sketch, "kind" | "shape">): Look {
  return LOOKS[kind] ?? BY_SHAPE[shape];
}

/** A sketch in local metres: rings of a polygon (closed), or one open line, or one point. */
export interface Placed {
  sketch: Sketch;
  look: Look;
  rings: readonly Point[][];
  line: readonly Point[];
}

export function placed(sketch: Sketch, frame: Frame): Placed {
  const local = (places: readonly (readonly number[])[]): Point[] =>
    places.map(([x = 0, y = 0]) => frame.toLocal({ x, y }));
  const { type, coordinates } = sketch.geometry;
  const look = lookOf(sketch);
  if (type === "Polygon") return { sketch, look, rings: (coordinates as number[][][]).map(local), line: [] };
  if (type === "MultiPolygon") {
    return { sketch, look, rings: (coordinates as number[][][][]).flat().map(local), line: [] };
  }
  const line = type === "Point" ? local([coordinates as number[]]) : local(coordinates as number[][]);
  return { sketch, look, rings: [], line };
}

/** Whether a point lies in rings, by the even-odd rule. */
export function isInside({ x, y }: Point, rings: readonly (readonly Point[])[]): boolean {
  let inside = false;
  for (const ring of rings) {
    for (let at = 0; at + 1 < ring.length; at++) {
      const [a, b] = [ring[at]!, ring[at + 1]!];
      if (a.y > y !== b.y > y && x < a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x)) inside = !inside;
    }
  }
  return inside;
}

/** The middle of the corners. */
export function middleOf(points: readonly Point[]): Point {
  const sum = points.reduce((all, { x, y }) => ({ x: all.x + x, y: all.y + y }), { x: 0, y: 0 });
  return { x: sum.x / points.length, y: sum.y / points.length };
}

/** Places spread over a polygon about `apart` metres from each other, at least `margin` from its edge; always the same. */
export function spread(rings: readonly Point[][], apart: number, margin: number): Point[] {
  const corners = rings.flat();
  if (corners.length === 0) return [];
  const [west, east] = [Math.min(...corners.map(({ x }) => x)), Math.max(...corners.map(({ x }) => x))];
  const [south, north] = [Math.min(...corners.map(({ y }) => y)), Math.max(...corners.map(({ y }) => y))];
  const found: Point[] = [];
  let number = 0;
  for (let y = south + apart / 2; y < north; y += apart) {
    for (let x = west + apart / 2; x < east; x += apart) {
      number++;
      const place = { x: x + wobble(number, 1) * apart * 0.6, y: y + wobble(number, 2) * apart * 0.6 };
      if (isInside(place, rings) && distanceToEdge(place, rings) >= margin) found.push(place);
    }
  }
  return found;
}

/** Places along a line or a ring, so many metres apart, from half a step on. */
export function along(line: readonly Point[], apart: number): Point[] {
  const found: Point[] = [];
  let next = apart / 2;
  let walked = 0;
  for (let at = 0; at + 1 < line.length; at++) {
    const [a, b] = [line[at]!, line[at + 1]!];
    const length = Math.hypot(b.x - a.x, b.y - a.y);
    for (; next <= walked + length; next += apart) {
      const share = (next - walked) / length;
      found.push({ x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share });
    }
    walked += length;
  }
  return found;
}

function distanceToEdge(place: Point, rings: readonly Point[][]): number {
  let nearest = Infinity;
  for (const ring of rings) {
    for (let at = 0; at + 1 < ring.length; at++) {
      nearest = Math.min(nearest, distanceTo(place, ring[at]!, ring[at + 1]!));
    }
  }
  return nearest;
}

function distanceTo(place: Point, a: Point, b: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const square = dx * dx + dy * dy;
  const share = square === 0 ? 0 : ((place.x - a.x) * dx + (place.y - a.y) * dy) / square;
  const inside = Math.min(Math.max(share, 0), 1);
  return Math.hypot(place.x - a.x - inside * dx, place.y - a.y - inside * dy);
}

/** A line as a band: its outline with square ends, closed. */
export function band(line: readonly Point[], width: number): Point[] {
  const sides = [1, -1].map((side) => line.map((place, at) => beside(line, at, place, (side * width) / 2)));
  const ring = [...sides[0]!, ...sides[1]!.reverse()];
  return ring.length === 0 ? [] : [...ring, ring[0]!];
}

function beside(line: readonly Point[], at: number, place: Point, away: number): Point {
  const [before, after] = [line[Math.max(at - 1, 0)]!, line[Math.min(at + 1, line.length - 1)]!];
  const length = Math.hypot(after.x - before.x, after.y - before.y) || 1;
  return { x: place.x - ((after.y - before.y) / length) * away, y: place.y + ((after.x - before.x) / length) * away };
}

function wobble(number: number, salt: number): number {
  const value = Math.sin(number * 12.9898 + salt * 78.233) * 43758.5453;
  return value - Math.floor(value) - 0.5;
}
