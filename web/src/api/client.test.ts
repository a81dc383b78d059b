import { describe, expect, it } from "vitest";

import { Client, Problem, Unreachable } from "./client";

type Answers = Record<string, () => Response>;

/** A client of a server that has these answers, and the addresses that were asked for. */
function clientOf(answers: Answers): { client: Client; asked: { address: string; init: RequestInit | undefined }[] } {
  const asked: { address: string; init: RequestInit | undefined }[] = [];
  const client = new Client((address, init) => {
    asked.push({ address, init });
    const answer = answers[address];
    return answer ? Promise.resolve(answer()) : Promise.reject(new TypeError("no network"));
  });
  return { client, asked };
}

const json =
  (document: unknown, status = 200) =>
  () =>
    Response.json(document, { status });

describe("failures", () => {
  it("give the sentence of the server", async () => {
    const problem = {
      type: "about:blank",
      title: "Bad Request",
      status: 400,
      detail: "rain is 900, allowed is up to 300",
    };
    const { client } = clientOf({ "/v1/jobs/x": json(problem, 400) });
    const failure = await client.job("x").catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Problem);
    expect(failure).toMatchObject({ status: 400, message: "rain is 900, allowed is up to 300" });
  });

  it("have a sentence when something else answered", async () => {
    const page = () => new Response("<html>oops", { status: 502, statusText: "Bad Gateway" });
    const { client } = clientOf({ "/v1/scene": page });
    await expect(client.scene()).rejects.toMatchObject({ status: 502, message: "Bad Gateway" });
  });

  it("tell an absent server from one that refuses", async () => {
    const { client } = clientOf({});
    await expect(client.scene()).rejects.toBeInstanceOf(Unreachable);
  });
});

describe("a collection", () => {
  it("is read page by page, from this server only", async () => {
    const first =
      "/v1/collections/r.buildings/items?limit=1000&crs=http%3A%2F%2Fwww.opengis.net%2Fdef%2Fcrs%2FEPSG%2F0%2F28992";
    const next = "https://elsewhere.example/v1/collections/r.buildings/items?offset=1000";
    const { client, asked } = clientOf({
      [first]: json({ features: [{ id: "a" }], links: [{ rel: "next", href: next }] }),
      "/v1/collections/r.buildings/items?offset=1000": json({ features: [{ id: "b" }], links: [] }),
    });
    const found = await client.features("r.buildings");
    expect(found.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(asked.every(({ address }) => address.startsWith("/v1/"))).toBe(true);
  });
});

describe("a calculation", () => {
  it("is asked for without waiting, and names are escaped", async () => {
    const { client, asked } = clientOf({ "/v1/processes/a%2Fb/execution": json({ jobID: "1" }, 201) });
    await client.execute("a/b", { rain: 70 });
    expect(asked[0]?.init).toMatchObject({ method: "POST", body: '{"inputs":{"rain":70}}' });
    expect(new Headers(asked[0]?.init?.headers).get("Prefer")).toBe("respond-async");
  });

  it("gives numbers and files apart", async () => {
    const file = { href: "/v1/jobs/1/results/depth", type: "application/octet-stream", title: "Depth" };
    const document = {
      indicators: [{ id: "a" }],
      balance: { value: { rain: 3 }, mediaType: "application/json" },
      depth: file,
    };
    const { client } = clientOf({ "/v1/jobs/1/results": json(document) });
    expect(await client.results("1")).toEqual({
      indicators: [{ id: "a" }],
      balance: { rain: 3 },
      files: { depth: file },
    });
  });

  it("without a balance has an empty one", async () => {
    const { client } = clientOf({ "/v1/jobs/1/results": json({}) });
    expect(await client.results("1")).toEqual({ indicators: [], balance: {}, files: {} });
  });
});
