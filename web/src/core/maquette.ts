/** The scene as one thing: implements what the panels are promised in `types.ts`. */

import { Box3, Vector3 } from "three";

import { diagonalOf, fitCamera } from "./camera";
import { Controls } from "./controls";
import { Frame } from "./frame";
import { clamp, type Vector } from "./height-field";
import { areSamePlaces, project } from "./labels";
import { pickFeature } from "./picking";
import { Pilot } from "./pilot";
import { settingsOf } from "./quality";
import { Stage } from "./stage";
import type {
  Area,
  BuildingColours,
  CameraState,
  CameraStep,
  CreateMaquette,
  DepthGrid,
  Maquette,
  Marker,
  Picked,
  Point,
  Quality,
  SceneDescription,
  SceneEvents,
  Sketch,
  SunState,
  Trace,
} from "./types";
import { type Layer, World } from "./world";

const HOME_AZIMUTH = 24;
const HOME_ELEVATION = 38;
/** A picture that is less wide is seen from higher up, so that the area fills it; degrees per unit of width by height. */
const HIGHER = 24;
const WIDE = 1.6;
/** Water moves for so long after somebody did something, ms: nothing moves by itself for longer than five seconds. */
const RIPPLES_FOR = 4000;
/** Slowest frame at which water moves, ms. */
const RIPPLES_UNDER = 40;

/** A machine that takes longer for a frame, ms, gets fewer pixels while a hand moves the camera. */
const COARSE_OVER = 120;
/** It gets them back when it draws the fewer ones faster than this, ms: then it was slow only once. */
const SHARP_UNDER = 25;
/** The hand has stopped after so long, ms. */
const STILL_AFTER = 200;

const NOTHING: Picked = { kind: "nothing", id: null, properties: {}, position: null };

export const createMaquette: CreateMaquette = (canvas, options) => new Scene3D(canvas, options);

class Scene3D implements Maquette {
  private readonly stage: Stage;
  private readonly world: World;
  private readonly pilot: Pilot;
  private readonly controls: Controls;
  private readonly events: Partial<SceneEvents>;
  private readonly reducedMotion: boolean;
  private markers: readonly Marker[] = [];
  private places: ReadonlyMap<string, Point> = new Map();
  private movedByPerson = false;
  private livelyUntil = 0;
  private steeredUntil = 0;
  private loading = new AbortController();

  constructor(canvas: HTMLCanvasElement, options: Parameters<CreateMaquette>[1]) {
    this.events = options.events;
    this.reducedMotion = options.reducedMotion;
    this.stage = new Stage(canvas, settingsOf(options.quality), {
      beforeFrame: (milliseconds) => this.beforeFrame(milliseconds),
      afterFrame: () => this.placeLabels(),
      lost: () => this.events.lost?.(),
    });
    this.world = new World(this.stage, options.quality, (sentence) => this.events.failure?.(sentence));
    this.pilot = new Pilot(options.reducedMotion, (byPerson) => this.enliven(byPerson));
    this.controls = new Controls({
      canvas,
      getCamera: () => this.pilot.current,
      moveCamera: (state) => this.pilot.drag(state),
      planeAt: (place, level) => this.planeAt(place, level),
      groundAt: (place) => this.groundAt(place),
      click: (place) => this.events.pick?.(this.pick(place)),
    });
  }

  async load(scene: SceneDescription): Promise<void> {
    this.loading.abort();
    this.loading = new AbortController();
    const { signal } = this.loading;
    const frame = new Frame(scene.origin);
    const bounds = frame.boundsOfScene(scene.grid);
    this.pilot.setLimits({ bounds, heightAt: (x, y) => this.world.field?.heightAt(x, y) ?? NaN });
    await this.world.load(scene, frame, signal);
    if (signal.aborted) return;
    this.pilot.setLimits({ bounds, heightAt: (x, y) => this.world.field?.heightAt(x, y) ?? NaN });
    this.lightUp();
    this.home({ instant: true });
    await this.stage.loop.nextFrame();
    if (!signal.aborted) this.events.ready?.();
  }

  setDepth(depth: DepthGrid | null): void {
    this.world.setDepth(depth);
    this.enliven(false);
  }

  setTime(seconds: number): void {
    this.world.setTime(seconds);
    this.enliven(false);
  }

  setBuildingColours(colours: BuildingColours): void {
    this.world.setColours(colours);
    this.stage.loop.request();
  }

  setSelection(id: string | null): void {
    this.world.setSelection(id);
    this.stage.loop.request();
  }

  setDraining(area: Area | null): void {
    this.world.setDraining(area);
    this.stage.loop.request();
  }

  async setSketches(sketches: readonly Sketch[]): Promise<void> {
    await this.world.setSketches(sketches);
    this.stage.lights.refresh();
    this.stage.loop.request();
  }

  async setTrace(trace: Trace | null): Promise<void> {
    await this.world.setTrace(trace);
    this.stage.loop.request();
  }

  setOverlay(address: string | null): void {
    void this.world.setOverlay(address).then(() => this.stage.loop.request());
  }

  setMarkers(markers: readonly Marker[]): void {
    this.markers = markers;
    this.stage.loop.request();
  }

  setQuality(quality: Quality): void {
    if (quality === this.world.quality) return;
    const settings = settingsOf(quality);
    this.stage.setPixelRatio(settings.pixelRatio);
    this.stage.lights.setShadowSize(settings.shadowSize);
    this.world.setQuality(quality);
    this.stage.loop.request();
  }

  setSun(sun: SunState): void {
    this.stage.lights.setSun(sun);
    this.stage.loop.request();
  }

  setLayerVisible(layer: Layer, visible: boolean): void {
    this.world.setVisible(layer, visible);
    this.stage.lights.refresh();
    this.stage.loop.request();
  }

  getCamera(): CameraState {
    return this.pilot.current;
  }

  setCamera(camera: Partial<CameraState>, options: { instant?: boolean } = {}): void {
    this.pilot.send({ ...this.pilot.goal, ...camera }, options.instant);
  }

  home(options: { instant?: boolean } = {}): void {
    const corners = this.world.areaCorners;
    if (corners.length === 0) return;
    const { width, height } = this.stage.size;
    const aspect = width / height;
    const elevation = clamp(HOME_ELEVATION + HIGHER * (WIDE - aspect), HOME_ELEVATION, 60);
    this.pilot.send(fitCamera(corners, aspect, { azimuth: HOME_AZIMUTH, elevation }), options.instant);
  }

  step(action: CameraStep): void {
    this.pilot.step(action);
  }

  pick(place?: Point): Picked {
    const { width, height } = this.stage.size;
    const { origin, direction } = this.rayAt(place ?? { x: width / 2, y: height / 2 });
    const hit = this.world.isVisible("buildings") ? pickFeature(this.world.features.values(), origin, direction) : null;
    const ground = this.world.field?.intersect(origin, direction, this.stage.camera.far) ?? null;
    const toGround = ground ? Math.hypot(...origin.map((value, axis) => ground[axis]! - value)) : Infinity;
    if (hit && hit.distance < toGround + 1) {
      const { id, properties } = hit.feature;
      const position = origin.map((value, axis) => value + direction[axis]! * hit.distance) as Vector;
      return { kind: "building", id, properties, position };
    }
    return ground ? { kind: "ground", id: null, properties: {}, position: ground } : NOTHING;
  }

  lookAt(id: string): boolean {
    const feature = this.world.features.get(id);
    if (!feature) return false;
    const { lower, upper } = feature;
    const size = Math.hypot(...upper.map((value, axis) => value - lower[axis]!));
    const target: Vector = [(lower[0] + upper[0]) / 2, (lower[1] + upper[1]) / 2, lower[2]];
    const { elevation, azimuth } = this.pilot.goal;
    this.pilot.send({ target, azimuth, elevation: clamp(elevation, 30, 60), distance: Math.max(70, size * 5) });
    return true;
  }

  async drawn(): Promise<void> {
    do await this.stage.loop.nextFrame();
    while (this.stage.isCoarse);
  }

  capture(): Promise<Blob> {
    return this.stage.capture();
  }

  statistics() {
    return this.stage.statistics();
  }

  dispose(): void {
    this.loading.abort();
    this.controls.dispose();
    this.world.dispose();
    this.stage.dispose();
  }

  private beforeFrame(milliseconds: number): boolean {
    const flying = this.pilot.advance(milliseconds);
    const steering = flying || milliseconds < this.steeredUntil;
    const last = this.stage.loop.lastFrameMilliseconds;
    const isSlow = last > (this.stage.isCoarse ? SHARP_UNDER : COARSE_OVER);
    this.stage.setCoarse(steering && isSlow);
    const bounds = this.world.bounds;
    this.stage.aim(this.pilot.current, bounds ? diagonalOf(bounds) : 1000);
    if (this.movedByPerson) this.events.camera?.(this.pilot.current);
    this.movedByPerson = flying && this.movedByPerson;
    const lively = this.isLively(milliseconds);
    if (lively) this.world.setMoment(milliseconds / 1000);
    return flying || lively || this.stage.isCoarse;
  }

  /** Whether water moves now: never by itself for long, never on a slow machine, never against a person's wish. */
  private isLively(milliseconds: number): boolean {
    const { ripples } = settingsOf(this.world.quality);
    const last = this.stage.loop.lastFrameMilliseconds;
    return ripples && !this.reducedMotion && milliseconds < this.livelyUntil && last > 0 && last < RIPPLES_UNDER;
  }

  private enliven(byPerson: boolean): void {
    this.movedByPerson ||= byPerson;
    this.livelyUntil = performance.now() + RIPPLES_FOR;
    if (byPerson) this.steeredUntil = performance.now() + STILL_AFTER;
    this.stage.loop.request();
  }

  private placeLabels(): void {
    const places = project(this.markers, this.stage.camera, this.stage.size);
    if (areSamePlaces(places, this.places)) return;
    this.places = places;
    this.events.labels?.(places);
  }

  private rayAt(place: Point): { origin: Vector; direction: Vector } {
    const bounds = this.world.bounds;
    this.stage.aim(this.pilot.current, bounds ? diagonalOf(bounds) : 1000);
    return this.stage.rayAt(place);
  }

  private planeAt(place: Point, level: number): Vector | null {
    const { origin, direction } = this.rayAt(place);
    const way = (level - origin[2]) / direction[2];
    if (!(way > 0) || !Number.isFinite(way)) return null;
    return [origin[0] + direction[0] * way, origin[1] + direction[1] * way, level];
  }

  private groundAt(place: Point): Vector | null {
    const { origin, direction } = this.rayAt(place);
    const ground = this.world.field?.intersect(origin, direction, this.stage.camera.far);
    return ground ?? this.planeAt(place, this.pilot.current.target[2]);
  }

  /** Fit the shadows around all that stands in the scene. */
  private lightUp(): void {
    const { field, bounds } = this.world;
    if (!field || !bounds) return;
    const box = new Box3(
      new Vector3(bounds.west, bounds.south, field.lowest),
      new Vector3(bounds.east, bounds.north, field.highest + 3),
    );
    for (const { upper } of this.world.features.values()) box.max.z = Math.max(box.max.z, upper[2]);
    this.stage.lights.setBox(box);
  }
}
