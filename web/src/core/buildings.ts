/** Buildings: 3D Tiles, drawn soft and near-white, each of which can be coloured, outlined and found by its id. */

import {
  BufferAttribute,
  BufferGeometry,
  Group,
  LineBasicMaterial,
  LineSegments,
  Mesh,
  MeshLambertMaterial,
  type Object3D,
} from "three";

import { linesOf } from "./edges";
import { rgbOf } from "./flood";
import { type Feature, featuresOf, risesOf, type TileShape } from "./features";
import { patchMaterial } from "./shading";
import { readTile } from "./tile-content";
import { readTileset } from "./tileset";
import type { BuildingColours } from "./types";

const WALL = rgbOf("#f6f3ee");
const ROOF = rgbOf("#fdfcfa");
/** Vertical part of a normal from which a surface counts as roof. */
const ROOF_FROM = 0.3;
/** As a chosen building is in the legend and on the map: far from the warm colours of wet buildings and from water. */
const SELECTED = "#0b5563";
const SELECTED_LINE = "#e2f2f4";
/** How much of a colour covers the white, 0 to 255. */
const COLOUR_STRENGTH = 215;
const SELECTED_STRENGTH = 235;

/** Buildings are drawn on this layer too, so that they can be drawn alone. */
export const BUILDING_LAYER = 1;

export class Buildings {
  readonly object = new Group();
  readonly features = new Map<string, Feature>();
  private readonly material = buildingMaterial();
  private readonly tints = new Map<TileShape, BufferAttribute>();
  private colours: BuildingColours = new Map();
  private selected: string | null = null;
  private outline: LineSegments | null = null;

  /** Load every tile; one that fails is told of, the others are drawn. Rejects when the tileset cannot be read. */
  async load(address: string, signal: AbortSignal, failed: (sentence: string) => void): Promise<void> {
    await readTileset(address, signal, (content) => this.adopt(content), failed);
  }

  setVisible(visible: boolean): void {
    this.object.visible = visible;
  }

  setColours(colours: BuildingColours): void {
    const before = this.colours;
    this.colours = colours;
    for (const id of new Set([...before.keys(), ...colours.keys()])) {
      if (before.get(id) !== colours.get(id)) this.paint(id);
    }
  }

  setSelection(id: string | null): void {
    const before = this.selected;
    this.selected = id;
    for (const one of [before, id]) if (one !== null) this.paint(one);
    this.drawOutline();
  }

  /** Positions of the lines along roofs and eaves of all buildings. */
  lines(): Float32Array {
    const parts = [...this.tints.keys()].map((shape) => linesOf(shape.positions, shape.indices));
    const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  dispose(): void {
    this.selected = null;
    this.drawOutline();
    for (const mesh of this.object.children) if (mesh instanceof Mesh) mesh.geometry.dispose();
    this.material.dispose();
  }

  private adopt(content: Object3D): void {
    const tile = readTile(content);
    if (!tile) return;
    const features = featuresOf(tile.shape, tile.rows);
    for (const feature of features) this.features.set(feature.id, feature);
    this.object.add(this.meshOf(tile.shape, features));
    for (const { id } of features) if (this.colours.has(id) || this.selected === id) this.paint(id);
  }

  private meshOf(shape: TileShape, features: readonly Feature[]): Mesh {
    const corners = shape.rows.length;
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(shape.positions, 3));
    geometry.setAttribute("normal", new BufferAttribute(shape.normals, 3));
    geometry.setAttribute("base", new BufferAttribute(baseColours(shape), 3, true));
    geometry.setAttribute("rise", new BufferAttribute(risesOf(features, corners), 1));
    const tint = new BufferAttribute(new Uint8Array(4 * corners), 4, true);
    geometry.setAttribute("tint", tint);
    geometry.setIndex(new BufferAttribute(shape.indices, 1));
    this.tints.set(shape, tint);
    const mesh = new Mesh(geometry, this.material);
    mesh.castShadow = mesh.receiveShadow = true;
    mesh.layers.enable(BUILDING_LAYER);
    return mesh;
  }

  private paint(id: string): void {
    const feature = this.features.get(id);
    const tint = feature && this.tints.get(feature.shape);
    if (!tint) return;
    const colour = this.selected === id ? SELECTED : this.colours.get(id);
    const strength = this.selected === id ? SELECTED_STRENGTH : COLOUR_STRENGTH;
    const texel = colour ? [...rgbOf(colour), strength] : [0, 0, 0, 0];
    for (const corner of feature.corners) (tint.array as Uint8Array).set(texel, 4 * corner);
    tint.needsUpdate = true;
  }

  private drawOutline(): void {
    if (this.outline) {
      this.outline.removeFromParent();
      this.outline.geometry.dispose();
      this.outline = null;
    }
    const feature = this.selected === null ? undefined : this.features.get(this.selected);
    if (!feature) return;
    const indices = Uint32Array.from(feature.triangles, (triangle) => triangle).reduce<number[]>((all, triangle) => {
      for (let corner = 0; corner < 3; corner++) all.push(feature.shape.indices[3 * triangle + corner]!);
      return all;
    }, []);
    this.outline = lineSegments(linesOf(feature.shape.positions, Uint32Array.from(indices)), SELECTED_LINE, 1);
    this.object.add(this.outline);
  }
}

// A line is a pixel wide at any distance; without this a street of houses far away would be all lines.
const FADE = "diffuseColor.a *= mix(1.0, 0.4, smoothstep(120.0, 800.0, vFogDepth));\n@";

/** Thin lines that do not hide anything. */
export function lineSegments(positions: Float32Array, colour: string, opacity: number): LineSegments {
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(positions, 3));
  const material = new LineBasicMaterial({ color: colour, transparent: true, opacity, depthWrite: false });
  patchMaterial(material, "lines", {}, { fragment: { opaque_fragment: FADE } });
  const lines = new LineSegments(geometry, material);
  lines.renderOrder = 1;
  return lines;
}

function baseColours(shape: TileShape): Uint8Array {
  const colours = new Uint8Array(shape.normals.length);
  for (let at = 0; at < colours.length; at += 3) colours.set(shape.normals[at + 2]! > ROOF_FROM ? ROOF : WALL, at);
  return colours;
}

function buildingMaterial(): MeshLambertMaterial {
  // Pushed back a little, so that the lines along its edges lie on top.
  const material = new MeshLambertMaterial({ polygonOffset: true, polygonOffsetFactor: 1, polygonOffsetUnits: 1 });
  patchMaterial(
    material,
    "buildings",
    {},
    {
      vertex: {
        fog_pars_vertex:
          "@\nattribute vec3 base; attribute vec4 tint; attribute float rise; varying vec4 vBase, vTint;",
        // The foot of a wall gets less light from the sky than its top.
        fog_vertex: "@\nvBase = vec4(base, mix(0.80, 1.0, smoothstep(0.0, 5.5, rise))); vTint = tint;",
      },
      fragment: {
        fog_pars_fragment: "@\nvarying vec4 vBase, vTint;",
        map_fragment: `
        diffuseColor.rgb = sRGBTransferEOTF(vec4(mix(vBase.rgb, vTint.rgb, vTint.a), 1.0)).rgb * vBase.a;`,
      },
    },
  );
  return material;
}
