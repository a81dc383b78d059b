/** The border of the area that the question is about: a dashed line that lies on the ground. */

import { BufferAttribute, BufferGeometry, LineDashedMaterial, LineSegments } from "three";

import type { HeightField } from "./height-field";
import type { Point } from "./types";

const COLOUR = "#6a6258";
const LIFT = 0.35;

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

/** Cut rings at every cell and lay them on the ground; parts outside the terrain are left out. */
export function drape(
  rings: readonly Point[][],
  field: HeightField,
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
          return [x, y, field.heightAt(x, y) + LIFT, walked + length * share];
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
