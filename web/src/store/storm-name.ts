/** How a run is called in a list: by its storm, and by what else was set. */

import type { Job, ParameterValue, ProcessDescription } from "../api/types";
import type { Words } from "../language/words.svelte";
import { unitName } from "../language/format";
import { alike, entryOf } from "./storm";

const STORM = ["rain", "duration", "pattern"];

/** '70 mm in 1 uur': the title of the preset, else the amount and the duration. */
export function stormName(job: Job, process: ProcessDescription | null, words: Words): string {
  const preset = process?.presets.find(({ id }) => id === job.preset);
  if (preset) return words.of(preset.title);
  const { rain, duration } = job.parameters;
  if (typeof rain !== "number" || typeof duration !== "number") return words.say.runs.unknown;
  return words.say.runs.storm(words.format.number(rain, 1), hours(duration, words));
}

function hours(value: number, words: Words): string {
  const minutes = value * 60;
  return minutes < 120 && value !== 1
    ? words.format.minutes(minutes)
    : `${words.format.number(value, 2)} ${unitName("h", words.language)}`;
}

/** What was set otherwise than the model does by itself: 'Wat het riool aankan: 30 mm per uur'. */
export function otherSettings(job: Job, process: ProcessDescription | null, words: Words): string[] {
  return Object.entries(job.parameters)
    .filter(([id, value]) => !STORM.includes(id) && differs(id, value, process))
    .map(([id, value]) => settingText(id, value, process, words));
}

/** One setting in words. */
export function settingText(
  id: string,
  value: ParameterValue,
  process: ProcessDescription | null,
  words: Words,
): string {
  const input = process?.inputs[id];
  const title = words.say.parameters[id]?.title ?? input?.title ?? id;
  const unit = unitName(input?.["x-unit"] ?? "", words.language);
  const text =
    typeof value === "number" ? words.format.number(value, 3) : (words.say.choices[String(value)] ?? entryOf(value));
  return `${title}: ${text}${unit === "" ? "" : ` ${unit}`}`;
}

function differs(id: string, value: ParameterValue, process: ProcessDescription | null): boolean {
  const input = process?.inputs[id];
  return input !== undefined && input["x-affects-result"] !== false && !alike(value, input.schema.default ?? null);
}
