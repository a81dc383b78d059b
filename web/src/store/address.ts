/** The part of what a person looks at that fits in an address, and so can be shared. */

import type { CameraState, Quality } from "../core/types";

export type Language = "nl" | "en";
export const LANGUAGES: readonly Language[] = ["nl", "en"];

export type Tab = "answer" | "buildings" | "streets" | "difference" | "balance" | "data";
export const TABS: readonly Tab[] = ["answer", "difference", "buildings", "streets", "balance", "data"];

export type Layer = "buildings" | "trees" | "flood" | "decks";
export const LAYERS: readonly Layer[] = ["buildings", "trees", "flood", "decks"];

export type QualityChoice = "auto" | Quality;
export const QUALITIES: readonly QualityChoice[] = ["auto", "low", "normal", "fine"];

export type View = "3d" | "map";

/** The two halves of the question: which rain, and what is changed in the neighbourhood. */
export type Panel = "storm" | "measures";

/** What of the water is drawn: its depth in time, or how sure it is that it comes. */
export type Shown = "depth" | "probability";

/** What was clicked: a building by its item id, or a place in RD New. */
export type Selection = { kind: "building"; id: string } | { kind: "place"; x: number; y: number };

export interface Address {
  run: string | null;
  /** Seconds since the start of the rain. */
  time: number | null;
  selection: Selection | null;
  camera: CameraState | null;
  language: Language | null;
  tab: Tab;
  hidden: readonly Layer[];
  quality: QualityChoice;
  view: View;
  panel: Panel;
  /** Name of the plan with measures. */
  plan: string | null;
  shown: Shown;
}

export const BLANK: Address = {
  run: null,
  time: null,
  selection: null,
  camera: null,
  language: null,
  tab: "answer",
  hidden: [],
  quality: "auto",
  view: "3d",
  panel: "storm",
  plan: null,
  shown: "depth",
};

const LONGEST_ID = 128;
const WEEK = 7 * 24 * 3600;
/** Farther away, in local metres, nothing of a neighbourhood is to be seen. */
const FARTHEST = 100_000;

/** Read the query of an address. Never fails: what is not understood gets its usual value. */
export function readAddress(query: string): Address {
  const given = new URLSearchParams(query);
  return {
    run: identifier(given.get("run")),
    time: within(given.get("time"), 0, WEEK),
    selection: readSelection(given.get("select")),
    camera: readCamera(given.get("camera")),
    language: oneOf(LANGUAGES, given.get("lang")) ?? BLANK.language,
    tab: oneOf(TABS, given.get("tab")) ?? BLANK.tab,
    hidden: LAYERS.filter((layer) => given.get("hide")?.split(",").includes(layer)),
    quality: oneOf(QUALITIES, given.get("quality")) ?? BLANK.quality,
    view: given.get("view") === "map" ? "map" : "3d",
    panel: given.get("panel") === "measures" ? "measures" : "storm",
    plan: identifier(given.get("plan")),
    shown: given.get("show") === "probability" ? "probability" : "depth",
  };
}

/** Write the query of an address, '' when everything is as usual; the opposite of `readAddress`. */
export function writeAddress(address: Address): string {
  const query = new URLSearchParams();
  if (address.run !== null) query.set("run", address.run);
  if (address.time !== null) query.set("time", String(Math.round(address.time)));
  if (address.selection !== null) query.set("select", writeSelection(address.selection));
  if (address.camera !== null) query.set("camera", writeCamera(address.camera));
  if (address.language !== null) query.set("lang", address.language);
  if (address.tab !== BLANK.tab) query.set("tab", address.tab);
  if (address.hidden.length > 0) query.set("hide", address.hidden.join(","));
  if (address.quality !== BLANK.quality) query.set("quality", address.quality);
  if (address.view !== BLANK.view) query.set("view", address.view);
  if (address.panel !== BLANK.panel) query.set("panel", address.panel);
  if (address.plan !== null) query.set("plan", address.plan);
  if (address.shown !== BLANK.shown) query.set("show", address.shown);
  const text = query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
  return text === "" ? "" : `?${text}`;
}

function readSelection(text: string | null): Selection | null {
  const [kind, ...rest] = (text ?? "").split(":");
  const value = rest.join(":");
  if (kind === "building") {
    const id = identifier(value);
    return id === null ? null : { kind, id };
  }
  const [x, y] = numbers(value);
  return kind === "place" && x !== undefined && y !== undefined ? { kind, x, y } : null;
}

function writeSelection(selection: Selection): string {
  if (selection.kind === "building") return `building:${selection.id}`;
  return `place:${selection.x.toFixed(1)},${selection.y.toFixed(1)}`;
}

function readCamera(text: string | null): CameraState | null {
  const [azimuth, elevation, distance, x, y, z, ...more] = numbers(text ?? "");
  if (azimuth === undefined || elevation === undefined || distance === undefined) return null;
  if (x === undefined || y === undefined || z === undefined || more.length > 0) return null;
  const near = [x, y, z].every((metres) => Math.abs(metres) <= FARTHEST);
  if (!near || elevation < 0 || elevation > 90 || distance <= 0 || distance > FARTHEST) return null;
  return { azimuth: ((azimuth % 360) + 360) % 360, elevation, distance, target: [x, y, z] };
}

function writeCamera(camera: CameraState): string {
  const values = [camera.azimuth, camera.elevation, camera.distance, ...camera.target];
  return values.map((value) => String(Number(value.toFixed(1)))).join(",");
}

/** The numbers of a comma separated text; none at all when one of them is no number. */
function numbers(text: string): number[] {
  const parts = text.split(",");
  const values = parts.map(Number);
  return parts.every((item) => item.trim() !== "") && values.every(Number.isFinite) ? values : [];
}

function within(text: string | null, least: number, most: number): number | null {
  const [value] = numbers(text ?? "");
  return value !== undefined && value >= least && value <= most ? value : null;
}

function identifier(text: string | null): string | null {
  const fits = text !== null && text !== "" && text.length <= LONGEST_ID;
  return fits && /^[\w.:{}-]+$/.test(text) ? text : null;
}

function oneOf<T extends string>(allowed: readonly T[], text: string | null): T | null {
  return allowed.find((item) => item === text) ?? null;
}
