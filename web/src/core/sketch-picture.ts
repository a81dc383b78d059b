/**
 * The flat side of measures as one picture that lies over the ground: grass, water, paving, and the shade that makes a
 * hollow look hollow. A picture follows every bump of the terrain, takes shadows and flood water as the ground does, and
 * never sinks into it.
 */

import { CanvasTexture, LinearFilter, LinearMipmapLinearFilter } from "three";

import type { Bounds } from "./frame";
import { along, band, type Look, type Placed } from "./sketch";
import type { Point } from "./types";

/** Finest texel, m: more than this cannot be seen from where a person looks. */
const FINEST = 0.12;

/** A pencil whose unit is a metre and whose y goes north. */
interface Pencil {
  context: CanvasRenderingContext2D;
  /** Texels per metre. */
  scale: number;
  /** Towards the sun on the ground, unit length. */
  sunward: Point;
}

export class SketchPicture {
  readonly texture: CanvasTexture;
  private readonly canvas = document.createElement("canvas");
  private readonly scale: number;

  constructor(
    private readonly bounds: Bounds,
    size: number,
    anisotropy: number,
  ) {
    const [wide, high] = [bounds.east - bounds.west, bounds.north - bounds.south];
    this.scale = Math.min(size / Math.max(wide, high), 1 / FINEST);
    this.canvas.width = Math.max(1, Math.round(wide * this.scale));
    this.canvas.height = Math.max(1, Math.round(high * this.scale));
    this.texture = new CanvasTexture(this.canvas);
    // The first row is the southernmost; colours stay as they are, the shader takes them apart.
    this.texture.flipY = false;
    this.texture.premultiplyAlpha = true;
    this.texture.minFilter = LinearMipmapLinearFilter;
    this.texture.magFilter = LinearFilter;
    this.texture.anisotropy = anisotropy;
  }

  paint(sketches: readonly Placed[], sunward: Point): void {
    // Kept in memory and not on a graphics card: some cards lose part of a picture with this many clips and shades.
    const context = this.canvas.getContext("2d", { willReadFrequently: true });
    if (!context) return;
    const { scale, bounds } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.setTransform(scale, 0, 0, scale, -bounds.west * scale, -bounds.south * scale);
    const pencil = { context, scale, sunward };
    for (const sketch of sketches) {
      context.save();
      PAINT[sketch.look]?.(pencil, sketch);
      context.restore();
    }
    this.texture.needsUpdate = true;
  }

  dispose(): void {
    this.texture.dispose();
  }
}

const GRASS = "#a9c78d";
const GRASS_DEEP = "#86b07a";
const SAND = "#e9dcb9";
const STONE = "#d9d3c8";

const PAINT: Partial<Record<Look, (pencil: Pencil, placed: Placed) => void>> = {
  hollow: (pencil, { rings }) => sunken(pencil, rings, GRASS_DEEP, { rim: "#5f8a5b", deep: 2.2 }),
  planted: (pencil, { rings }) => sunken(pencil, rings, "#95b97f", { rim: "#668a55", deep: 1.2 }),
  dip: (pencil, { rings, sketch }) => sunken(pencil, rings, sketch.colour, { rim: "#85796a", deep: 1 }),
  steps: (pencil, { rings }) => steps(pencil, rings),
  water: (pencil, { rings }) => {
    // The colour of ditches, and none of the colours of flood water.
    sunken(pencil, rings, "#86a8b2", { rim: "#7f9a63", deep: 1.2 });
    inside(pencil, rings, () => stroke(pencil, rings, "#b4cbd0", 2.6, 0.5));
  },
  lawn: (pencil, { rings }) => flat(pencil, rings, GRASS, "#7fa069"),
  park: (pencil, { rings }) => {
    flat(pencil, rings, GRASS, "#7fa069");
    inside(pencil, rings, () => path(pencil, rings));
  },
  trench: (pencil, { rings }) => flat(pencil, rings, "#a08e72", "#6b5b45"),
  dotted: (pencil, { rings }) => {
    flat(pencil, rings, "#e6ddcb", "#b9a98b");
    inside(pencil, rings, () => dots(pencil, rings));
  },
  paved: (pencil, { rings, sketch }) => {
    flat(pencil, rings, sketch.values.surface === "groenvoorziening" ? GRASS : "#cfcac1", "#99938a");
    inside(pencil, rings, () => hatch(pencil, rings, "#b5aea3", 1.2, 0.18, true));
  },
  play: (pencil, { rings }) => {
    flat(pencil, rings, SAND, "#c3a863");
    inside(pencil, rings, () => blots(pencil, rings));
  },
  hatched: (pencil, { rings, sketch }) => {
    inside(pencil, rings, () => hatch(pencil, rings, sketch.colour, 2.4, 0.55, false));
    pencil.context.setLineDash([2, 1.2]);
    stroke(pencil, rings, sketch.colour, 0.8, 1);
  },
  mound: (pencil, { rings, sketch }) => flat(pencil, rings, sketch.colour, "#8f7c52"),
  block: (pencil, { rings }) => flat(pencil, rings, STONE, "#b3aa9c"),
  wall: (pencil, { line }) => flat(pencil, [band(line, 1.1)], STONE, "#a79f92"),
  bump: (pencil, placed) => bump(pencil, placed),
  pipe: (pencil, { line, sketch }) => dashes(pencil, line, sketch.colour),
  pump: (pencil, { line, sketch }) => dashes(pencil, line, sketch.colour),
};

function trace({ context }: Pencil, rings: readonly (readonly Point[])[]): void {
  context.beginPath();
  for (const ring of rings) {
    ring.forEach(({ x, y }, at) => (at === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
    context.closePath();
  }
}

function inside(pencil: Pencil, rings: readonly Point[][], draw: () => void): void {
  pencil.context.save();
  trace(pencil, rings);
  pencil.context.clip("evenodd");
  draw();
  pencil.context.restore();
}

function flat(pencil: Pencil, rings: readonly Point[][], colour: string, edge: string): void {
  trace(pencil, rings);
  pencil.context.fillStyle = colour;
  pencil.context.fill("evenodd");
  inside(pencil, rings, () => stroke(pencil, rings, edge, 0.8, 0.9));
}

function stroke(pencil: Pencil, rings: readonly Point[][], colour: string, width: number, opacity: number): void {
  trace(pencil, rings);
  const { context } = pencil;
  context.globalAlpha = opacity;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.lineJoin = "round";
  context.stroke();
  context.globalAlpha = 1;
}

/** A floor below the ground around it: a rim, and the shade of the side that the sun is on. */
function sunken(
  pencil: Pencil,
  rings: readonly Point[][],
  floor: string,
  { rim, deep }: { rim: string; deep: number },
): void {
  const { context, scale, sunward } = pencil;
  trace(pencil, rings);
  context.fillStyle = floor;
  context.fill("evenodd");
  inside(pencil, rings, () => {
    // What lies around casts its shade into the hollow. Shade is moved in texels, whatever the unit of the pencil.
    for (const [way, colour] of [
      [-deep, "rgb(35 55 40 / 62%)"],
      [deep * 0.7, "rgb(255 255 240 / 45%)"],
    ] as const) {
      context.save();
      context.shadowColor = colour;
      context.shadowBlur = Math.abs(way) * scale * 0.8;
      context.shadowOffsetX = sunward.x * way * scale;
      context.shadowOffsetY = sunward.y * way * scale;
      around(pencil, rings);
      context.fillStyle = "#000";
      context.fill("evenodd");
      context.restore();
    }
    stroke(pencil, rings, rim, 1.5, 1);
  });
}

/** A wide frame around the rings. */
function around(pencil: Pencil, rings: readonly Point[][]): void {
  const { west, east, south, north } = bounds(rings);
  const wide = 20;
  trace(pencil, rings);
  pencil.context.rect(west - wide, south - wide, east - west + 2 * wide, north - south + 2 * wide);
}

/** A square with steps down, every step a shade darker. */
function steps(pencil: Pencil, rings: readonly Point[][]): void {
  sunken(pencil, rings, "#9aa3ab", { rim: "#70777d", deep: 1.8 });
  inside(pencil, rings, () => {
    const treads = ["#d9d8d4", "#c6c7c6", "#b1b6ba"];
    treads.forEach((colour, at) => stroke(pencil, rings, colour, 2 * 1.5 * (treads.length - at), 1));
    stroke(pencil, rings, "#70777d", 1, 1);
  });
}

function bounds(rings: readonly (readonly Point[])[]): Bounds {
  const [xs, ys] = [rings.flat().map(({ x }) => x), rings.flat().map(({ y }) => y)];
  return { west: Math.min(...xs), east: Math.max(...xs), south: Math.min(...ys), north: Math.max(...ys) };
}

function dots(pencil: Pencil, rings: readonly Point[][]): void {
  const { west, east, south, north } = bounds(rings);
  const { context } = pencil;
  context.fillStyle = "#a99a7e";
  for (let row = 0, y = south; y < north; y += 1.1, row++) {
    for (let x = west + (row % 2) * 0.65; x < east; x += 1.3) {
      context.beginPath();
      context.arc(x, y, 0.24, 0, 2 * Math.PI);
      context.fill();
    }
  }
}

function hatch(
  pencil: Pencil,
  rings: readonly Point[][],
  colour: string,
  apart: number,
  width: number,
  level: boolean,
): void {
  const { west, east, south, north } = bounds(rings);
  const { context } = pencil;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  const lean = level ? 0 : north - south;
  for (let x = west - lean; x < east; x += apart) {
    context.moveTo(x, south);
    context.lineTo(x + lean, north);
  }
  context.stroke();
}

/** A light path from one side of a park to the other. */
function path(pencil: Pencil, rings: readonly Point[][]): void {
  const { west, east, south, north } = bounds(rings);
  const { context } = pencil;
  const [wide, high] = [east - west, north - south];
  context.strokeStyle = "#ece3cf";
  context.lineWidth = Math.min(2.4, Math.min(wide, high) / 6);
  context.beginPath();
  context.moveTo(west, south + high * 0.3);
  context.bezierCurveTo(west + wide * 0.4, south - high * 0.05, west + wide * 0.55, north, east, south + high * 0.7);
  context.stroke();
}

function blots(pencil: Pencil, rings: readonly Point[][]): void {
  const { west, east, south, north } = bounds(rings);
  const { context } = pencil;
  const size = Math.min(east - west, north - south);
  for (const [u, v, share, colour] of [
    [0.3, 0.35, 0.2, "#e2a98a"],
    [0.7, 0.6, 0.24, "#9cc3c9"],
    [0.45, 0.8, 0.14, "#e6c667"],
  ] as const) {
    context.fillStyle = colour;
    context.beginPath();
    context.arc(west + (east - west) * u, south + (north - south) * v, size * share, 0, 2 * Math.PI);
    context.fill();
  }
}

function bump(pencil: Pencil, { line, sketch }: Placed): void {
  const width = Number(sketch.values.width ?? 4);
  const rings = [band(line, width)];
  flat(pencil, rings, "#b9aea4", "#8e8379");
  const { context } = pencil;
  context.strokeStyle = "#fbfaf6";
  context.lineWidth = 0.7;
  inside(pencil, rings, () => {
    for (const { x, y } of along(line, 2)) {
      context.beginPath();
      context.arc(x, y, 0.5, 0, 2 * Math.PI);
      context.stroke();
    }
  });
}

function dashes({ context }: Pencil, line: readonly Point[], colour: string): void {
  if (line.length < 2) return;
  context.strokeStyle = colour;
  context.lineWidth = 0.9;
  context.lineCap = "round";
  context.setLineDash([2.2, 1.8]);
  context.beginPath();
  line.forEach(({ x, y }, at) => (at === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  context.stroke();
}
