/** From what a tile holds (glTF with features and a property table) to one shape in local coordinates and its rows. */

import { Matrix3, Mesh, type Object3D, Vector3 } from "three";

import type { FeatureRow, Properties, TileShape } from "./features";

/** The parts of the plug-ins of 3d-tiles-renderer that are used here. */
interface MeshFeatures {
  featureIds: { attribute?: number; propertyTable?: number | null }[];
}
interface StructuralMetadata {
  schema: { classes: Record<string, { properties: Record<string, { semantic?: string }> }> };
  tableAccessors: { count: number; definition: { class: string } }[];
  getPropertyTableData(table: number, row: number): Record<string, unknown>;
}

const ID_NAMES = ["id", "featureId", "objectId"];

/** Join all meshes under a tile's scene; null when it has no triangles with features. */
export function readTile(scene: Object3D): { shape: TileShape; rows: FeatureRow[] } | null {
  scene.updateMatrixWorld(true);
  const meshes: Mesh[] = [];
  scene.traverse((child) => {
    if (child instanceof Mesh && featureAttribute(child)) meshes.push(child);
  });
  if (meshes.length === 0) return null;
  const metadata = meshes[0]!.userData.structuralMetadata as StructuralMetadata | undefined;
  return { shape: joined(meshes), rows: rowsOf(metadata) };
}

function featureAttribute(mesh: Mesh) {
  const features = mesh.userData.meshFeatures as MeshFeatures | undefined;
  const number = features?.featureIds[0]?.attribute ?? 0;
  return mesh.geometry.getAttribute(`_feature_id_${number}`);
}

function joined(meshes: readonly Mesh[]): TileShape {
  const count = (of: (mesh: Mesh) => number) => meshes.reduce((sum, mesh) => sum + of(mesh), 0);
  const corners = count((mesh) => mesh.geometry.getAttribute("position").count);
  const indices = count((mesh) => mesh.geometry.index?.count ?? mesh.geometry.getAttribute("position").count);
  const shape: TileShape = {
    positions: new Float32Array(3 * corners),
    normals: new Float32Array(3 * corners),
    indices: new Uint32Array(indices),
    rows: new Uint32Array(corners),
  };
  let [corner, index] = [0, 0];
  for (const mesh of meshes) {
    copyCorners(mesh, shape, corner);
    const own = mesh.geometry.index;
    const size = own?.count ?? mesh.geometry.getAttribute("position").count;
    for (let place = 0; place < size; place++) shape.indices[index + place] = corner + (own ? own.getX(place) : place);
    corner += mesh.geometry.getAttribute("position").count;
    index += size;
  }
  return shape;
}

function copyCorners(mesh: Mesh, shape: TileShape, start: number): void {
  const position = mesh.geometry.getAttribute("position");
  if (!mesh.geometry.hasAttribute("normal")) mesh.geometry.computeVertexNormals();
  const normal = mesh.geometry.getAttribute("normal");
  const rows = featureAttribute(mesh)!;
  const turn = new Matrix3().getNormalMatrix(mesh.matrixWorld);
  const vector = new Vector3();
  for (let corner = 0; corner < position.count; corner++) {
    const place = start + corner;
    vector
      .fromBufferAttribute(position, corner)
      .applyMatrix4(mesh.matrixWorld)
      .toArray(shape.positions, 3 * place);
    vector
      .fromBufferAttribute(normal, corner)
      .applyMatrix3(turn)
      .normalize()
      .toArray(shape.normals, 3 * place);
    shape.rows[place] = rows.getX(corner);
  }
}

function rowsOf(metadata: StructuralMetadata | undefined): FeatureRow[] {
  const table = metadata?.tableAccessors[0];
  if (!metadata || !table) return [];
  const described = metadata.schema.classes[table.definition.class]?.properties ?? {};
  const named = Object.keys(described).find((name) => described[name]!.semantic === "ID");
  return Array.from({ length: table.count }, (_, row) => {
    const properties = plain(metadata.getPropertyTableData(0, row));
    const name = named ?? ID_NAMES.find((one) => one in properties);
    return { id: name ? String(properties[name]) : String(row), properties };
  });
}

/** Numbers, texts and null only: what a panel can show. */
function plain(values: Record<string, unknown>): Properties {
  const entries = Object.entries(values).map(([name, value]) => {
    if (typeof value === "boolean") return [name, value ? 1 : 0];
    return [name, typeof value === "number" || (typeof value === "string" && value !== "") ? value : null];
  });
  return Object.fromEntries(entries) as Properties;
}
