/**
 * What the scene is told and what it tells: the only door between the 3D scene and the panels around it.
 *
 * The scene knows no words, no addresses of its own and no state that a panel needs: panels keep the state, the scene
 * draws it. Coordinates are local metres: x east, y north, z up (NAP), from `SceneDescription.origin` in RD New.
 */

export type Quality = "low" | "normal" | "fine";

export interface Point {
  x: number;
  y: number;
}

/** What there is to draw: `GET /v1/scene`. */
export interface SceneDescription {
  origin: [number, number, number];
  grid: { west: number; south: number; east: number; north: number; cellSize: number; rows: number; columns: number };
  area: { type: string; coordinates: unknown };
  links: {
    terrain: string;
    ground: string;
    water: string;
    trees: string;
    decks: string | null;
    buildings: string | null;
  };
  depthClasses: { from: number; to: number | null; colour: string }[];
  /** Colours of the map of an ensemble: shares of its members, from 0 to 1. */
  shareClasses?: { from: number; to: number; colour: string }[];
}

/** One rectangular grid of values as the server packs it; see docs/formats.md. */
export interface GridHeader {
  version: number;
  kind: "terrain" | "depth";
  rows: number;
  columns: number;
  /** Distance between samples, m. */
  cellSize: number;
  /** Outer western and northern edge, RD New, m. */
  west: number;
  north: number;
  stride: number;
  nodata: number;
}

export interface TerrainGrid {
  header: GridHeader;
  /** m NAP, row 0 in the north; NaN outside the terrain. */
  heights: Float32Array;
}

export interface DepthGrid {
  header: GridHeader & { maximum: number };
  /** Seconds since the start of the rain, one per frame. */
  times: number[];
  /** Encoded depths, frames x rows x columns: depth = maximum * (v / 254)^2, 255 is no value. */
  values: Uint8Array;
}

/** How a building stands out: one colour per item id; the others keep the colour of the maquette. */
export type BuildingColours = ReadonlyMap<string, string>;

export interface CameraState {
  /** Point looked at, local metres. */
  target: [number, number, number];
  /** Degrees clockwise from north, degrees above the horizon, and metres from the target. */
  azimuth: number;
  elevation: number;
  distance: number;
}

export interface SunState {
  /** Degrees clockwise from north and above the horizon. */
  azimuth: number;
  elevation: number;
}

export interface Picked {
  kind: "building" | "ground" | "nothing";
  /** Item id of the building. */
  id: string | null;
  /** Attributes that travel in the tiles: bagId, height, constructionYear ... */
  properties: Record<string, string | number | null>;
  /** Local metres; null when nothing was hit. */
  position: [number, number, number] | null;
}

export interface Marker {
  id: string;
  position: [number, number, number];
  text: string;
}

export interface SceneEvents {
  /** The scene has been drawn completely with all that it was given. */
  ready: () => void;
  /** A person clicked, or pressed Enter on, a place. */
  pick: (picked: Picked) => void;
  /** A person moved the camera; at most once a frame. */
  camera: (camera: CameraState) => void;
  /** Where the markers are on the canvas now, in CSS pixels; hidden ones are absent. */
  labels: (places: ReadonlyMap<string, Point>) => void;
  /** Something could not be drawn. */
  failure: (sentence: string) => void;
  /** The browser took the graphics away; the panels show the list and the map instead. */
  lost: () => void;
}

/** A GeoJSON polygon or multipolygon in RD. */
export type Area = SceneDescription["area"];

/** A measure as it is drawn. */
export interface Sketch {
  id: string;
  kind: string;
  /** What a kind that the scene does not know asks to be drawn as. */
  shape: "basin" | "surface" | "roof" | "block" | "wall" | "tree" | "pipe" | "marker";
  colour: string;
  onBuildings: boolean;
  /** GeoJSON in RD New. */
  geometry: { type: string; coordinates: unknown };
  values: Readonly<Record<string, unknown>>;
  chosen: boolean;
}

/** Points that a person is putting down, in RD New. */
export interface Trace {
  points: readonly (readonly [number, number])[];
  /** Whether the last is joined to the first. */
  closed: boolean;
}

/** The scene on one canvas. Every setter is cheap to call with what is already there. */
export interface Maquette {
  /** Load everything of the scene; resolves when it can be drawn. A failing part is reported, the others are drawn. */
  load(scene: SceneDescription): Promise<void>;
  /** The water of a run, or null for the dry neighbourhood. */
  setDepth(depth: DepthGrid | null): void;
  /** Moment shown, s; between two frames the water is interpolated. */
  setTime(seconds: number): void;
  setBuildingColours(colours: BuildingColours): void;
  setSelection(id: string | null): void;
  /** Draw the border of the ground that drains to a place; null takes it away. */
  setDraining(area: Area | null): void;
  /** The measures of a plan; none takes them away. Resolves when they are in the scene. */
  setSketches(sketches: readonly Sketch[]): Promise<void>;
  /** What is being drawn now; null when nothing is. */
  setTrace(trace: Trace | null): Promise<void>;
  /** Drape a picture of the server, which covers the scene, over the ground; null takes it away. */
  setOverlay(address: string | null): void;
  setMarkers(markers: readonly Marker[]): void;
  setQuality(quality: Quality): void;
  setSun(sun: SunState): void;
  setLayerVisible(layer: "buildings" | "trees" | "flood" | "decks", visible: boolean): void;
  getCamera(): CameraState;
  /** Move the camera; eased over 250 ms unless the person prefers reduced motion or `instant` is given. */
  setCamera(camera: Partial<CameraState>, options?: { instant?: boolean }): void;
  /** Fit the whole area in the view. */
  home(): void;
  /** Pan, turn, tilt and zoom by steps, for keys and buttons. */
  step(action: CameraStep): void;
  /** Pick at a place of the canvas in CSS pixels, or at its centre. */
  pick(place?: Point): Picked;
  /** Look at a building by its id; false when it is not in the scene. */
  lookAt(id: string): boolean;
  /** Resolves when everything that was set until now is on the screen. */
  drawn?(): Promise<void>;
  /** The picture as PNG. */
  capture(): Promise<Blob>;
  /** What has been drawn, for tests and for choosing the quality. */
  statistics(): { drawCalls: number; triangles: number; renderer: string; lastFrameMilliseconds: number };
  /** Give everything back; the canvas cannot be drawn on again. */
  dispose(): void;
}

export type CameraStep =
  "north" | "south" | "east" | "west" | "turn-left" | "turn-right" | "tilt-up" | "tilt-down" | "zoom-in" | "zoom-out";

/** Thrown by `createMaquette` when the browser has no WebGL 2. */
export class NoGraphicsError extends Error {}

export type CreateMaquette = (
  canvas: HTMLCanvasElement,
  options: { quality: Quality; events: Partial<SceneEvents>; reducedMotion: boolean },
) => Maquette;
