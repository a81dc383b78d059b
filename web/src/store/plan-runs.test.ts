import { describe, expect, it } from "vitest";

import type { Job, ProcessDescription } from "../api/types";
import { inputsAgain, pairOf } from "./plan-runs";

function job(jobID: string, told: Partial<Job>): Job {
  const parameters = { rain: 70, pattern: [1, 2], threads: 0, surfaces: null, ...told.parameters };
  const common = { processID: "flood", version: "1", status: "successful", scenario: "" };
  return { ...common, ...told, jobID, parameters } as unknown as Job;
}

const PROCESS = {
  inputs: { rain: {}, pattern: {}, threads: { "x-affects-result": false } },
} as unknown as ProcessDescription;
const BASE = job("base", {});

describe("the runs of a plan", () => {
  it("are those with the same question, without and with the measures as they are now", () => {
    const jobs = [
      job("other-rain", { scenario: "plan", parameters: { rain: 100 } }),
      job("older-plan", { scenario: "before" }),
      job("failed", { scenario: "plan", status: "failed" }),
      job("plan", { scenario: "plan", parameters: { threads: 4 } }),
      BASE,
    ];
    const pair = pairOf(BASE, "plan", jobs, PROCESS);
    expect([pair.before?.jobID, pair.after?.jobID]).toEqual(["base", "plan"]);
    expect(pairOf(pair.after!, "plan", jobs, PROCESS).before?.jobID).toBe("base");
  });

  it("are not there when the plan changed, or when there is no plan", () => {
    expect(pairOf(BASE, "changed", [job("plan", { scenario: "plan" }), BASE], PROCESS).after).toBeNull();
    expect(pairOf(BASE, "", [BASE], PROCESS).after).toBeNull();
  });

  it("of another version of the model are another question", () => {
    const newer = job("newer", { scenario: "plan", version: "2" });
    expect(pairOf(BASE, "plan", [newer, BASE], PROCESS).after).toBeNull();
  });

  it("ask again what was asked, without what only changes the speed and without what was not given", () => {
    expect(inputsAgain(BASE, PROCESS)).toEqual({ rain: 70, pattern: [1, 2] });
  });
});
