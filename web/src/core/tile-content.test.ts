// @vitest-environment node
import { BufferAttribute, BufferGeometry, Group, Mesh } from "three";
import { describe, expect, it } from "vitest";

import { readTile } from "./tile-content";

function tile(): Group {
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(Float32Array.of(0, 3, 0, 1, 3, 0, 0, 3, -1), 3));
  geometry.setAttribute("normal", new BufferAttribute(Int8Array.of(0, 127, 0, 0, 127, 0, 0, 127, 0), 3, true));
  geometry.setAttribute("_feature_id_0", new BufferAttribute(Float32Array.of(1, 1, 1), 1));
  geometry.setIndex([0, 1, 2]);
  const mesh = new Mesh(geometry);
  mesh.userData.meshFeatures = { featureIds: [{ attribute: 0, propertyTable: 0 }] };
  mesh.userData.structuralMetadata = {
    schema: { classes: { building: { properties: { number: { semantic: "ID" }, known: {}, use: {} } } } },
    tableAccessors: [{ count: 2, definition: { class: "building" } }],
    getPropertyTableData: (_: number, row: number) => ({ number: `b${row}`, known: row === 1, use: "" }),
  };
  const scene = new Group();
  scene.rotation.x = Math.PI / 2; // as 3d-tiles-renderer turns glTF, which has y up
  scene.position.set(100, 0, 0);
  scene.add(mesh);
  return scene;
}

describe("the content of a tile", () => {
  it("comes in local coordinates with z up", () => {
    const { shape } = readTile(tile())!;
    expect([...shape.positions].map(Math.round)).toEqual([100, 0, 3, 101, 0, 3, 100, 1, 3]);
    expect([...shape.normals].map(Math.round)).toEqual([0, 0, 1, 0, 0, 1, 0, 0, 1].map((part) => expect.closeTo(part)));
    expect([...shape.rows]).toEqual([1, 1, 1]);
  });

  it("names its features by the property that is their id", () => {
    expect(readTile(tile())!.rows.map(({ id }) => id)).toEqual(["b0", "b1"]);
  });

  it("tells properties as numbers, texts and null", () => {
    expect(readTile(tile())!.rows[1]!.properties).toEqual({ number: "b1", known: 1, use: null });
  });

  it("is nothing when no mesh has features", () => {
    expect(readTile(new Group())).toBeNull();
  });
});
