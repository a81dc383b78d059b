/** Lines on the ground: the dashed border of the area of the question, and what drains to a place. */

import { BufferAttribute, BufferGeometry, LineBasicMaterial, LineDashedMaterial, LineSegments } from "three";

import type { HeightField } from "./height-field";
import type { Point } from "./types";

const COLOUR = "#6a6258";
const LIFT = 0.35;
const DRAINING = "#9c3d16";
/** A line is one pixel wide whatever one asks; several above each other are seen. */
const LIFTS = [0.35, 0.7, 1.05, 1.4];

export function outline(rings: readonly Point[][], field: HeightField): LineSegments {
  const { positions, distances } = drape(rings, field);
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(positions, 3));
  geometry.setAttribute("lineDistance", new BufferAttribute(distances, 1));
  const size = Math.hypot(field.bounds.east - field.bounds.west, field.bounds.north - field.bounds.south);
  const dash = Math.min(Math.max(size / 150, 2), 12);
  const material = new LineDashedMaterial({
    color: COLOUR,
    dashSize: dash,
    gapSize: dash * 0.7,
    transparent: true,
    opacity: 0.65,
    depthWrite: false,
  });
  const line = new LineSegments(geometry, material);
  line.renderOrder = 3;
  return line;
}

/** The border of the ground that drains to a place. */
export function drainingLine(rings: readonly Point[][], field: HeightField): LineSegments {
  const lines = LIFTS.map((lift) => drape(rings, field, lift).positions);
  const positions = new Float32Array(lines.reduce((count, line) => count + line.length, 0));
  lines.reduce((at, line) => (positions.set(line, at), at + line.length), 0);
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(positions, 3));
  const line = new LineSegments(geometry, new LineBasicMaterial({ color: DRAINING, toneMapped: false }));
  line.renderOrder = 4;
  return line;
}

/** Cut rings at every cell and lay them on the ground; parts outside the terrain are left out. */
export function drape(
  rings: readonly Point[][],
  field: HeightField,
  lift = LIFT,
): { positions: Float32Array; distances: Float32Array } {
  const [positions, distances]: [number[], number[]] = [[], []];
  for (const ring of rings) {
    let walked = 0;
    for (let corner = 0; corner + 1 < ring.length; corner++) {
      const [from, to] = [ring[corner]!, ring[corner + 1]!];
      const length = Math.hypot(to.x - from.x, to.y - from.y);
      const pieces = Math.max(1, Math.ceil(length / field.cellSize));
      for (let piece = 0; piece < pieces; piece++) {
        const ends = [piece / pieces, (piece + 1) / pieces].map((share) => {
          const [x, y] = [from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share];
          return [x, y, field.heightAt(x, y) + lift, walked + length * share];
        });
        if (ends.some((end) => Number.isNaN(end[2]!))) continue;
        for (const [x, y, z, way] of ends) {
          positions.push(x!, y!, z!);
          distances.push(way!);
        }
      }
      walked += length;
    }
  }
  return { positions: Float32Array.from(positions), distances: Float32Array.from(distances) };
}
