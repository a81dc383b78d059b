/** Where things are: the local frame of the scene, RD New moved to an origin so that single precision is enough. */

import type { GridHeader, Point, SceneDescription } from "./types";

/** A rectangle in local metres. */
export interface Bounds {
  west: number;
  south: number;
  east: number;
  north: number;
}

export class Frame {
  constructor(readonly origin: readonly [number, number, number]) {}

  toLocal(point: Point): Point {
    return { x: point.x - this.origin[0], y: point.y - this.origin[1] };
  }

  toRd(point: Point): Point {
    return { x: point.x + this.origin[0], y: point.y + this.origin[1] };
  }

  /** The outer edges of a grid of samples. */
  boundsOf(header: GridHeader): Bounds {
    const { x: west, y: north } = this.toLocal({ x: header.west, y: header.north });
    return {
      west,
      north,
      east: west + header.columns * header.cellSize,
      south: north - header.rows * header.cellSize,
    };
  }

  /** The edges of the whole scene, which the pictures of the ground cover exactly. */
  boundsOfScene(grid: SceneDescription["grid"]): Bounds {
    const { x: west, y: south } = this.toLocal({ x: grid.west, y: grid.south });
    const { x: east, y: north } = this.toLocal({ x: grid.east, y: grid.north });
    return { west, south, east, north };
  }
}

/** The rings of a GeoJSON Polygon or MultiPolygon in local coordinates; empty for anything else. */
export function ringsOf(area: SceneDescription["area"], frame: Frame): Point[][] {
  const polygons = area.type === "Polygon" ? [area.coordinates] : area.type === "MultiPolygon" ? area.coordinates : [];
  return (polygons as number[][][][]).flatMap((rings) =>
    rings.map((ring) => ring.map(([x = 0, y = 0]) => frame.toLocal({ x, y }))),
  );
}
