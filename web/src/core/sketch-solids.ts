/** What stands up of measures: trees, blocks, bands, portals of pipes, flags, and the skin of buildings. */

import {
  BufferAttribute,
  BufferGeometry,
  CylinderGeometry,
  Group,
  Mesh,
  MeshLambertMaterial,
  ShapeUtils,
  SphereGeometry,
  TorusGeometry,
  Vector2,
  Vector3,
} from "three";

import { lineSegments } from "./buildings";
import { linesOf } from "./edges";
import type { Feature } from "./features";
import type { HeightField } from "./height-field";
import { pickFeature } from "./picking";
import { along, band, isInside, type Look, middleOf, type Placed, spread } from "./sketch";
import { type Tree, Trees } from "./trees";
import type { Point, Sketch } from "./types";

/** Bands and bumps are drawn at least so high, m: at their true height of a few centimetres nobody sees them. */
const SEEN = 0.4;
const INTO_GROUND = 0.6;
const ACCENT = "#0b5563";
/** The skin of a building lies so far outside it, m. */
const SKIN = 0.12;
const ROOF_FROM = 0.3;
const SKY_HIGH = 2000;
const TREE_TRIANGLES = 40_000;

export interface Surroundings {
  field: HeightField;
  features: ReadonlyMap<string, Feature>;
}

interface Work extends Surroundings {
  group: Group;
  trees: Tree[];
  material: (colour: string) => MeshLambertMaterial;
}

/** Everything that stands up, as one group; `dispose` gives the memory back. */
export class Solids {
  readonly object = new Group();
  private readonly materials = new Map<string, MeshLambertMaterial>();
  private readonly planted: Trees | null;

  constructor(sketches: readonly Placed[], surroundings: Surroundings) {
    const trees: Tree[] = [];
    const material = (colour: string): MeshLambertMaterial => this.material(colour);
    for (const sketch of sketches)
      BUILD[sketch.look]?.({ ...surroundings, group: this.object, trees, material }, sketch);
    this.planted = trees.length === 0 ? null : new Trees(trees, TREE_TRIANGLES);
    if (this.planted) this.object.add(this.planted.object);
  }

  dispose(): void {
    this.planted?.dispose();
    this.object.traverse((child) => {
      if (child instanceof Mesh || "isLineSegments" in child) (child as Mesh).geometry.dispose();
    });
    for (const material of this.materials.values()) material.dispose();
  }

  private material(colour: string): MeshLambertMaterial {
    const known = this.materials.get(colour);
    if (known) return known;
    const made = new MeshLambertMaterial({ color: colour });
    this.materials.set(colour, made);
    return made;
  }
}

const BUILD: Partial<Record<Look, (work: Work, placed: Placed) => void>> = {
  tree: (work, { line, sketch }) => line.forEach((place) => plant(work, place, treeHeight(sketch))),
  park: (work, { rings }) => spread(rings, 13, 3).forEach((place, at) => plant(work, place, 6 + (at % 4))),
  trench: (work, { rings }) => spread(rings, 7, 0.4).forEach((place) => plant(work, place, 7)),
  planted: (work, { rings }) => spread(rings, 2.6, 1).forEach((place, at) => plant(work, place, 1 + (at % 3) * 0.3)),
  hollow: (work, { rings }) => spread(rings, 9, 2.2).forEach((place) => plant(work, place, 1.1)),
  block: (work, { rings, sketch }) =>
    extrude(work, rings, heightOf(sketch, "height", 9), { colour: sketch.colour, lines: true }),
  mound: (work, { rings, sketch }) =>
    extrude(work, rings, Math.max(heightOf(sketch, "height", 0.3), SEEN), { colour: sketch.colour, lines: false }),
  wall: (work, { line, sketch }) =>
    extrude(work, pieces(line, 0.55), Math.max(heightOf(sketch, "height", 0.12), SEEN + 0.2), {
      colour: "#f1ece2",
      lines: true,
    }),
  bump: (work, { line, sketch }) =>
    extrude(work, pieces(line, heightOf(sketch, "width", 4) * 0.55), SEEN * 0.7, { colour: "#c3b7ab", lines: false }),
  play: (work, { rings }) => playThings(work, rings),
  pipe: (work, { line }) => [line[0]!, line.at(-1)!].forEach((place) => portal(work, place, line)),
  pump: (work, { line, sketch }) => pump(work, line[0]!, sketch.colour),
  roof: (work, placed) => skin(work, placed, ROOFS[placed.sketch.kind] ?? placed.sketch.colour, true),
  whole: (work, placed) => skin(work, placed, placed.sketch.kind === "demolition" ? "#a9a39b" : "#cbbfe2", false),
  pin: (work, placed) => pins(work, placed),
};

const ROOFS: Readonly<Record<string, string>> = {
  "green-roof-extensive": "#a3c27c",
  "green-roof-intensive": "#7fae68",
  "blue-green-roof": "#7fb59a",
  "roof-disconnection": "#b3c6d6",
};

/** The buildings that a sketch is about: that at its point, or those whose middle lies in its polygon. */
export function buildingsUnder({ rings, line }: Placed, features: ReadonlyMap<string, Feature>): Feature[] {
  if (rings.length === 0) return line.flatMap((place) => standingAt(place, features) ?? []);
  const found = [...features.values()].filter(({ lower, upper }) =>
    isInside({ x: (lower[0] + upper[0]) / 2, y: (lower[1] + upper[1]) / 2 }, rings),
  );
  return found.length > 0 ? found : [standingAt(middleOf(rings[0]!.slice(1)), features) ?? []].flat();
}

function standingAt({ x, y }: Point, features: ReadonlyMap<string, Feature>): Feature | null {
  return pickFeature(features.values(), [x, y, SKY_HIGH], [0, 0, -1])?.feature ?? null;
}

function heightOf({ values }: Sketch, name: string, otherwise: number): number {
  const value = values[name];
  return typeof value === "number" ? value : otherwise;
}

function treeHeight(sketch: Sketch): number {
  return Math.max(3, heightOf(sketch, "crown", 6) * 1.3);
}

function plant({ trees, field }: Work, { x, y }: Point, height: number): void {
  const ground = field.heightAt(x, y);
  if (!Number.isNaN(ground)) trees.push([x, y, ground, height]);
}

/** A line cut where it bends and every few metres, so that a band follows the ground. */
function pieces(line: readonly Point[], width: number): Point[][] {
  const dense = [line[0]!, ...along(line, 4), line.at(-1)!];
  const all = line.length === 2 ? dense : [...line];
  return all.slice(0, -1).map((from, at) => band([from, all[at + 1]!], width));
}

function extrude(
  work: Work,
  rings: readonly Point[][],
  height: number,
  { colour, lines }: { colour: string; lines: boolean },
): void {
  // Rings that lie in another one are its holes; bands are rings beside each other.
  const outer = rings.filter((ring) => !rings.some((other) => other !== ring && isInside(middleOf(ring), [other])));
  for (const ring of outer) {
    const grounds = ring.map(({ x, y }) => work.field.heightAt(x, y)).filter((level) => !Number.isNaN(level));
    if (grounds.length === 0) continue;
    const [low, high] = [Math.min(...grounds), Math.max(...grounds)];
    const holes = rings.filter((other) => !outer.includes(other) && isInside(middleOf(other), [ring]));
    const geometry = prism([ring, ...holes], low - INTO_GROUND, high + height);
    stand(work, geometry, colour);
    if (lines) addLines(work, geometry);
  }
}

/** Upright sides and a flat top of closed rings, the first of which is the outer one; it stands on nothing. */
export function prism(rings: readonly (readonly Point[])[], foot: number, top: number): BufferGeometry {
  const open = rings.map((ring, at) => turned(ring.slice(0, -1), at === 0));
  const flat = open.map((ring) => ring.map(({ x, y }) => new Vector2(x, y)));
  const corners = flat.flat();
  const positions = ShapeUtils.triangulateShape(flat[0]!, flat.slice(1)).flatMap((triangle) =>
    triangle.flatMap((corner) => [corners[corner]!.x, corners[corner]!.y, top]),
  );
  for (const ring of open) {
    ring.forEach((a, at) => {
      const b = ring[(at + 1) % ring.length]!;
      positions.push(a.x, a.y, foot, b.x, b.y, foot, b.x, b.y, top, a.x, a.y, foot, b.x, b.y, top, a.x, a.y, top);
    });
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(Float32Array.from(positions), 3));
  geometry.computeVertexNormals();
  return geometry;
}

/** A ring that goes against the clock, or with it. */
function turned(ring: readonly Point[], against: boolean): Point[] {
  const twice = ring.reduce((sum, a, at) => {
    const b = ring[(at + 1) % ring.length]!;
    return sum + a.x * b.y - b.x * a.y;
  }, 0);
  return twice > 0 === against ? [...ring] : [...ring].reverse();
}

function stand({ group, material }: Work, geometry: BufferGeometry, colour: string): Mesh {
  const mesh = new Mesh(geometry, material(colour));
  mesh.castShadow = mesh.receiveShadow = true;
  group.add(mesh);
  return mesh;
}

function addLines({ group }: Work, geometry: BufferGeometry): void {
  const positions = geometry.getAttribute("position").array as Float32Array;
  const indices = Uint32Array.from({ length: positions.length / 3 }, (_, at) => at);
  group.add(lineSegments(linesOf(positions, indices), ACCENT, 0.75));
}

function playThings(work: Work, rings: readonly Point[][]): void {
  const colours = ["#d98f6c", "#6fa8b4", "#d9b44a"];
  spread(rings, 5, 1.5).forEach(({ x, y }, at) => {
    const ground = work.field.heightAt(x, y);
    if (Number.isNaN(ground)) return;
    const geometry =
      at % 2 === 0
        ? new SphereGeometry(1, 14, 10, 0, 2 * Math.PI, 0, Math.PI / 2)
        : new CylinderGeometry(0.18, 0.18, 2.6, 10);
    geometry.rotateX(Math.PI / 2);
    geometry.translate(x, y, ground + (at % 2 === 0 ? 0 : 1.3));
    stand(work, geometry, colours[at % 3]!);
  });
}

/** A half ring that stands across the line: the mouth of a culvert. */
function portal(work: Work, { x, y }: Point, line: readonly Point[]): void {
  const ground = work.field.heightAt(x, y);
  if (Number.isNaN(ground)) return;
  const [a, b] = [line[0]!, line.at(-1)!];
  const geometry = new TorusGeometry(1.1, 0.3, 8, 20, Math.PI);
  geometry.rotateX(Math.PI / 2);
  geometry.rotateZ(Math.atan2(b.y - a.y, b.x - a.x) + Math.PI / 2);
  geometry.translate(x, y, ground);
  stand(work, geometry, "#9a9aa8");
}

function pump(work: Work, { x, y }: Point, colour: string): void {
  const ground = work.field.heightAt(x, y);
  if (Number.isNaN(ground)) return;
  for (const [radius, height, above, paint] of [
    [1.5, 0.5, 0.1, "#e6e2da"],
    [0.9, 2, 0.5, colour],
    [1.1, 0.35, 2.5, "#3f84a3"],
  ] as const) {
    const geometry = new CylinderGeometry(radius, radius, height, 24);
    geometry.rotateX(Math.PI / 2);
    geometry.translate(x, y, ground + above + height / 2);
    stand(work, geometry, paint);
  }
}

/** Flags: on every building that it is about, or at its place on the ground. */
function pins(work: Work, placed: Placed): void {
  const buildings = placed.sketch.onBuildings ? buildingsUnder(placed, work.features) : [];
  const tops = buildings.map(({ lower, upper }): [number, number, number] => [
    (lower[0] + upper[0]) / 2,
    (lower[1] + upper[1]) / 2,
    upper[2],
  ]);
  const { x, y } = placed.rings.length > 0 ? middleOf(placed.rings[0]!.slice(1)) : placed.line[0]!;
  const places = tops.length > 0 ? tops : [[x, y, work.field.heightAt(x, y)] as [number, number, number]];
  for (const [east, north, foot] of places) {
    if (Number.isNaN(foot)) continue;
    const pole = new CylinderGeometry(0.14, 0.14, 5, 8);
    pole.rotateX(Math.PI / 2);
    pole.translate(east, north, foot + 2.5);
    stand(work, pole, "#6b655c");
    const ball = new SphereGeometry(1.15, 20, 14);
    ball.translate(east, north, foot + 5.6);
    stand(work, ball, placed.sketch.colour);
  }
}

/** The roof, or all sides, of the buildings that a sketch is about, a hand outside them. */
function skin(work: Work, placed: Placed, colour: string, roofOnly: boolean): void {
  for (const feature of buildingsUnder(placed, work.features)) {
    const positions = skinOf(feature, roofOnly);
    if (positions.length === 0) continue;
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(positions, 3));
    geometry.computeVertexNormals();
    stand(work, geometry, colour).castShadow = false;
  }
}

/** Corners of the triangles of a building, moved outwards. */
export function skinOf({ shape, triangles }: Feature, roofOnly: boolean): Float32Array {
  const found: number[] = [];
  const corner = new Vector3();
  const [a, b, c] = [new Vector3(), new Vector3(), new Vector3()];
  for (const triangle of triangles) {
    [a, b, c].forEach((one, at) => one.fromArray(shape.positions, 3 * shape.indices[3 * triangle + at]!));
    const normal = corner.clone().subVectors(b, a).cross(new Vector3().subVectors(c, a)).normalize();
    if (roofOnly && normal.z < ROOF_FROM) continue;
    for (const one of [a, b, c]) found.push(...one.addScaledVector(normal, SKIN).toArray());
  }
  return Float32Array.from(found);
}
