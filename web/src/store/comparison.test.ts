import { describe, expect, it } from "vitest";

import { Client } from "../api/client";
import type { ComparedPlaces, Job } from "../api/types";
import { changeColours, Compared } from "./comparison.svelte";

const job = (jobID: string): Job => ({ jobID }) as Job;

describe("a comparison", () => {
  it("is asked once for a pair, the run without the plan first, and forgotten with the pair", async () => {
    const asked: string[] = [];
    const server = (address: string): Promise<Response> => {
      asked.push(address);
      return Promise.resolve(new Response(JSON.stringify({ variants: [{ keptDry: 3 }] })));
    };
    const compared = new Compared(new Client(server));
    const pair = { before: job("base"), after: job("plan") };
    await compared.load(pair);
    await compared.load({ ...pair });
    expect(asked).toEqual(["/v1/comparisons/base,plan"]);
    expect(compared.variant?.keptDry).toBe(3);
    await compared.load({ before: job("base"), after: null });
    expect(compared.document).toBeNull();
  });

  it("that cannot be made says why", async () => {
    const refusal = new Response(JSON.stringify({ title: "Conflict", detail: "other models" }), { status: 409 });
    const compared = new Compared(new Client(() => Promise.resolve(refusal)));
    await compared.load({ before: job("base"), after: job("plan") });
    expect([compared.fault, compared.loading]).toEqual(["other models", false]);
  });

  it("colours who is better off and who is worse off", () => {
    const places = { gainers: [{ id: "a" }], losers: [{ id: "b" }] } as unknown as ComparedPlaces;
    const colours = changeColours(places, { better: "#1", worse: "#2" });
    expect([...colours]).toEqual([
      ["a", "#1"],
      ["b", "#2"],
    ]);
    expect(changeColours(null, { better: "#1", worse: "#2" }).size).toBe(0);
  });
});
