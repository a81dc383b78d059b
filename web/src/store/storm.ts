/** The form of a calculation, made from the process description: fields, presets, and what is wrong with a value. */

import type {
  InputDescription,
  InputOfMeasure,
  Parameters,
  ParameterValue,
  Preset,
  ProcessDescription,
} from "../api/types";
import type { Format } from "../language/format";
import type { Catalogue } from "../language/nl";

export interface Field {
  id: string;
  kind: "number" | "whole" | "choice" | "switch" | "list" | "text";
  title: string;
  meaning: string;
  unit: string;
  standard: ParameterValue;
  choices: string[];
  least: number | null;
  /** Whether `least` itself is refused. */
  above: boolean;
  most: number | null;
}

/** What a person typed, per field; numbers stay text until they are sent. */
export type Entries = Record<string, string>;

/** The inputs that a form can ask for. Tables and machine settings are left to the command line. */
export function fieldsOf(process: ProcessDescription): Field[] {
  return Object.entries(process.inputs).flatMap(([id, input]) => {
    const kind = kindOf(input);
    return kind === null || input["x-affects-result"] === false ? [] : [field(id, kind, input)];
  });
}

export function kindOf(input: InputOfMeasure): Field["kind"] | null {
  const { type, enum: choices } = input.schema;
  if (choices !== undefined) return "choice";
  if (type === "number") return "number";
  if (type === "integer") return "whole";
  if (type === "array") return "list";
  return type === "boolean" ? "switch" : null;
}

export function field(id: string, kind: Field["kind"], input: InputOfMeasure): Field {
  const { title, description, schema } = input;
  return {
    id,
    kind,
    title,
    meaning: description,
    unit: input["x-unit"] ?? "",
    standard: schema.default ?? null,
    choices: (schema.enum ?? []).map(String),
    least: schema.minimum ?? null,
    above: schema.exclusiveMinimum === true,
    most: schema.maximum ?? null,
  };
}

/** The entries of a form that nobody has touched, or of a preset. */
export function entriesOf(fields: readonly Field[], inputs: Parameters = {}): Entries {
  return Object.fromEntries(fields.map(({ id, standard }) => [id, entryOf(inputs[id] ?? standard)]));
}

/** A value as it stands in the form; numbers of a list have a semicolon between them, since a comma is decimal. */
export function entryOf(value: ParameterValue | undefined): string {
  return Array.isArray(value) ? value.join("; ") : String(value ?? "");
}

/** The preset that gives exactly the rain of these entries; null for an event of one's own. */
export function presetOf(presets: readonly Preset[], entries: Entries): Preset | null {
  return (
    presets.find((preset) => Object.entries(preset.inputs).every(([id, value]) => same(entries[id], value))) ?? null
  );
}

function same(entry: string | undefined, value: ParameterValue): boolean {
  if (Array.isArray(value)) return alike(readNumbers(entry ?? ""), value);
  return entry === String(value) || (typeof value === "number" && readNumber(entry ?? "") === value);
}

/** What to send: every entry that differs from what the model takes by itself, and all of the preset. */
export function inputsOf(fields: readonly Field[], entries: Entries, presets: readonly Preset[]): Parameters {
  const named = new Set(Object.keys(presetOf(presets, entries)?.inputs ?? {}));
  const sent = fields
    .map((item): [Field, ParameterValue] => [item, valueOf(item, entries[item.id] ?? "")])
    .filter(([item, value]) => named.has(item.id) || !alike(value, item.standard));
  return Object.fromEntries(sent.map(([item, value]) => [item.id, value]));
}

/** Whether two values are the same, lists by what is in them. */
export function alike(one: ParameterValue, other: ParameterValue): boolean {
  return one === other || (Array.isArray(one) && Array.isArray(other) && entryOf(one) === entryOf(other));
}

export function valueOf(item: Field, entry: string): ParameterValue {
  if (item.kind === "choice" || item.kind === "text") return entry.trim();
  if (item.kind === "switch") return entry === "true";
  return item.kind === "list" ? readNumbers(entry) : readNumber(entry);
}

/** A number as people write it, with a comma or a point; null when it is none. */
export function readNumber(entry: string): number | null {
  const text = entry.trim().replace(",", ".");
  const value = Number(text);
  return text !== "" && Number.isFinite(value) ? value : null;
}

/** Numbers with semicolons or spaces between them; null when one of them is none. */
function readNumbers(entry: string): number[] | null {
  const numbers = entry
    .split(/[;\s]+/)
    .filter((part) => part !== "")
    .map(readNumber);
  return numbers.every((number) => number !== null) ? numbers : null;
}

/** One sentence per wrong entry. */
export function faultsOf(fields: readonly Field[], entries: Entries, say: Catalogue, format: Format): Entries {
  const faults: Entries = {};
  for (const item of fields) {
    const fault = faultOf(item, entries[item.id] ?? "", say, format);
    if (fault !== null) faults[item.id] = fault;
  }
  for (const [low, high] of [
    ["facade_low", "facade_high"],
    ["road_low", "road_high"],
  ] as const) {
    const [lower, higher] = [readNumber(entries[low] ?? ""), readNumber(entries[high] ?? "")];
    const known = lower !== null && higher !== null && faults[low] === undefined && faults[high] === undefined;
    if (known && higher <= lower) faults[high] = say.form.higher(say.parameters[low]?.title ?? low);
  }
  return faults;
}

function faultOf(item: Field, entry: string, say: Catalogue, format: Format): string | null {
  if (item.kind === "choice") return item.choices.includes(entry) ? null : say.form.allowed(item.choices.join(", "));
  if (item.kind === "switch") return null;
  if (item.kind === "text") return entry.trim() === "" ? say.form.text : null;
  if (item.kind === "list") return (readNumbers(entry) ?? [-1]).every((part) => part >= 0) ? null : say.form.numbers;
  const value = readNumber(entry);
  if (value === null) return say.form.number;
  if (item.kind === "whole" && !Number.isInteger(value)) return say.form.whole;
  const low = item.least !== null && (item.above ? value <= item.least : value < item.least);
  const high = item.most !== null && value > item.most;
  return low || high ? rangeText(item, format, say.form.between, say.form.above) : null;
}

/** The allowed values in words; '' when everything is. */
export function rangeOf(item: Field, say: Catalogue, format: Format): string {
  if (item.least === null || item.most === null) return "";
  return rangeText(item, format, say.form.range, say.form.rangeAbove);
}

function rangeText(
  item: Field,
  format: Format,
  between: (least: string, most: string) => string,
  above: (least: string, most: string) => string,
): string {
  const bound = (value: number | null): string => (value === null ? "…" : format.number(value, 3));
  return (item.above ? above : between)(bound(item.least), bound(item.most));
}
