/**
 * Where the viewer stands, as pure arithmetic: a target on the ground, a direction, and a distance.
 *
 * `azimuth` is the direction that the viewer looks, clockwise from north; `elevation` is how high the viewer stands above
 * the horizon seen from the target: 90 degrees is straight down, with the azimuth at the top of the picture.
 */

import { Quaternion, Vector3 } from "three";

import type { Bounds } from "./frame";
import { clamp, type Vector } from "./height-field";
import type { CameraState, CameraStep } from "./types";

export const FIELD_OF_VIEW = 32;
const LOWEST_ELEVATION = 6;
const CLOSEST = 15;
/** How far the viewer may go, as a multiple of the diagonal of the scene. */
const FARTHEST_SHARE = 2.6;
/** Room above the ground, m. */
const CLEARANCE = 2.5;

const STEP_PAN = 0.08;
const STEP_TURN = 15;
const STEP_TILT = 7.5;
const STEP_ZOOM = 1.25;

export interface Limits {
  bounds: Bounds;
  heightAt: (x: number, y: number) => number;
}

export function diagonalOf({ west, south, east, north }: Bounds): number {
  return Math.hypot(east - west, north - south);
}

/** The nearest state that is allowed: inside the scene, above the ground, not too near and not too far. */
export function clampCamera(state: CameraState, { bounds, heightAt }: Limits): CameraState {
  const farthest = FARTHEST_SHARE * diagonalOf(bounds);
  const x = clamp(state.target[0], bounds.west, bounds.east);
  const y = clamp(state.target[1], bounds.south, bounds.north);
  const ground = heightAt(x, y);
  const clamped: CameraState = {
    target: [x, y, Number.isNaN(ground) ? state.target[2] : ground],
    azimuth: ((state.azimuth % 360) + 360) % 360,
    elevation: clamp(state.elevation, LOWEST_ELEVATION, 90),
    distance: clamp(state.distance, Math.min(CLOSEST, farthest), farthest),
  };
  while (clamped.elevation < 90 && isUnderGround(clamped, heightAt)) {
    clamped.elevation = Math.min(90, clamped.elevation + 1);
  }
  return clamped;
}

function isUnderGround(state: CameraState, heightAt: Limits["heightAt"]): boolean {
  const [x, y, z] = eyeOf(state);
  return z < heightAt(x, y) + CLEARANCE; // false outside the terrain, where the height is NaN
}

/** Where the eye is, local metres. */
export function eyeOf({ target, azimuth, elevation, distance }: CameraState): Vector {
  const [turn, tilt] = [radians(azimuth), radians(elevation)];
  const level = distance * Math.cos(tilt);
  return [
    target[0] - level * Math.sin(turn),
    target[1] - level * Math.cos(turn),
    target[2] + distance * Math.sin(tilt),
  ];
}

/** How the eye is turned; a camera without turn looks down with north at the top. */
export function orientationOf({ azimuth, elevation }: CameraState): Quaternion {
  const turn = new Quaternion().setFromAxisAngle(new Vector3(0, 0, 1), -radians(azimuth));
  return turn.multiply(new Quaternion().setFromAxisAngle(new Vector3(1, 0, 0), radians(90 - elevation)));
}

export function applyStep(state: CameraState, action: CameraStep): CameraState {
  const pan = STEP_PAN * state.distance;
  const [right, ahead] = directionsOf(state.azimuth);
  const moved = ([x, y]: readonly [number, number], metres: number): CameraState => ({
    ...state,
    target: [state.target[0] + x * metres, state.target[1] + y * metres, state.target[2]],
  });
  switch (action) {
    case "north":
      return moved(ahead, pan);
    case "south":
      return moved(ahead, -pan);
    case "east":
      return moved(right, pan);
    case "west":
      return moved(right, -pan);
    case "turn-left":
      return { ...state, azimuth: state.azimuth - STEP_TURN };
    case "turn-right":
      return { ...state, azimuth: state.azimuth + STEP_TURN };
    case "tilt-up":
      return { ...state, elevation: state.elevation + STEP_TILT };
    case "tilt-down":
      return { ...state, elevation: state.elevation - STEP_TILT };
    case "zoom-in":
      return { ...state, distance: state.distance / STEP_ZOOM };
    case "zoom-out":
      return { ...state, distance: state.distance * STEP_ZOOM };
  }
}

/**
 * The state from which points on the ground fill the picture. `aspect` is width by height.
 *
 * Near things look large, so the middle of the area is not the middle of the picture: the target moves until it is.
 */
export function fitCamera(
  points: readonly Vector[],
  aspect: number,
  view: { azimuth: number; elevation: number },
): CameraState {
  const [xs, ys, zs] = [0, 1, 2].map((axis) => points.map((point) => point[axis]!)) as [number[], number[], number[]];
  const middle = (values: number[]) => (Math.min(...values) + Math.max(...values)) / 2;
  const size = Math.hypot(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
  let state: CameraState = { target: [middle(xs), middle(ys), middle(zs)], ...view, distance: Math.max(2 * size, 1) };
  for (let turn = 0; turn < FIT_TURNS; turn++) {
    const seen = seenBounds(points, state, aspect);
    const [right, ahead] = directionsOf(state.azimuth);
    const free = Math.max(FIT_SHARE - (seen.north - seen.south) / 2, 0);
    const [across, up] = [(seen.west + seen.east) / 2, (seen.south + seen.north) / 2 - RAISED * free];
    const half = state.distance * Math.tan(radians(FIELD_OF_VIEW / 2));
    const [x, y] = [across * half * aspect, (up * half) / Math.sin(radians(view.elevation))];
    const fill = Math.max(seen.east - seen.west, seen.north - seen.south) / 2;
    state = {
      ...state,
      target: [
        state.target[0] + right[0] * x + ahead[0] * y,
        state.target[1] + right[1] * x + ahead[1] * y,
        state.target[2],
      ],
      distance: state.distance * (fill / FIT_SHARE) ** 0.7,
    };
  }
  return state;
}

const FIT_TURNS = 24;
/** Share of the picture that the area fills. */
const FIT_SHARE = 0.93;
/** How much of the room below goes above: legends and buttons lie at the foot of a picture. */
const RAISED = 0.4;

/** Where points lie in the picture, from -1 to 1 both ways. */
function seenBounds(points: readonly Vector[], state: CameraState, aspect: number): Bounds {
  const eye = eyeOf(state);
  const inverse = orientationOf(state).invert();
  const tangent = Math.tan(radians(FIELD_OF_VIEW / 2));
  const seen = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity };
  for (const [x, y, z] of points) {
    const corner = new Vector3(x - eye[0], y - eye[1], z - eye[2]).applyQuaternion(inverse);
    const depth = Math.max(-corner.z, 0.01);
    const [across, up] = [corner.x / depth / tangent / aspect, corner.y / depth / tangent];
    seen.west = Math.min(seen.west, across);
    seen.east = Math.max(seen.east, across);
    seen.south = Math.min(seen.south, up);
    seen.north = Math.max(seen.north, up);
  }
  return seen;
}

/** To the right of the viewer and ahead, on the ground. */
function directionsOf(azimuth: number): [[number, number], [number, number]] {
  const turn = radians(azimuth);
  return [
    [Math.cos(turn), -Math.sin(turn)],
    [Math.sin(turn), Math.cos(turn)],
  ];
}

/** The state between two others; the azimuth takes the short way round. */
export function mixCamera(from: CameraState, to: CameraState, share: number): CameraState {
  const mix = (a: number, b: number) => a + (b - a) * share;
  const turn = ((((to.azimuth - from.azimuth) % 360) + 540) % 360) - 180;
  return {
    target: [0, 1, 2].map((axis) => mix(from.target[axis]!, to.target[axis]!)) as Vector,
    azimuth: from.azimuth + turn * share,
    elevation: mix(from.elevation, to.elevation),
    distance: from.distance * (to.distance / from.distance) ** share,
  };
}

/** Move towards a place of the ground, so that it stays where it is in the picture. */
export function zoomTowards(state: CameraState, place: Vector, factor: number): CameraState {
  const keep = (axis: 0 | 1 | 2) => place[axis] + (state.target[axis] - place[axis]) * factor;
  return { ...state, target: [keep(0), keep(1), keep(2)], distance: state.distance * factor };
}

export function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
