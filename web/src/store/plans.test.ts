import { describe, expect, it } from "vitest";

import { Client } from "../api/client";
import { Plans } from "./plans.svelte";

/** A server with one plan, whose tag changes with every change; `elsewhere` is a change by somebody else. */
class PlanServer {
  version = 1;
  measures: string[] = [];
  readonly asked: string[] = [];

  elsewhere(id: string): void {
    this.measures.push(id);
    this.version++;
  }

  readonly answer = (address: string, init: RequestInit = {}): Promise<Response> => {
    const method = init.method ?? "GET";
    const path = address.replace(/\?.*$/, "").replace("/v1", "");
    if (method !== "GET") this.asked.push(`${method} ${path}`);
    return Promise.resolve(method === "GET" ? this.read(path) : this.write(method, path, init));
  };

  private read(path: string): Response {
    if (path === "/measures") return json({ measures: [] });
    if (path === "/scenarios") return json({ scenarios: [{ name: "plan", hash: String(this.version) }] });
    if (path.endsWith("/review")) return json({ findings: [], prices: [], cost: {}, steps: {} });
    return json({ features: this.measures.map((id) => ({ id })) }, { ETag: `"${this.version}"` });
  }

  private write(method: string, path: string, init: RequestInit): Response {
    const match = (init.headers as Record<string, string>)["If-Match"];
    if (match !== `"${this.version}"`) return json({ title: "Conflict", detail: "somebody was first" }, {}, 409);
    const id = path.split("/").at(-1)!;
    this.measures = method === "DELETE" ? this.measures.filter((other) => other !== id) : [...this.measures, "new"];
    this.version++;
    return json({});
  }
}

function json(document: unknown, headers: Record<string, string> = {}, status = 200): Response {
  return new Response(JSON.stringify(document), { status, headers });
}

async function opened(server: PlanServer): Promise<Plans> {
  const plans = new Plans(new Client(server.answer));
  await plans.start("plan");
  return plans;
}

const MEASURE = { geometry: null, properties: { kind: "tree", year: null, note: "" } };

describe("a plan", () => {
  it("is read again after every change, so that the next one has the new tag", async () => {
    const plans = await opened(new PlanServer());
    expect(await plans.add(MEASURE)).toBe(true);
    expect(await plans.add(MEASURE)).toBe(true);
    expect(plans.measures).toHaveLength(2);
    expect(plans.current?.hash).toBe("3");
  });

  it("that somebody else changed keeps the change of who lost, to be made again", async () => {
    const server = new PlanServer();
    server.measures = ["mine"];
    const plans = await opened(server);
    server.elsewhere("theirs");
    expect(await plans.remove("mine")).toBe(false);
    expect(plans.conflict?.sentence).toBe("somebody was first");
    expect(plans.measures.map(({ id }) => id)).toEqual(["mine"]);
    expect(await plans.conflict!.again()).toBe(true);
    expect(plans.measures.map(({ id }) => id)).toEqual(["theirs"]);
    expect(plans.conflict).toBeNull();
  });

  it("can also only be read again", async () => {
    const server = new PlanServer();
    const plans = await opened(server);
    server.elsewhere("theirs");
    await plans.add(MEASURE);
    await plans.readAgain();
    expect(plans.measures.map(({ id }) => id)).toEqual(["theirs"]);
    expect(server.asked).toHaveLength(1);
  });
});
