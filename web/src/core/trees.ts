/** Trees as a model maker sets them: a thin trunk and a round crown. All of them are one draw call. */

import {
  BufferAttribute,
  BufferGeometry,
  Color,
  IcosahedronGeometry,
  InstancedMesh,
  Matrix4,
  MeshLambertMaterial,
  Quaternion,
  Vector3,
} from "three";

/** x, y, ground height and height of the tree, local metres. */
export type Tree = readonly [number, number, number, number];

/** One ball of the crown in a tree of unit height: centre, radius, and how finely it is cut. */
interface Ball {
  at: [number, number, number];
  radius: number;
  detail: number;
}

const BALLS: Ball[][] = [
  [{ at: [0, 0, 0.63], radius: 0.33, detail: 0 }],
  [{ at: [0, 0, 0.62], radius: 0.33, detail: 1 }],
  [
    { at: [0, 0.02, 0.6], radius: 0.31, detail: 1 },
    { at: [0.13, -0.08, 0.76], radius: 0.21, detail: 1 },
    { at: [-0.16, -0.05, 0.55], radius: 0.2, detail: 1 },
  ],
  [
    { at: [0, 0.02, 0.6], radius: 0.31, detail: 2 },
    { at: [0.13, -0.08, 0.76], radius: 0.21, detail: 2 },
    { at: [-0.16, -0.05, 0.55], radius: 0.2, detail: 2 },
  ],
];
const TRUNK_SIDES = [3, 4, 5, 6];
const TRUNK_RADIUS = 0.028;
const TRUNK_COLOUR = new Color("#8d7b68");
const CROWN_TOP = new Color("#b4c49a");
const CROWN_FOOT = new Color("#84996f");

export class Trees {
  readonly object: InstancedMesh<BufferGeometry, MeshLambertMaterial>;

  constructor(trees: readonly Tree[], mostTriangles: number) {
    const detail = detailFor(trees.length, mostTriangles);
    const drawn = thinned(trees, Math.floor(mostTriangles / trianglesOf(detail)));
    const material = new MeshLambertMaterial({ vertexColors: true });
    this.object = new InstancedMesh(treeGeometry(detail), material, drawn.length);
    this.object.castShadow = true;
    drawn.forEach((tree, number) => this.place(number, tree));
    this.object.computeBoundingSphere();
  }

  dispose(): void {
    this.object.geometry.dispose();
    this.object.material.dispose();
    this.object.dispose();
  }

  private place(number: number, [x, y, z, height]: Tree): void {
    const [turn, width, hue, light] = [1, 2, 3, 4].map((salt) => scatter(number, salt)) as [
      number,
      number,
      number,
      number,
    ];
    const spread = height * (0.92 + 0.22 * width) * Math.min(1, 0.75 + 3 / height);
    const matrix = new Matrix4().compose(
      new Vector3(x, y, z - 0.1),
      new Quaternion().setFromAxisAngle(new Vector3(0, 0, 1), 2 * Math.PI * turn),
      new Vector3(spread, spread, height),
    );
    this.object.setMatrixAt(number, matrix);
    const shade = 0.92 + 0.16 * light;
    this.object.setColorAt(number, new Color(shade * (0.96 + 0.08 * hue), shade, shade * (1.03 - 0.1 * hue)));
  }
}

/** The finest tree with which all trees stay within a number of triangles. */
export function detailFor(count: number, mostTriangles: number): number {
  for (let detail = BALLS.length - 1; detail > 0; detail--)
    if (count * trianglesOf(detail) <= mostTriangles) return detail;
  return 0;
}

/** At most so many trees, spread evenly over the list. */
export function thinned(trees: readonly Tree[], most: number): readonly Tree[] {
  if (trees.length <= most) return trees;
  return Array.from({ length: most }, (_, number) => trees[Math.floor((number * trees.length) / most)]!);
}

function trianglesOf(detail: number): number {
  const balls = BALLS[detail]!.reduce((sum, ball) => sum + 20 * (ball.detail + 1) ** 2, 0);
  return balls + 2 * TRUNK_SIDES[detail]!;
}

/** A number from 0 to 1 that looks random and is the same every time. */
function scatter(number: number, salt: number): number {
  const value = Math.sin(number * 12.9898 + salt * 78.233) * 43758.5453;
  return value - Math.floor(value);
}

class Corners {
  readonly positions: number[] = [];
  readonly normals: number[] = [];
  readonly colours: number[] = [];

  add(position: Vector3, normal: Vector3, colour: Color): void {
    this.positions.push(...position.toArray());
    this.normals.push(...normal.toArray());
    this.colours.push(colour.r, colour.g, colour.b);
  }

  geometry(): BufferGeometry {
    const geometry = new BufferGeometry();
    for (const [name, values] of [
      ["position", this.positions],
      ["normal", this.normals],
      ["color", this.colours],
    ] as const) {
      geometry.setAttribute(name, new BufferAttribute(Float32Array.from(values), 3));
    }
    return geometry;
  }
}

function treeGeometry(detail: number): BufferGeometry {
  const corners = new Corners();
  addTrunk(corners, TRUNK_SIDES[detail]!);
  for (const ball of BALLS[detail]!) addBall(corners, ball);
  return corners.geometry();
}

function addTrunk(corners: Corners, sides: number): void {
  const corner = (side: number, height: number): void => {
    const turn = (2 * Math.PI * side) / sides;
    const out = new Vector3(Math.cos(turn), Math.sin(turn), 0);
    const radius = TRUNK_RADIUS * (1 - 0.4 * height);
    corners.add(new Vector3(out.x * radius, out.y * radius, height * 0.45), out, TRUNK_COLOUR);
  };
  for (let side = 0; side < sides; side++) {
    for (const [step, height] of [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 0],
      [1, 1],
      [0, 1],
    ] as const)
      corner(side + step, height);
  }
}

function addBall(corners: Corners, { at, radius, detail }: Ball): void {
  const round = new IcosahedronGeometry(1, detail).getAttribute("position");
  const colour = new Color();
  for (let corner = 0; corner < round.count; corner++) {
    const out = new Vector3().fromBufferAttribute(round, corner);
    const position = new Vector3(...at).addScaledVector(out, radius);
    const share = Math.min(Math.max((position.z - 0.3) / 0.62, 0), 1);
    corners.add(position, out, colour.copy(CROWN_FOOT).lerp(CROWN_TOP, share));
  }
}
