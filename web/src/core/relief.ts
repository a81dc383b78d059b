/** The direction in which the ground faces, as a picture: finer than the triangles, and calm where the terrain is noisy. */

import { DataTexture, LinearFilter, LinearMipmapLinearFilter, RGBAFormat, UnsignedByteType } from "three";

import type { HeightField } from "./height-field";

/** Unit normals of the grid as bytes, first row in the south, slopes smoothed over three samples. */
export function reliefTexture(field: HeightField): DataTexture {
  const texture = new DataTexture(reliefTexels(field), field.columns, field.rows, RGBAFormat, UnsignedByteType);
  texture.magFilter = LinearFilter;
  texture.minFilter = LinearMipmapLinearFilter;
  texture.generateMipmaps = true;
  texture.needsUpdate = true;
  return texture;
}

export function reliefTexels(field: HeightField): Uint8Array<ArrayBuffer> {
  const { rows, columns, cellSize } = field;
  const calm = smoothed(field);
  const texels = new Uint8Array(4 * rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = (r: number, c: number) =>
        calm[Math.min(Math.max(r, 0), rows - 1) * columns + Math.min(Math.max(c, 0), columns - 1)]!;
      const east = at(row, column + 1) - at(row, column - 1);
      const north = at(row - 1, column) - at(row + 1, column);
      const [x, y] = [known(-east / (2 * cellSize)), known(-north / (2 * cellSize))];
      const length = Math.hypot(x, y, 1);
      const texel = 4 * ((rows - 1 - row) * columns + column);
      texels.set([byte(x / length), byte(y / length), byte(1 / length), 255], texel);
    }
  }
  return texels;
}

function smoothed(field: HeightField): Float32Array {
  const { rows, columns } = field;
  const calm = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let [sum, count] = [0, 0];
      for (let r = row - 1; r <= row + 1; r++) {
        for (let c = column - 1; c <= column + 1; c++) {
          const height = field.sample(r, c);
          if (!Number.isNaN(height)) [sum, count] = [sum + height, count + 1];
        }
      }
      calm[row * columns + column] = count ? sum / count : NaN;
    }
  }
  return calm;
}

function known(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}

function byte(part: number): number {
  return Math.round((part * 0.5 + 0.5) * 255);
}
