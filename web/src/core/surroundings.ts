/**
 * What lies around the area of the question: it is computed, for its water may run into the area, but nothing there
 * counts. So it is drawn paler.
 */

import { CanvasTexture } from "three";

import type { Bounds } from "./frame";
import type { Point } from "./types";

const LONGEST_SIDE = 1024;

/** White inside the rings and black outside; null where a browser has no canvas to draw on. The first row is the southernmost. */
export function areaMask(rings: readonly Point[][], bounds: Bounds): CanvasTexture | null {
  if (rings.length === 0) return null;
  const [width, height] = [bounds.east - bounds.west, bounds.north - bounds.south];
  const scale = LONGEST_SIDE / Math.max(width, height);
  const sheet = document.createElement("canvas");
  [sheet.width, sheet.height] = [Math.ceil(width * scale), Math.ceil(height * scale)];
  const pencil = sheet.getContext("2d");
  if (!pencil) return null;
  pencil.fillStyle = "#000";
  pencil.fillRect(0, 0, sheet.width, sheet.height);
  pencil.fillStyle = "#fff";
  pencil.beginPath();
  for (const ring of rings) {
    for (const [corner, { x, y }] of ring.entries()) {
      const place = [((x - bounds.west) / width) * sheet.width, ((y - bounds.south) / height) * sheet.height] as const;
      if (corner === 0) pencil.moveTo(...place);
      else pencil.lineTo(...place);
    }
    pencil.closePath();
  }
  pencil.fill("evenodd");
  const texture = new CanvasTexture(sheet);
  texture.flipY = false;
  return texture;
}
