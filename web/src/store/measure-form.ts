/** The form of a measure, made from the schema of its kind, and the groups in which kinds are offered. */

import type { InputOfMeasure, MeasureKind, MeasureProperties, ParameterValue } from "../api/types";
import type { Entries, Field } from "./storm";
import { entriesOf, field, kindOf, valueOf } from "./storm";

export type Group = "green" | "water" | "street" | "roof" | "sewer" | "build" | "other";

/** A kind that is in no group, as of somebody's own package, is under `other`. */
const GROUPS: Readonly<Record<Exclude<Group, "other">, readonly string[]>> = {
  green: ["wadi", "rain-garden", "unsealing", "park", "tree", "tree-trench", "parking-removed"],
  water: ["water-square", "storage-basin", "pond", "wider-ditch", "crate-storage"],
  street: [
    "permeable-paving",
    "street-profile",
    "hollow-road",
    "lowered-road",
    "lowered-ground",
    "raised-ground",
    "raised-kerb",
    "speed-bump",
  ],
  roof: [
    "green-roof-extensive",
    "green-roof-intensive",
    "blue-green-roof",
    "roof-disconnection",
    "rain-barrel",
    "door-threshold",
    "raised-floor",
  ],
  sewer: ["larger-sewer", "separated-sewer", "culvert", "pump"],
  build: ["new-building", "change-of-use", "demolition", "new-facility", "playground"],
};

/** Alternatives in a pattern, as `^(open|closed)$`, are a choice. */
const ALTERNATIVES = /^\^\(([^()[\]\\]+)\)\$$/;

export function measureFields(kind: MeasureKind): Field[] {
  return Object.entries(kind.parameters).map(([id, input]) => measureField(id, input));
}

function measureField(id: string, input: InputOfMeasure): Field {
  const choices = ALTERNATIVES.exec(String(input.schema.pattern ?? ""))?.[1]?.split("|");
  if (choices !== undefined) return { ...field(id, "choice", input), choices };
  return field(id, kindOf(input) ?? "text", input);
}

/** The entries of a measure that is there, or of a new one of this kind. */
export function measureEntries(kind: MeasureKind, given: MeasureProperties | null): Entries {
  const fields = measureFields(kind);
  return entriesOf(fields, given === null ? {} : Object.fromEntries(fields.map(({ id }) => [id, given[id] ?? null])));
}

export function measureValues(kind: MeasureKind, entries: Entries): Record<string, ParameterValue> {
  return Object.fromEntries(measureFields(kind).map((item) => [item.id, valueOf(item, entries[item.id] ?? "")]));
}

export function groupOf(kind: string): Group {
  const found = Object.entries(GROUPS).find(([, ids]) => ids.includes(kind));
  return (found?.[0] ?? "other") as Group;
}

/** Groups in their order with the kinds whose text has every word that is looked for; empty ones are left out. */
export function groupedKinds(
  kinds: readonly MeasureKind[],
  wanted: string,
  textOf: (kind: MeasureKind) => string,
): [Group, MeasureKind[]][] {
  const parts = plain(wanted).split(/\s+/);
  const found = kinds.filter((kind) => parts.every((word) => plain(textOf(kind)).includes(word)));
  const groups = [...Object.keys(GROUPS), "other"] as Group[];
  return groups
    .map((group): [Group, MeasureKind[]] => [group, inOrder(group, found)])
    .filter(([, list]) => list.length > 0);
}

function inOrder(group: Group, kinds: readonly MeasureKind[]): MeasureKind[] {
  const own = kinds.filter(({ id }) => groupOf(id) === group);
  const order = group === "other" ? [] : GROUPS[group];
  return own.sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
