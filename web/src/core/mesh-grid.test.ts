// @vitest-environment node
import { describe, expect, it } from "vitest";

import { MeshGrid, stepFor } from "./mesh-grid";
import { wallsOf } from "./slab";
import { fieldOf } from "./testing";

const flat = (rows: number, columns: number) =>
  fieldOf(Array.from({ length: rows }, () => Array.from({ length: columns }, () => 1)));

describe("the mesh of the ground", () => {
  it("takes the smallest step that keeps within the triangles", () => {
    expect(stepFor(512, 512, 530_000)).toBe(1);
    expect(stepFor(512, 512, 180_000)).toBe(2);
    expect(stepFor(512, 512, 32_000)).toBe(5);
  });

  it("is two triangles per square and reaches the outer edges", () => {
    const mesh = new MeshGrid(flat(4, 5), 1000);
    expect(mesh.triangles().length).toBe(3 * 2 * 3 * 4);
    const positions = mesh.positions();
    expect([...positions.slice(0, 3)]).toEqual([0, 8, 1]);
    expect([...positions.slice(-3)]).toEqual([10, 0, 1]);
  });

  it("keeps the last row and column when it skips samples", () => {
    const mesh = new MeshGrid(flat(6, 6), 20);
    expect([...mesh.rows]).toEqual([0, 2, 4, 5]);
    expect(mesh.sampleOf(mesh.corners - 1)).toBe(35);
  });

  it("faces up", () => {
    const mesh = new MeshGrid(flat(2, 2), 100);
    const [positions, [a, b, c]] = [mesh.positions(), [...mesh.triangles()] as [number, number, number]];
    const at = (corner: number, axis: number) => positions[3 * corner + axis]!;
    const turn = (at(b, 0) - at(a, 0)) * (at(c, 1) - at(a, 1)) - (at(b, 1) - at(a, 1)) * (at(c, 0) - at(a, 0));
    expect(turn).toBeGreaterThan(0);
  });

  it("leaves out squares without terrain, and those that nobody wants", () => {
    const mesh = new MeshGrid(
      fieldOf([
        [1, 1, NaN],
        [1, 1, 1],
      ]),
      100,
    );
    expect(mesh.triangles().length).toBe(6);
    expect(mesh.triangles(() => false).length).toBe(0);
  });
});

describe("the sides of the slab", () => {
  it("stand along every end of the terrain and nowhere inside", () => {
    expect(wallsOf(new MeshGrid(flat(3, 3), 100)).positions.length).toBe(9 * 2 * 8);
    expect(
      wallsOf(
        new MeshGrid(
          fieldOf([
            [1, 1, NaN],
            [1, 1, 1],
          ]),
          100,
        ),
      ).positions.length,
    ).toBe(9 * 2 * 4);
  });

  it("go down below the lowest place", () => {
    const { positions } = wallsOf(new MeshGrid(flat(3, 3), 100));
    const heights = positions.filter((_, place) => place % 3 === 2);
    expect(Math.max(...heights)).toBe(1);
    expect(Math.min(...heights)).toBeLessThan(0);
  });
});
