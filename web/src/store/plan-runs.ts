/** Which runs belong together: the same question, once without and once with the measures of a plan. */

import type { Job, ParameterValue, Parameters, ProcessDescription } from "../api/types";
import { alike } from "./storm";

export interface Pair {
  before: Job | null;
  after: Job | null;
}

/** The newest runs with the question of `shown`, without measures and with those of the plan; `jobs` come newest first. */
export function pairOf(shown: Job, hash: string, jobs: readonly Job[], process: ProcessDescription | null): Pair {
  const matching = jobs.filter((job) => job.status === "successful" && sameQuestion(job, shown, process));
  const newest = (scenario: string): Job | null => {
    if (shown.scenario === scenario && shown.status === "successful") return shown;
    return matching.find((job) => job.scenario === scenario) ?? null;
  };
  return { before: newest(""), after: hash === "" ? null : newest(hash) };
}

/** Whether two runs differ in nothing but the measures, and in what does not change an outcome. */
export function sameQuestion(one: Job, other: Job, process: ProcessDescription | null): boolean {
  if (one.processID !== other.processID || one.version !== other.version) return false;
  const names = new Set([...Object.keys(one.parameters), ...Object.keys(other.parameters)]);
  return [...names].every(
    (name) => !counts(name, process) || alike(one.parameters[name] ?? null, other.parameters[name] ?? null),
  );
}

/** The inputs with which the question of a run is asked again. */
export function inputsAgain(job: Job, process: ProcessDescription | null): Parameters {
  const given = Object.entries(job.parameters).filter(([name, value]) => counts(name, process) && isGiven(value));
  return Object.fromEntries(given);
}

function counts(name: string, process: ProcessDescription | null): boolean {
  return process?.inputs[name]?.["x-affects-result"] !== false;
}

function isGiven(value: ParameterValue): boolean {
  return value !== null;
}
