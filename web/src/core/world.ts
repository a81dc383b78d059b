/** All that stands in the scene: loads its parts, keeps what they were made from, and makes them again for another quality. */

import { type LineSegments, type Mesh, type PlaneGeometry, type ShaderMaterial, type Texture } from "three";

import { Buildings, lineSegments } from "./buildings";
import { Decks } from "./decks";
import type { Feature } from "./features";
import { fetchBytes, fetchJson, fetchPicture } from "./fetching";
import { type FloodFrames, floodFrames } from "./flood";
import { type Bounds, Frame, ringsOf } from "./frame";
import { parseTerrain } from "./grid";
import { Ground } from "./ground";
import { HeightField, type Vector } from "./height-field";
import { MeshGrid } from "./mesh-grid";
import { Occlusion } from "./occlusion";
import { drainingLine, outline } from "./outline";
import { clearTexture, colourTexture, draped, maskTexture, permanentCells, plainTexture } from "./pictures";
import { settingsOf } from "./quality";
import { undersideOf } from "./slab";
import type { Sketches } from "./sketches";
import type { Stage } from "./stage";
import { areaMask } from "./surroundings";
import { table } from "./table";
import { type Tree, Trees } from "./trees";
import type { Area, BuildingColours, DepthGrid, Point, Quality, SceneDescription, Sketch, Trace } from "./types";
import { Water } from "./water";

export type Layer = "buildings" | "trees" | "flood" | "decks";

/** Height of a house, m, for which there is room in the picture. */
const HOUSE = 8;
const EDGE_COLOUR = "#a39a8d";
const EDGE_OPACITY = 0.55;

export class World {
  field: HeightField | null = null;
  bounds: Bounds | null = null;
  /** Corners of the area, and the same a house higher. */
  areaCorners: readonly Vector[] = [];

  private description: SceneDescription | null = null;
  private readonly visible: Record<Layer, boolean> = { buildings: true, trees: true, flood: true, decks: true };
  private pictures: { ground: ImageBitmap | null; water: ImageBitmap | null } = { ground: null, water: null };
  private overlay: { address: string | null; picture: ImageBitmap | null } = { address: null, picture: null };
  private treePlaces: readonly Tree[] = [];
  private depth: DepthGrid | null = null;
  private flood: FloodFrames | null = null;
  private time = 0;
  private colours: BuildingColours = new Map();
  private selection: string | null = null;

  private readonly paper = plainTexture(235, 231, 223);
  private readonly dark = plainTexture(0, 0, 0);
  private readonly nothing = clearTexture();
  private textures: { ground: Texture | null; water: Texture | null } = { ground: null, water: null };
  private mesh: MeshGrid | null = null;
  private ground: Ground | null = null;
  private base: Mesh<PlaneGeometry, ShaderMaterial> | null = null;
  private border: LineSegments | null = null;
  private sketches: Sketches | null = null;
  /** The code that draws measures; it is loaded when there is something to draw. */
  private sketchKit: typeof import("./sketches") | null = null;
  private sketchList: readonly Sketch[] = [];
  private trace: Trace | null = null;
  private draining: LineSegments | null = null;
  private drainingArea: Area | null = null;
  private buildings: Buildings | null = null;
  private edges: LineSegments | null = null;
  private trees: Trees | null = null;
  private decks: Decks | null = null;
  private water: Water | null = null;
  private occlusion: Occlusion | null = null;
  private area: Texture | null = null;

  constructor(
    private readonly stage: Stage,
    public quality: Quality,
    private readonly failed: (sentence: string) => void,
  ) {}

  get features(): ReadonlyMap<string, Feature> {
    return this.buildings?.features ?? new Map<string, Feature>();
  }

  async load(scene: SceneDescription, frame: Frame, signal: AbortSignal): Promise<void> {
    this.clear();
    this.description = scene;
    this.bounds = frame.boundsOfScene(scene.grid);
    const { links } = scene;
    const [terrain, ground, water, trees, decks] = await Promise.all([
      this.part("terrain", links.terrain, signal, async (at) => parseTerrain(await fetchBytes(at, signal))),
      this.part("ground", links.ground, signal, (at) => fetchPicture(at, signal)),
      this.part("water", links.water, signal, (at) => fetchPicture(at, signal)),
      this.part("trees", links.trees, signal, async (at) => treesOf(await fetchJson(at, signal))),
      this.part("decks", links.decks, signal, async (at) => Decks.read(await fetchBytes(at, signal))),
      this.part("buildings", links.buildings, signal, (at) => this.readBuildings(at, signal)),
    ]);
    if (signal.aborted) return;
    this.pictures = { ground, water };
    this.treePlaces = trees ?? [];
    this.decks = decks;
    if (terrain) this.field = new HeightField(terrain, frame);
    const rings = ringsOf(scene.area, frame);
    this.area = areaMask(rings, this.bounds);
    this.areaCorners = this.cornersOf(rings.flat());
    this.buildAll(frame);
  }

  setDepth(depth: DepthGrid | null): void {
    if (depth === this.depth) return;
    this.depth = depth;
    this.flood = null;
    this.buildWater();
  }

  setTime(seconds: number): void {
    this.time = seconds;
    this.water?.setTime(seconds);
  }

  /** Seconds that waves go by. */
  setMoment(seconds: number): void {
    const moment = seconds % 3600;
    this.water?.setMoment(moment);
    if (this.ground) this.ground.uniforms.moment.value = moment;
  }

  setColours(colours: BuildingColours): void {
    this.colours = colours;
    this.buildings?.setColours(colours);
  }

  setSelection(id: string | null): void {
    if (id === this.selection) return;
    this.selection = id;
    this.buildings?.setSelection(id);
  }

  /** The ground that drains to a place, in RD; null for none. */
  setDraining(area: Area | null): void {
    this.drainingArea = area;
    this.draining?.removeFromParent();
    this.draining?.geometry.dispose();
    this.draining = null;
    if (area === null || !this.field || !this.description) return;
    this.draining = drainingLine(ringsOf(area, new Frame(this.description.origin)), this.field);
    this.stage.scene.add(this.draining);
  }

  async setSketches(sketches: readonly Sketch[]): Promise<void> {
    this.sketchList = sketches;
    if (sketches.length > 0 && this.sketchKit === null) await this.loadSketches();
    this.buildSketches();
  }

  async setTrace(trace: Trace | null): Promise<void> {
    this.trace = trace;
    if (trace !== null && this.sketchKit === null) await this.loadSketches();
    if (this.sketches === null) this.buildSketches();
    else this.sketches.showTrace(trace);
  }

  /** Drape a picture over the ground; resolves when it lies there, or when another one was asked for since. */
  async setOverlay(address: string | null): Promise<void> {
    if (address === this.overlay.address) return;
    this.overlay.address = address;
    let picture: ImageBitmap | null = null;
    try {
      if (address !== null) picture = await fetchPicture(address, new AbortController().signal);
    } catch (error) {
      this.failed(error instanceof Error ? error.message : String(error));
    }
    if (address !== this.overlay.address) return picture?.close();
    this.overlay.picture?.close();
    this.overlay.picture = picture;
    this.drape();
  }

  setQuality(quality: Quality): void {
    this.quality = quality;
    if (!this.field) return;
    this.buildGround();
    this.buildTrees();
    this.buildEdges();
    this.buildWater();
    this.dropSketches();
    this.buildSketches();
    this.stage.lights.refresh();
  }

  setVisible(layer: Layer, visible: boolean): void {
    this.visible[layer] = visible;
    const parts = { buildings: this.buildings, trees: this.trees, flood: this.water, decks: this.decks };
    const part = parts[layer];
    if (part) part.object.visible = visible;
    if (layer === "buildings" && this.edges) this.edges.visible = visible;
  }

  isVisible(layer: Layer): boolean {
    return this.visible[layer];
  }

  dispose(): void {
    this.clear();
    this.paper.dispose();
    this.dark.dispose();
    this.nothing.dispose();
  }

  /** A part that fails is told of and left out, one that the twin lacks has no address; the others are drawn. */
  private async part<Part>(
    name: keyof SceneDescription["links"],
    address: string | null,
    signal: AbortSignal,
    read: (address: string) => Promise<Part>,
  ): Promise<Part | null> {
    if (address === null) return null;
    try {
      return await read(address);
    } catch (error) {
      if (!signal.aborted)
        this.failed(`${name} cannot be drawn: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  }

  private async readBuildings(address: string, signal: AbortSignal): Promise<void> {
    this.buildings = new Buildings();
    await this.buildings.load(address, signal, this.failed);
  }

  private buildAll(frame: Frame): void {
    const { scene } = this.stage;
    if (this.buildings) {
      this.buildings.setColours(this.colours);
      this.buildings.setSelection(this.selection);
      scene.add(this.buildings.object);
    }
    if (this.decks) scene.add(this.decks.object);
    if (this.field) {
      this.buildGround();
      this.border = outline(ringsOf(this.description!.area, frame), this.field);
      scene.add(this.border);
    }
    this.buildTrees();
    this.buildEdges();
    this.buildWater();
    this.setDraining(this.drainingArea);
    this.buildSketches();
    for (const layer of Object.keys(this.visible) as Layer[]) this.setVisible(layer, this.visible[layer]);
  }

  private buildGround(): void {
    const { field, bounds, stage } = this;
    if (!field || !bounds) return;
    this.dropGround();
    const { terrainTriangles, occlusionSize, anisotropy } = settingsOf(this.quality);
    this.mesh = new MeshGrid(field, terrainTriangles);
    this.textures = {
      ground: this.groundTexture(anisotropy),
      water: this.pictures.water && maskTexture(this.pictures.water, anisotropy),
    };
    if (this.buildings) this.occlusion = new Occlusion(stage.renderer, stage.scene, bounds, occlusionSize);
    const pictures = { ...this.textures, occlusion: this.occlusion?.texture ?? this.dark, area: this.area };
    this.ground = new Ground(this.mesh, bounds, pictures, stage.air, this.paper, this.nothing);
    this.base = table(field.bounds, undersideOf(this.mesh));
    stage.scene.add(this.ground.object, this.base);
  }

  private groundTexture(anisotropy: number): Texture | null {
    const { ground } = this.pictures;
    const { picture } = this.overlay;
    return ground && colourTexture(picture ? draped(ground, picture) : ground, anisotropy);
  }

  private drape(): void {
    const texture = this.ground && this.groundTexture(settingsOf(this.quality).anisotropy);
    if (!texture) return;
    this.textures.ground?.dispose();
    this.textures.ground = this.ground!.uniforms.landCover.value = texture;
  }

  private buildTrees(): void {
    this.trees?.object.removeFromParent();
    this.trees?.dispose();
    this.trees = null;
    if (this.treePlaces.length === 0) return;
    this.trees = new Trees(this.treePlaces, settingsOf(this.quality).treeTriangles);
    this.trees.object.visible = this.visible.trees;
    this.stage.scene.add(this.trees.object);
  }

  private buildEdges(): void {
    this.edges?.removeFromParent();
    this.edges?.geometry.dispose();
    this.edges = null;
    if (!this.buildings || !settingsOf(this.quality).edges) return;
    this.edges = lineSegments(this.buildings.lines(), EDGE_COLOUR, EDGE_OPACITY);
    this.edges.visible = this.visible.buildings;
    this.stage.scene.add(this.edges);
  }

  private buildWater(): void {
    this.water?.object.removeFromParent();
    this.water?.dispose();
    this.water = null;
    const { depth, field, mesh, bounds, description } = this;
    if (!depth || !field || !mesh || !bounds || !description) return;
    if (depth.header.rows !== field.rows || depth.header.columns !== field.columns) {
      this.failed("the water of this run does not lie on the terrain of this scene");
      return;
    }
    this.flood ??= floodFrames(depth, this.permanent(field));
    this.water = new Water(
      mesh,
      this.flood,
      description.depthClasses,
      bounds,
      this.textures.water,
      this.stage.air,
      this.dark,
      this.area,
    );
    this.water.setTime(this.time);
    this.water.object.visible = this.visible.flood;
    this.stage.scene.add(this.water.object);
  }

  private async loadSketches(): Promise<void> {
    try {
      this.sketchKit = await import("./sketches");
    } catch (error) {
      this.failed(`measures cannot be drawn: ${String(error)}`);
    }
  }

  /** The picture of measures is made when there is something to draw, and kept from then on. */
  private buildSketches(): void {
    const { field, bounds, description, sketchList, trace } = this;
    if (!field || !bounds || !description || !this.ground) return;
    if (this.sketches === null && sketchList.length === 0 && trace === null) return;
    if (this.sketchKit === null) return;
    this.sketches ??= new this.sketchKit.Sketches(
      this.stage.scene,
      new Frame(description.origin),
      { field, features: this.features },
      bounds,
      { size: settingsOf(this.quality).sketchSize, anisotropy: settingsOf(this.quality).anisotropy },
    );
    this.sketches.show(sketchList, this.stage.lights.sunward);
    this.sketches.showTrace(trace);
    this.ground.uniforms.sketches.value = this.sketches.picture.texture;
  }

  private dropSketches(): void {
    this.sketches?.dispose();
    this.sketches = null;
  }

  private cornersOf(points: readonly Point[]): Vector[] {
    const { west, east, south, north } = this.bounds!;
    const inside = points.filter(({ x, y }) => x >= west && x <= east && y >= south && y <= north);
    const box = [west, east].flatMap((x) => [south, north].map((y) => ({ x, y })));
    const level = this.field?.lowest ?? 0;
    return (inside.length > 2 ? inside : box).flatMap(({ x, y }): Vector[] => [
      [x, y, level],
      [x, y, level + HOUSE],
    ]);
  }

  private permanent(field: HeightField): Uint8Array {
    if (!this.pictures.water || !this.bounds) return new Uint8Array(field.rows * field.columns);
    return permanentCells(this.pictures.water, this.bounds, field);
  }

  private dropGround(): void {
    this.ground?.object.removeFromParent();
    this.ground?.dispose();
    this.base?.removeFromParent();
    this.base?.geometry.dispose();
    this.base?.material.dispose();
    this.textures.ground?.dispose();
    this.textures.water?.dispose();
    this.occlusion?.dispose();
    [this.ground, this.base, this.occlusion] = [null, null, null];
  }

  private clear(): void {
    this.dropGround();
    this.dropSketches();
    for (const part of [this.trees, this.water, this.decks, this.buildings]) {
      part?.object.removeFromParent();
      part?.dispose();
    }
    for (const line of [this.edges, this.border]) {
      line?.removeFromParent();
      line?.geometry.dispose();
    }
    [this.trees, this.water, this.decks, this.buildings, this.edges, this.border] = [
      null,
      null,
      null,
      null,
      null,
      null,
    ];
    [this.field, this.mesh, this.flood, this.treePlaces] = [null, null, null, []];
    this.area?.dispose();
    this.area = null;
    this.pictures.ground?.close();
    this.pictures.water?.close();
    this.overlay.picture?.close();
    this.overlay = { address: null, picture: null };
    this.pictures = { ground: null, water: null };
  }
}

function treesOf(answer: unknown): Tree[] {
  const { trees } = answer as { trees?: unknown };
  if (!Array.isArray(trees)) throw new Error("the answer has no list of trees");
  return trees.filter((tree): tree is Tree => Array.isArray(tree) && tree.length >= 4 && tree.every(Number.isFinite));
}
