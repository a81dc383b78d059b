/**
 * The neighbourhood as a flat map, for browsers without 3D and for people who prefer one: the second implementation of
 * the door to the scene. North is up and stays up; the camera's target and distance mean what they mean in 3D, so that
 * a shared link shows the same place.
 */

import { Client } from "../api/client";
import type { BuildingFacts, Feature, Geometry } from "../api/types";
import type {
  Area,
  BuildingColours,
  CameraState,
  CameraStep,
  DepthGrid,
  Maquette,
  Marker,
  Picked,
  Point,
  SceneDescription,
  SceneEvents,
  Sketch,
  Trace,
} from "../core/types";
import { pointInside, rings } from "../store/geometry";
import { erase, opaqueWhereWhite, paintDepth } from "./depth-picture";
import { Hand } from "./hand";
import { drawSketches } from "./map-sketches";

/** Metres of height in view per metre of distance, as the lens of the 3D scene has it. */
const VIEW = 0.75;
const NEAREST = 25;
const FARTHEST = 4000;
const PAN = 0.15;
const ZOOM = 1.3;
const LAYERS = ["buildings", "trees", "flood", "decks"] as const;

interface Outline {
  feature: Feature<BuildingFacts>;
  path: Path2D;
}

export interface MapColours {
  building: string;
  edge: string;
  chosen: string;
  table: string;
}

export class FlatMap implements Maquette {
  private scene: SceneDescription | null = null;
  private ground: ImageBitmap | null = null;
  /** Opaque where water always is: its rise is no flood. */
  private permanent: HTMLCanvasElement | null = null;
  private overlay: { address: string | null; picture: ImageBitmap | null } = { address: null, picture: null };
  private outlines: Outline[] = [];
  private depth: DepthGrid | null = null;
  private water: HTMLCanvasElement | null = null;
  private time = 0;
  private colours: BuildingColours = new Map();
  private selection: string | null = null;
  private draining: Path2D | null = null;
  private sketches: readonly Sketch[] = [];
  private trace: Trace | null = null;
  private markers: readonly Marker[] = [];
  private readonly visible = new Set<string>(LAYERS);
  private camera: CameraState = { target: [0, 0, 0], azimuth: 0, elevation: 90, distance: 500 };
  private frame = 0;
  private loaded = false;
  private readonly hand: Hand;
  private readonly watcher: ResizeObserver;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly events: Partial<SceneEvents>,
    private readonly paint: MapColours,
    private readonly client = new Client(),
  ) {
    this.hand = new Hand(canvas, {
      drag: (dx, dy) => this.move(-dx / this.scale, dy / this.scale),
      zoom: (factor, at) => this.zoom(factor, at),
      click: (at) => this.events.pick?.(this.pick(at)),
    });
    this.watcher = new ResizeObserver(() => this.redraw());
    this.watcher.observe(canvas);
  }

  async load(scene: SceneDescription): Promise<void> {
    this.scene = scene;
    await Promise.all([this.readPictures(scene), this.readBuildings(scene)]);
    this.loaded = true;
    this.home();
  }

  setDepth(depth: DepthGrid | null): void {
    this.depth = depth;
    this.repaintWater();
  }

  setTime(seconds: number): void {
    if (seconds === this.time) return;
    this.time = seconds;
    this.repaintWater();
  }

  setBuildingColours(colours: BuildingColours): void {
    this.colours = colours;
    this.redraw();
  }

  setSelection(id: string | null): void {
    this.selection = id;
    this.redraw();
  }

  setDraining(area: Area | null): void {
    this.draining = area && this.pathOf({ geometry: area as Geometry });
    this.redraw();
  }

  setSketches(sketches: readonly Sketch[]): Promise<void> {
    this.sketches = sketches;
    this.redraw();
    return Promise.resolve();
  }

  setTrace(trace: Trace | null): Promise<void> {
    this.trace = trace;
    this.redraw();
    return Promise.resolve();
  }

  setOverlay(address: string | null): void {
    if (address === this.overlay.address) return;
    this.overlay = { address, picture: null };
    void this.picture(address).then((picture) => {
      if (address === this.overlay.address) this.overlay.picture = picture;
      this.redraw();
    });
  }

  setMarkers(markers: readonly Marker[]): void {
    this.markers = markers;
    this.redraw();
  }

  setLayerVisible(layer: (typeof LAYERS)[number], visible: boolean): void {
    this.visible[visible ? "add" : "delete"](layer);
    this.redraw();
  }

  setQuality(): void {}
  setSun(): void {}

  getCamera(): CameraState {
    return this.camera;
  }

  setCamera(camera: Partial<CameraState>): void {
    const distance = Math.min(Math.max(camera.distance ?? this.camera.distance, NEAREST), FARTHEST);
    this.camera = { target: camera.target ?? this.camera.target, azimuth: 0, elevation: 90, distance };
    this.redraw();
  }

  home(): void {
    if (this.scene === null) return;
    const { west, south, east, north } = this.scene.grid;
    const { clientWidth, clientHeight } = this.canvas;
    const wide = ((east - west) * clientHeight) / Math.max(clientWidth, 1);
    const target: [number, number, number] = [...this.local((west + east) / 2, (south + north) / 2), 0];
    this.setCamera({ target, distance: (Math.max(north - south, wide) * 1.06) / VIEW });
  }

  step(action: CameraStep): void {
    const way = this.camera.distance * VIEW * PAN;
    const pan: Partial<Record<CameraStep, [number, number]>> = {
      north: [0, way],
      south: [0, -way],
      east: [way, 0],
      west: [-way, 0],
    };
    const by = pan[action];
    if (by) this.move(...by);
    if (action === "zoom-in") this.zoom(1 / ZOOM);
    if (action === "zoom-out") this.zoom(ZOOM);
  }

  pick(place?: Point): Picked {
    const at = place ?? { x: this.canvas.clientWidth / 2, y: this.canvas.clientHeight / 2 };
    const [x, y] = this.placeAt(at);
    const context = this.canvas.getContext("2d")!;
    const hit = this.visible.has("buildings")
      ? this.outlines.find(({ path }) => context.isPointInPath(path, x, -y, "evenodd"))
      : undefined;
    if (hit === undefined) return { kind: "ground", id: null, properties: {}, position: [x, y, 0] };
    const { id, properties } = hit.feature;
    return { kind: "building", id, properties: { bagId: properties.bag_id }, position: [x, y, 0] };
  }

  lookAt(id: string): boolean {
    const point = pointInside(this.outlines.find(({ feature }) => feature.id === id)?.feature.geometry ?? null);
    if (point === null) return false;
    this.setCamera({ target: [...this.local(...point), 0], distance: Math.min(this.camera.distance, 200) });
    return true;
  }

  capture(): Promise<Blob> {
    return new Promise((resolve, reject) =>
      this.canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the map could not be copied")))),
    );
  }

  statistics(): ReturnType<Maquette["statistics"]> {
    return { drawCalls: this.outlines.length, triangles: 0, renderer: "map", lastFrameMilliseconds: 0 };
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
    this.watcher.disconnect();
    this.hand.dispose();
    this.ground?.close();
  }

  // -- reading

  private async readPictures({ links }: SceneDescription): Promise<void> {
    this.ground = await this.picture(links.ground);
    const water = await this.picture(links.water);
    this.permanent = water && opaqueWhereWhite(water);
    water?.close();
  }

  /** A picture of the server; null when this twin has none, or when it cannot be read, which is told. */
  private async picture(address: string | null): Promise<ImageBitmap | null> {
    if (address === null) return null;
    try {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      return await createImageBitmap(await answer.blob());
    } catch (error) {
      this.events.failure?.(`${address} cannot be drawn: ${(error as Error).message}`);
      return null;
    }
  }

  private async readBuildings(scene: SceneDescription): Promise<void> {
    if (scene.links.buildings === null) return;
    try {
      const features = await this.client.features<BuildingFacts>("buildings");
      this.outlines = features.map((feature) => ({ feature, path: this.pathOf(feature) }));
    } catch (error) {
      this.events.failure?.(`the buildings could not be drawn: ${(error as Error).message}`);
    }
  }

  private pathOf({ geometry }: { geometry: Geometry | null }): Path2D {
    const path = new Path2D();
    for (const ring of rings(geometry)) {
      ring.forEach(([x, y], at) => {
        const [east, north] = this.local(x, y);
        if (at === 0) path.moveTo(east, -north);
        else path.lineTo(east, -north);
      });
      path.closePath();
    }
    return path;
  }

  // -- places

  /** CSS pixels per metre. */
  private get scale(): number {
    return Math.max(this.canvas.clientHeight, 1) / (this.camera.distance * VIEW);
  }

  private local(x: number, y: number): [number, number] {
    const [east, north] = this.scene!.origin;
    return [x - east, y - north];
  }

  private readonly toSheet = ([x, y]: readonly number[]): [number, number] => {
    const [east, north] = this.local(x!, y!);
    return [east, -north];
  };

  private placeAt({ x, y }: Point): [number, number] {
    const [east, north] = this.camera.target;
    const { clientWidth, clientHeight } = this.canvas;
    return [east + (x - clientWidth / 2) / this.scale, north - (y - clientHeight / 2) / this.scale];
  }

  private pixelOf(east: number, north: number): Point {
    const [x, y] = this.camera.target;
    const { clientWidth, clientHeight } = this.canvas;
    return { x: clientWidth / 2 + (east - x) * this.scale, y: clientHeight / 2 - (north - y) * this.scale };
  }

  private move(east: number, north: number): void {
    const [x, y, z] = this.camera.target;
    this.setCamera({ target: [x + east, y + north, z] });
    this.events.camera?.(this.camera);
  }

  private zoom(factor: number, at?: Point): void {
    const before = at && this.placeAt(at);
    this.setCamera({ distance: this.camera.distance * factor });
    const after = at && this.placeAt(at);
    if (before && after) this.move(before[0] - after[0], before[1] - after[1]);
    else this.events.camera?.(this.camera);
  }

  // -- drawing

  private repaintWater(): void {
    this.water = this.depth && this.scene ? this.paintFlood(this.depth, this.scene) : null;
    this.redraw();
  }

  private paintFlood(depth: DepthGrid, scene: SceneDescription): HTMLCanvasElement {
    const sheet = paintDepth(depth, this.time, scene.depthClasses, this.water);
    if (this.permanent !== null) erase(sheet, this.permanent);
    return sheet;
  }

  private redraw(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    if (this.scene === null) return;
    if (this.water === null && this.depth !== null) return this.repaintWater();
    const context = this.clean();
    this.drawGround(context);
    this.drawWater(context);
    this.drawBuildings(context);
    drawSketches(context, this.sketches, this.trace, { scale: this.scale, paint: this.paint, local: this.toSheet });
    context.setTransform(1, 0, 0, 1, 0, 0);
    this.events.labels?.(this.labels());
    if (this.loaded) this.events.ready?.();
  }

  /** An empty sheet in local metres: x to the east, y to the south. */
  private clean(): CanvasRenderingContext2D {
    const ratio = devicePixelRatio;
    const { clientWidth, clientHeight } = this.canvas;
    const [width, height] = [Math.round(clientWidth * ratio), Math.round(clientHeight * ratio)];
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    const context = this.canvas.getContext("2d")!;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = this.paint.table;
    context.fillRect(0, 0, width, height);
    const [east, north] = this.camera.target;
    const scale = this.scale * ratio;
    context.setTransform(scale, 0, 0, scale, width / 2 - east * scale, height / 2 + north * scale);
    return context;
  }

  private drawGround(context: CanvasRenderingContext2D): void {
    if (this.ground === null) return;
    const { west, south, east, north } = this.scene!.grid;
    const [left, top] = this.local(west, north);
    context.drawImage(this.ground, left, -top, east - west, north - south);
    if (this.overlay.picture === null) return;
    context.imageSmoothingEnabled = false;
    context.drawImage(this.overlay.picture, left, -top, east - west, north - south);
    context.imageSmoothingEnabled = true;
  }

  private drawWater(context: CanvasRenderingContext2D): void {
    if (this.water === null || this.depth === null || !this.visible.has("flood")) return;
    const { west, north, cellSize, rows, columns } = this.depth.header;
    const [left, top] = this.local(west, north);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.water, left, -top, columns * cellSize, rows * cellSize);
    context.imageSmoothingEnabled = true;
  }

  private drawBuildings(context: CanvasRenderingContext2D): void {
    if (!this.visible.has("buildings")) return;
    context.lineWidth = 0.8 / this.scale;
    context.strokeStyle = this.paint.edge;
    for (const { feature, path } of this.outlines) {
      context.fillStyle = this.colours.get(feature.id) ?? this.paint.building;
      context.fill(path, "evenodd");
      context.stroke(path);
    }
    this.drawDraining(context);
    const chosen = this.outlines.find(({ feature }) => feature.id === this.selection);
    if (chosen === undefined) return;
    context.lineWidth = 3.5 / this.scale;
    context.strokeStyle = this.paint.chosen;
    context.stroke(chosen.path);
  }

  private drawDraining(context: CanvasRenderingContext2D): void {
    if (this.draining === null) return;
    context.lineWidth = 3 / this.scale;
    context.strokeStyle = this.paint.chosen;
    context.stroke(this.draining);
  }

  private labels(): Map<string, Point> {
    const { clientWidth, clientHeight } = this.canvas;
    const places = this.markers.map(({ id, position }): [string, Point] => [
      id,
      this.pixelOf(position[0], position[1]),
    ]);
    return new Map(places.filter(([, { x, y }]) => x >= 0 && y >= 0 && x <= clientWidth && y <= clientHeight));
  }
}
