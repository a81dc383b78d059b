/** The lines of a drawing: where two surfaces meet at an angle, and where one ends. */

import { BufferAttribute, BufferGeometry, EdgesGeometry } from "three";

/** Least angle between two surfaces that gives a line, degrees. */
const SHARPEST_FLAT = 25;

/** Ends of the lines, x, y, z after each other. */
export function linesOf(positions: Float32Array, indices: Uint32Array): Float32Array {
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(positions, 3));
  geometry.setIndex(new BufferAttribute(indices, 1));
  const edges = new EdgesGeometry(geometry, SHARPEST_FLAT).getAttribute("position").array as Float32Array;
  geometry.dispose();
  return edges;
}
