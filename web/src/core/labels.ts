/** Where markers are on the canvas, so that the panels can write their texts there as real text. */

import { type PerspectiveCamera, Vector3 } from "three";

import type { Marker, Point } from "./types";

/** Places in CSS pixels of the markers that are in view. */
export function project(
  markers: readonly Marker[],
  camera: PerspectiveCamera,
  size: { width: number; height: number },
): Map<string, Point> {
  const places = new Map<string, Point>();
  const vector = new Vector3();
  for (const { id, position } of markers) {
    const { x, y, z } = vector.set(...position).project(camera);
    if (Math.abs(x) > 1 || Math.abs(y) > 1 || z > 1 || z < -1) continue;
    places.set(id, { x: ((x + 1) / 2) * size.width, y: ((1 - y) / 2) * size.height });
  }
  return places;
}

export function areSamePlaces(one: ReadonlyMap<string, Point>, other: ReadonlyMap<string, Point>): boolean {
  if (one.size !== other.size) return false;
  for (const [id, { x, y }] of one) {
    const place = other.get(id);
    if (!place || Math.abs(place.x - x) > 0.25 || Math.abs(place.y - y) > 0.25) return false;
  }
  return true;
}
