/** The sides of the model: the ground ends as a pale slab, as of a maquette that is cut out of a town. */

import { BufferAttribute, BufferGeometry, Mesh, MeshLambertMaterial } from "three";

import type { MeshGrid } from "./mesh-grid";

const SIDE = "#e3ded5";
/** Thickness under the lowest place, as a share of the longest side, and at least so many metres. */
const THICKNESS_SHARE = 0.012;
const THINNEST = 3;

/** Height of the underside, m NAP. */
export function undersideOf({ field }: MeshGrid): number {
  const { west, east, south, north } = field.bounds;
  return field.lowest - Math.max(THINNEST, THICKNESS_SHARE * Math.max(east - west, north - south));
}

/** Upright walls along every edge where the terrain ends. */
export function slab(mesh: MeshGrid): Mesh<BufferGeometry, MeshLambertMaterial> {
  const { positions, normals } = wallsOf(mesh);
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(positions, 3));
  geometry.setAttribute("normal", new BufferAttribute(normals, 3));
  const sides = new Mesh(geometry, new MeshLambertMaterial({ color: SIDE }));
  sides.receiveShadow = false;
  return sides;
}

export function wallsOf(mesh: MeshGrid): { positions: Float32Array; normals: Float32Array } {
  const places = mesh.positions();
  const bottom = undersideOf(mesh);
  const across = mesh.columns.length;
  const [positions, normals]: [number[], number[]] = [[], []];
  const wall = (from: number, to: number, normal: readonly [number, number, number]) => {
    const [ax, ay, az] = places.subarray(3 * from) as unknown as [number, number, number];
    const [bx, by, bz] = places.subarray(3 * to) as unknown as [number, number, number];
    positions.push(ax, ay, az, ax, ay, bottom, bx, by, bottom, ax, ay, az, bx, by, bottom, bx, by, bz);
    for (let corner = 0; corner < 6; corner++) normals.push(...normal);
  };
  for (let row = 0; row + 1 < mesh.rows.length; row++) {
    for (let column = 0; column + 1 < across; column++) {
      if (!mesh.hasGround(row, column)) continue;
      const [a, b] = [row * across + column, row * across + column + 1];
      const [c, d] = [a + across, b + across];
      if (!mesh.hasGround(row - 1, column)) wall(b, a, [0, 1, 0]);
      if (!mesh.hasGround(row + 1, column)) wall(c, d, [0, -1, 0]);
      if (!mesh.hasGround(row, column - 1)) wall(a, c, [-1, 0, 0]);
      if (!mesh.hasGround(row, column + 1)) wall(d, b, [1, 0, 0]);
    }
  }
  return { positions: Float32Array.from(positions), normals: Float32Array.from(normals) };
}
