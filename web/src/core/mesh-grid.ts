/** The triangles that ground and water share: every so many samples of the grid, so that they never cut through each other. */

import type { HeightField } from "./height-field";

export class MeshGrid {
  /** Rows and columns of the samples that are corners; the last ones are always among them. */
  readonly rows: Uint16Array;
  readonly columns: Uint16Array;

  constructor(
    readonly field: HeightField,
    mostTriangles: number,
  ) {
    const step = stepFor(field.rows, field.columns, mostTriangles);
    this.rows = every(field.rows, step);
    this.columns = every(field.columns, step);
  }

  get corners(): number {
    return this.rows.length * this.columns.length;
  }

  /** Number of the sample in the grid of a corner. */
  sampleOf(corner: number): number {
    const row = this.rows[Math.floor(corner / this.columns.length)]!;
    return row * this.field.columns + this.columns[corner % this.columns.length]!;
  }

  /** Local x, y, z of all corners; where there is no terrain, z is that of the lowest place. */
  positions(): Float32Array {
    const positions = new Float32Array(3 * this.corners);
    let at = 0;
    for (const row of this.rows) {
      for (const column of this.columns) {
        const [x, y] = this.field.place(row, column);
        const height = this.field.sample(row, column);
        positions.set([x, y, Number.isNaN(height) ? this.field.lowest : height], at);
        at += 3;
      }
    }
    return positions;
  }

  /** Two triangles for every square that `wanted` keeps; squares without terrain at a corner are never there. */
  triangles(wanted: (row: number, column: number) => boolean = () => true): Uint32Array {
    const across = this.columns.length;
    const indices: number[] = [];
    for (let row = 0; row + 1 < this.rows.length; row++) {
      for (let column = 0; column + 1 < across; column++) {
        if (!this.hasGround(row, column) || !wanted(row, column)) continue;
        const [a, b] = [row * across + column, row * across + column + 1];
        const [c, d] = [a + across, b + across];
        indices.push(a, c, b, b, c, d);
      }
    }
    return Uint32Array.from(indices);
  }

  /** Whether all four corners of a square lie on the terrain; squares outside the grid do not. */
  hasGround(row: number, column: number): boolean {
    if (row < 0 || column < 0 || row + 1 >= this.rows.length || column + 1 >= this.columns.length) return false;
    const [top, bottom] = [this.rows[row]!, this.rows[row + 1]!];
    const [left, right] = [this.columns[column]!, this.columns[column + 1]!];
    const sum =
      this.field.sample(top, left) +
      this.field.sample(top, right) +
      this.field.sample(bottom, left) +
      this.field.sample(bottom, right);
    return !Number.isNaN(sum);
  }
}

/** The smallest step that keeps a grid within a number of triangles. */
export function stepFor(rows: number, columns: number, mostTriangles: number): number {
  let step = 1;
  while (2 * Math.ceil((rows - 1) / step) * Math.ceil((columns - 1) / step) > mostTriangles) step++;
  return step;
}

function every(count: number, step: number): Uint16Array {
  const chosen: number[] = [];
  for (let at = 0; at < count; at += step) chosen.push(at);
  if (chosen[chosen.length - 1] !== count - 1) chosen.push(count - 1);
  return Uint16Array.from(chosen);
}
