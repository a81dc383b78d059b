/** Depths of one moment as a picture: one pixel a sample, in the colours of the legend. */

import { depthOf } from "../core/grid";
import type { DepthGrid, SceneDescription } from "../core/types";

type Classes = SceneDescription["depthClasses"];
type Colour = [number, number, number];

/** Paint on `sheet` when it has the right size, else on a new one. Between two moments depths are interpolated. */
export function paintDepth(
  depth: DepthGrid,
  time: number,
  classes: Classes,
  sheet: HTMLCanvasElement | null,
): HTMLCanvasElement {
  const { rows, columns } = depth.header;
  const canvas = sheet?.width === columns && sheet.height === rows ? sheet : document.createElement("canvas");
  Object.assign(canvas, { width: columns, height: rows });
  const context = canvas.getContext("2d")!;
  const picture = context.createImageData(columns, rows);
  picture.data.set(depthPixels(depth, time, classes));
  context.putImageData(picture, 0, 0);
  return canvas;
}

/** Take away what lies under the opaque parts of a mask of the same extent. */
export function erase(sheet: HTMLCanvasElement, mask: HTMLCanvasElement): void {
  const context = sheet.getContext("2d")!;
  context.globalCompositeOperation = "destination-out";
  // Half a sample wider to all sides: a sample that is water for a part is water.
  for (const x of [-0.5, 0.5]) for (const y of [-0.5, 0.5]) context.drawImage(mask, x, y, sheet.width, sheet.height);
  context.globalCompositeOperation = "source-over";
}

/** A grey picture as a mask: opaque where it is white, clear where it is black. */
export function opaqueWhereWhite(picture: ImageBitmap): HTMLCanvasElement {
  const canvas = Object.assign(document.createElement("canvas"), { width: picture.width, height: picture.height });
  const context = canvas.getContext("2d")!;
  context.drawImage(picture, 0, 0);
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 0; at < pixels.data.length; at += 4) pixels.data[at + 3] = pixels.data[at]!;
  context.putImageData(pixels, 0, 0);
  return canvas;
}

/** RGBA per sample; nothing where it is dry, thinner than the first class, or without a value. */
export function depthPixels(depth: DepthGrid, time: number, classes: Classes): Uint8ClampedArray {
  const { rows, columns, maximum, nodata } = depth.header;
  const size = rows * columns;
  const { before, after, share } = momentsAround(depth.times, time);
  const metres = Float32Array.from({ length: 256 }, (_, code) => (code === nodata ? NaN : depthOf(code, maximum)));
  const colours = classes.map(({ colour }) => colourOf(colour));
  const pixels = new Uint8ClampedArray(size * 4);
  for (let cell = 0; cell < size; cell++) {
    const first = metres[depth.values[before * size + cell]!]!;
    const next = metres[depth.values[after * size + cell]!]!;
    const at = classAt(classes, first + (next - first) * share);
    if (at >= 0) pixels.set([...colours[at]!, 255], cell * 4);
  }
  return pixels;
}

/** The frames before and after a moment, and how far it lies between them. */
export function momentsAround(
  times: readonly number[],
  time: number,
): { before: number; after: number; share: number } {
  const next = times.findIndex((moment) => moment >= time);
  if (next === 0) return { before: 0, after: 0, share: 0 };
  if (next === -1) return { before: times.length - 1, after: times.length - 1, share: 0 };
  const [from, to] = [times[next - 1]!, times[next]!];
  return { before: next - 1, after: next, share: (time - from) / (to - from) };
}

/** Index of the class of a depth; -1 for less than the first class and for no value. */
function classAt(classes: Classes, depth: number): number {
  let at = -1;
  while (at + 1 < classes.length && depth >= classes[at + 1]!.from) at++;
  return at;
}

function colourOf(text: string): Colour {
  return [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16)) as Colour;
}
