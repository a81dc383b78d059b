/**
 * Reading 3D Tiles 1.1 as the server writes them: a table of contents, and glTF files with features and their properties.
 *
 * Everything is loaded at once, at its finest: a neighbourhood is a few dozen tiles, and a shadow or a label may need any of
 * them. So there is no choice by distance here, only the tree, its transformations and what it refers to.
 */

import { GLTFMeshFeaturesExtension, GLTFStructuralMetadataExtension } from "3d-tiles-renderer/three/plugins";
import { Group, Matrix4 } from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";

import { fetchBytes, fetchJson } from "./fetching";

/** A file of the tileset and where its coordinates lie in the scene. */
export interface TileReference {
  address: string;
  transform: Matrix4;
}

interface Tile {
  transform?: number[];
  refine?: string;
  content?: { uri?: string };
  contents?: { uri?: string }[];
  children?: Tile[];
}

/** The finest files of a tileset, in its own frame. `address` is absolute. Throws when it is no tileset. */
export function filesOf(tileset: unknown, address: string): TileReference[] {
  const root = (tileset as { root?: Tile } | null)?.root;
  if (!root || typeof root !== "object") throw new Error(`${address} is no tileset: it has no root`);
  return filesUnder(root, address, new Matrix4(), "REPLACE");
}

function filesUnder(tile: Tile, address: string, parent: Matrix4, inherited: string): TileReference[] {
  const transform = parent.clone();
  if (tile.transform) transform.multiply(new Matrix4().fromArray(tile.transform));
  const refine = tile.refine ?? inherited;
  const children = tile.children ?? [];
  // What is replaced by its children is a coarser copy of them.
  const isShown = refine === "ADD" || children.length === 0;
  const contents = isShown ? [...(tile.contents ?? []), ...(tile.content ? [tile.content] : [])] : [];
  const own = contents.flatMap(({ uri }) => (uri ? [{ address: new URL(uri, address).href, transform }] : []));
  return [...own, ...children.flatMap((child) => filesUnder(child, address, transform, refine))];
}

/**
 * Give the content of every file to `take`, placed in the scene; a file that cannot be read is told to `failed`.
 *
 * Rejects when the table of contents itself cannot be read.
 */
export async function readTileset(
  address: string,
  signal: AbortSignal,
  take: (content: Group) => void,
  failed: (sentence: string) => void,
): Promise<void> {
  const absolute = new URL(address, document.baseURI).href;
  const files = filesOf(await fetchJson(absolute, signal), absolute);
  const reader = tileReader();
  await Promise.all(
    files.map(async (file) => {
      try {
        const content = await readFile(reader, file, signal);
        if (!signal.aborted) take(content);
      } catch (error) {
        if (!signal.aborted) failed(`${file.address} cannot be drawn: ${String(error)}`);
      }
    }),
  );
}

async function readFile(reader: GLTFLoader, file: TileReference, signal: AbortSignal): Promise<Group> {
  const { scene } = await reader.parseAsync(await fetchBytes(file.address, signal), "");
  scene.rotation.x = Math.PI / 2; // glTF has y up, 3D Tiles z
  const placed = new Group();
  placed.applyMatrix4(file.transform);
  placed.add(scene);
  return placed;
}

function tileReader(): GLTFLoader {
  const reader = new GLTFLoader();
  reader.register(() => new GLTFStructuralMetadataExtension());
  reader.register(() => new GLTFMeshFeaturesExtension());
  return reader;
}
