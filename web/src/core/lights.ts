/** Light: a bright even sky, a low warm sun, and shadows that are drawn again only when the sun or what it shines on changed. */

import { Box3, Color, DirectionalLight, Group, HemisphereLight, Matrix4, Vector3 } from "three";

import { radians } from "./camera";
import type { SunState } from "./types";

export const HAZE = new Color("#e6eaec");
export const SKY = new Color("#d7e3ea");

const SUNLIGHT = new Color("#fff6ea");
const LOW_SUNLIGHT = new Color("#ffdcb8");
const STRENGTH = 2.3;
const FILL = 0.78;
const SKYLIGHT = 2.1;
/** How far the light from the other side is turned away from straight opposite the sun. */
const FILL_TURN = 0.6;
/** Under this the sun fades, degrees. */
const FADES_UNDER = 6;

export const DEFAULT_SUN: SunState = { azimuth: 238, elevation: 36 };

export class Lights {
  readonly object = new Group();
  /** Direction to the sun; shared with the shaders. */
  readonly sunward = new Vector3();
  private readonly sun = new DirectionalLight(SUNLIGHT, STRENGTH);
  /** Light from the other side, without shadow, so that walls that the sun does not see differ from each other. */
  private readonly fill = new DirectionalLight("#e9f0ff", FILL);
  private readonly sky = new HemisphereLight("#fdfdff", "#e4dfd7", SKYLIGHT);
  private box = new Box3();
  private state: SunState = DEFAULT_SUN;

  constructor(shadowSize: number) {
    this.sky.position.set(0, 0, 1);
    this.sun.castShadow = true;
    this.sun.shadow.autoUpdate = false;
    this.sun.shadow.radius = 1.6;
    this.sun.shadow.intensity = 0.86;
    this.sun.shadow.bias = -0.0004;
    this.sun.shadow.mapSize.set(shadowSize, shadowSize);
    this.object.add(this.sky, this.sun, this.sun.target, this.fill);
    this.setSun(DEFAULT_SUN);
  }

  setSun(state: SunState): void {
    this.state = state;
    const [turn, height] = [radians(state.azimuth), radians(Math.max(state.elevation, 1))];
    this.sunward.set(Math.sin(turn) * Math.cos(height), Math.cos(turn) * Math.cos(height), Math.sin(height));
    const up = Math.min(Math.max((state.elevation + 0.5) / FADES_UNDER, 0), 1);
    this.sun.intensity = STRENGTH * up;
    this.sun.color.lerpColors(LOW_SUNLIGHT, SUNLIGHT, Math.min(Math.max(state.elevation / 35, 0), 1));
    this.fill.position.set(-Math.sin(turn + FILL_TURN), -Math.cos(turn + FILL_TURN), 0.45);
    this.fill.intensity = FILL * (0.4 + 0.6 * up);
    this.sky.intensity = SKYLIGHT * (0.55 + 0.45 * up);
    this.aim();
  }

  getSun(): SunState {
    return this.state;
  }

  /** What the sun shines on; the shadows are as fine as this is small. */
  setBox(box: Box3): void {
    this.box = box.clone();
    this.aim();
  }

  setShadowSize(size: number): void {
    const { shadow } = this.sun;
    if (shadow.mapSize.x === size) return;
    shadow.mapSize.set(size, size);
    shadow.map?.dispose();
    shadow.map = null;
    this.aim();
  }

  /** Draw the shadows again with the next frame. */
  refresh(): void {
    this.sun.shadow.needsUpdate = true;
  }

  dispose(): void {
    this.sun.dispose();
    this.fill.dispose();
    this.sky.dispose();
  }

  private aim(): void {
    if (this.box.isEmpty()) return;
    const centre = this.box.getCenter(new Vector3());
    const reach = this.box.getSize(new Vector3()).length();
    this.sun.target.position.copy(centre);
    this.sun.position.copy(centre).addScaledVector(this.sunward, reach);
    const view = new Matrix4().lookAt(this.sun.position, centre, new Vector3(0, 1, 0)).setPosition(this.sun.position);
    const seen = this.box.clone().applyMatrix4(view.invert());
    const { camera, mapSize } = this.sun.shadow;
    [camera.left, camera.right, camera.bottom, camera.top] = [seen.min.x, seen.max.x, seen.min.y, seen.max.y];
    [camera.near, camera.far] = [-seen.max.z - 1, -seen.min.z + 1];
    camera.updateProjectionMatrix();
    this.sun.shadow.normalBias = (0.6 * Math.max(seen.max.x - seen.min.x, seen.max.y - seen.min.y)) / mapSize.x;
    this.refresh();
  }
}
