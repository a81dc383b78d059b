/** Which places get a label in the picture. */

import type { Client } from "../api/client";
import type { Feature, WetBuilding } from "../api/types";
import { pointInside } from "./geometry";

/** A building with its label: RD New, and m NAP of its roof. */
export interface DeepPlace {
  id: string;
  x: number;
  y: number;
  z: number;
  /** m */
  depth: number;
}

const MOST = 3;
/** Labels closer together than this would cover each other, m. */
const APART = 70;

/** The deepest buildings above the high threshold that lie apart; `buildings` come deepest first. */
export function deepestApart(buildings: readonly Feature<WetBuilding>[]): Omit<DeepPlace, "z">[] {
  const found: Omit<DeepPlace, "z">[] = [];
  for (const { id, geometry, properties } of buildings) {
    if (found.length === MOST || !properties.above_high) break;
    const point = pointInside(geometry);
    if (point === null || properties.max_depth === null) continue;
    const [x, y] = point;
    const free = found.every((other) => Math.hypot(other.x - x, other.y - y) >= APART);
    if (free) found.push({ id, x, y, depth: properties.max_depth });
  }
  return found;
}

/** Put the labels on the roofs; a building without a known height gets its label at NAP. */
export async function onRoofs(client: Client, places: Omit<DeepPlace, "z">[]): Promise<DeepPlace[]> {
  return Promise.all(
    places.map(async (place) => {
      const facts = await client.building(place.id).catch(() => null);
      return { ...place, z: facts?.properties.roof_height ?? facts?.properties.ground_height ?? 0 };
    }),
  );
}
