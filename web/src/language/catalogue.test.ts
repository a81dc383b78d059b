import { describe, expect, it } from "vitest";

import { en } from "./en";
import { nl } from "./nl";

type Leaf = string | ((...parts: never[]) => string);
type Tree = { [key: string]: Tree | Leaf };

/** Paths of all texts, with what they are: 'text', or 'text of 2' for one with two gaps. */
function paths(tree: Tree, before = ""): string[] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const path = `${before}${key}`;
    if (typeof value === "string") return [`${path}: text`];
    if (typeof value === "function") return [`${path}: text of ${value.length}`];
    return paths(value, `${path}.`);
  });
}

function texts(tree: Tree): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] => {
    if (typeof value === "string") return [[key, value]];
    if (typeof value === "function") return [[key, (value as (...parts: unknown[]) => string)(1, "x", "y", "z")]];
    return texts(value).map(([path, text]) => [`${key}.${path}`, text]);
  });
}

describe("the catalogues", () => {
  it("have the same keys and the same gaps in both languages", () => {
    expect(paths(en as unknown as Tree)).toEqual(paths(nl as unknown as Tree));
  });

  it("have no empty text", () => {
    for (const catalogue of [nl, en]) {
      const empty = texts(catalogue as unknown as Tree).filter(([, text]) => text.trim() === "");
      expect(empty.map(([path]) => path)).toEqual([]);
    }
  });

  it("have no text with a gap that nothing fills", () => {
    for (const catalogue of [nl, en]) {
      for (const [path, text] of texts(catalogue as unknown as Tree)) {
        expect(text, path).not.toMatch(/undefined|\[object|NaN|\$\{/);
      }
    }
  });
});
