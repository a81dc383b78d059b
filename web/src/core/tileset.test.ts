// @vitest-environment node
import { Vector3 } from "three";
import { describe, expect, it } from "vitest";

import { filesOf } from "./tileset";

const ADDRESS = "http://localhost/v1/tiles/rd/tileset.json?v=1";
const moved = (x: number, y: number) => [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, x, y, 0, 1];

describe("the files of a tileset", () => {
  it("are found beside it and keep their own query", () => {
    const root = { refine: "ADD", children: [{ content: { uri: "../buildings/600_1800.glb?v=2" } }] };
    const [file] = filesOf({ root }, ADDRESS);
    expect(file!.address).toBe("http://localhost/v1/tiles/buildings/600_1800.glb?v=2");
  });

  it("lie where the transformations of the tile and of all above it bring them", () => {
    const root = { transform: moved(100, 0), children: [{ transform: moved(5, 7), content: { uri: "a.glb" } }] };
    const [file] = filesOf({ root }, ADDRESS);
    expect(new Vector3(1, 1, 1).applyMatrix4(file!.transform).toArray()).toEqual([106, 8, 1]);
  });

  it("are all of them where children add to their parent, and only the finest where they replace it", () => {
    const tree = { content: { uri: "coarse.glb" }, children: [{ contents: [{ uri: "a.glb" }, { uri: "b.glb" }] }] };
    const names = (refine: string) =>
      filesOf({ root: { refine, ...tree } }, ADDRESS).map(({ address }) => address.split("/").at(-1));
    expect(names("ADD")).toEqual(["coarse.glb", "a.glb", "b.glb"]);
    expect(names("REPLACE")).toEqual(["a.glb", "b.glb"]);
  });

  it("are none of a tileset without buildings", () => {
    expect(filesOf({ root: { refine: "ADD", children: [] } }, ADDRESS)).toEqual([]);
  });

  it.each([null, {}, { root: 3 }])("cannot be told of %j", (answer) => {
    expect(() => filesOf(answer, ADDRESS)).toThrow("is no tileset");
  });
});
