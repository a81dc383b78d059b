/** Pictures as textures of the ground, and as numbers per cell. */

import {
  DataTexture,
  LinearFilter,
  LinearMipmapLinearFilter,
  RGBAFormat,
  SRGBColorSpace,
  Texture,
  UnsignedByteType,
} from "three";

import type { Bounds } from "./frame";
import type { HeightField } from "./height-field";

const WET = 127;
/** So much of an overlay covers the ground: streets stay to be seen under it. */
const OVERLAY_OPACITY = 0.88;

export function colourTexture(picture: ImageBitmap | HTMLCanvasElement, anisotropy: number): Texture {
  const texture = pictureTexture(picture, anisotropy);
  texture.colorSpace = SRGBColorSpace;
  return texture;
}

/** A picture of the ground with another one of the same extent on it, sharp as its own pixels are. */
export function draped(ground: ImageBitmap, overlay: ImageBitmap): HTMLCanvasElement {
  const sheet = document.createElement("canvas");
  [sheet.width, sheet.height] = [ground.width, ground.height];
  const pencil = sheet.getContext("2d");
  if (!pencil) return sheet;
  pencil.drawImage(ground, 0, 0);
  pencil.imageSmoothingEnabled = false;
  pencil.globalAlpha = OVERLAY_OPACITY;
  pencil.drawImage(overlay, 0, 0, sheet.width, sheet.height);
  return sheet;
}

export function maskTexture(picture: ImageBitmap, anisotropy: number): Texture {
  return pictureTexture(picture, anisotropy);
}

function pictureTexture(picture: ImageBitmap | HTMLCanvasElement, anisotropy: number): Texture {
  const texture = new Texture(picture);
  texture.flipY = false; // the picture was turned when it was decoded
  texture.generateMipmaps = true;
  texture.minFilter = LinearMipmapLinearFilter;
  texture.magFilter = LinearFilter;
  texture.anisotropy = anisotropy;
  texture.needsUpdate = true;
  return texture;
}

/** One texel, for what is missing. */
export function plainTexture(red: number, green: number, blue: number): DataTexture {
  return texelTexture(red, green, blue, 255);
}

/** One texel that covers nothing. */
export function clearTexture(): DataTexture {
  return texelTexture(0, 0, 0, 0);
}

function texelTexture(...texel: [number, number, number, number]): DataTexture {
  const texels = new Uint8Array(texel);
  const texture = new DataTexture(texels, 1, 1, RGBAFormat, UnsignedByteType);
  texture.needsUpdate = true;
  return texture;
}

/** A one for every sample of the field that lies in permanent water, row 0 in the north. */
export function permanentCells(picture: ImageBitmap, scene: Bounds, field: HeightField): Uint8Array {
  const sheet = document.createElement("canvas");
  [sheet.width, sheet.height] = [picture.width, picture.height];
  const pencil = sheet.getContext("2d", { willReadFrequently: true });
  if (!pencil) return new Uint8Array(field.rows * field.columns);
  pencil.drawImage(picture, 0, 0);
  const { data } = pencil.getImageData(0, 0, picture.width, picture.height);
  return cellsOf((x, y) => data[4 * (y * picture.width + x)]! > WET, picture, scene, field);
}

/** `isWet` tells of a pixel of the turned picture, whose first row is the southernmost. */
export function cellsOf(
  isWet: (x: number, y: number) => boolean,
  size: { width: number; height: number },
  scene: Bounds,
  field: HeightField,
): Uint8Array {
  const cells = new Uint8Array(field.rows * field.columns);
  const { west, north } = field.bounds;
  for (let row = 0; row < field.rows; row++) {
    const northing = north - (row + 0.5) * field.cellSize;
    const y = pixelOf(northing, scene.south, scene.north, size.height);
    for (let column = 0; column < field.columns; column++) {
      const x = pixelOf(west + (column + 0.5) * field.cellSize, scene.west, scene.east, size.width);
      if (isWet(x, y)) cells[row * field.columns + column] = 1;
    }
  }
  return cells;
}

function pixelOf(value: number, from: number, to: number, pixels: number): number {
  const pixel = Math.floor(((value - from) / (to - from)) * pixels);
  return Math.min(Math.max(pixel, 0), pixels - 1);
}
