/** Talks to the server: one function per question, one error with one sentence. */

import { parseDepth } from "../core/grid";
import type { DepthGrid } from "../core/types";
import type {
  Balance,
  BuildingFacts,
  Checks,
  Comparison,
  FacadeSeries,
  Feature,
  Indicator,
  Job,
  Link,
  MeasureFeature,
  MeasureKind,
  NewMeasure,
  Parameters,
  PlanSummary,
  PositionValues,
  ProcessDescription,
  ProcessSummary,
  Results,
  Review,
  SceneDocument,
  Tagged,
  WaterOrigin,
} from "./types";

const RD = "http://www.opengis.net/def/crs/EPSG/0/28992";
const PAGE = 1000;
const MOST_JOBS = 200;
/** Pages that are read of one collection: what a list in a browser can still carry. */
const MOST_PAGES = 50;

/** The server answered that it will not, and why (problem+json). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    detail: string,
  ) {
    super(detail || title);
    this.name = "Problem";
  }
}

/** The server did not answer at all. */
export class Unreachable extends Error {
  constructor() {
    super("the server does not answer");
    this.name = "Unreachable";
  }
}

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

export class Client {
  constructor(
    private readonly ask: Fetch = (input, init) => fetch(input, init),
    private readonly root = "/v1",
  ) {}

  scene(): Promise<SceneDocument> {
    return this.json<SceneDocument>("/scene");
  }

  async processes(): Promise<ProcessSummary[]> {
    return (await this.json<{ processes: ProcessSummary[] }>("/processes")).processes;
  }

  process(id: string): Promise<ProcessDescription> {
    return this.json<ProcessDescription>(`/processes/${part(id)}`);
  }

  /** The newest runs, and whether these are all that there are. */
  async jobs(): Promise<{ jobs: Job[]; complete: boolean }> {
    const { jobs, numberMatched } = await this.json<{ jobs: Job[]; numberMatched: number }>(`/jobs?limit=${MOST_JOBS}`);
    return { jobs, complete: jobs.length >= numberMatched };
  }

  job(id: string): Promise<Job> {
    return this.json<Job>(`/jobs/${part(id)}`);
  }

  execute(process: string, inputs: Parameters): Promise<Job> {
    return this.json<Job>(`/processes/${part(process)}/execution`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Prefer: "respond-async" },
      body: JSON.stringify({ inputs }),
    });
  }

  dismiss(id: string): Promise<Job> {
    return this.json<Job>(`/jobs/${part(id)}`, { method: "DELETE" });
  }

  origin(job: string, x: number, y: number): Promise<WaterOrigin> {
    return this.json(`/jobs/${part(job)}/origin?coords=${part(`POINT(${x} ${y})`)}&crs=${part(RD)}`);
  }

  checks(id: string): Promise<Checks> {
    return this.json<Checks>(`/jobs/${part(id)}/results/checks`);
  }

  async results(id: string): Promise<Results> {
    return sortResults(await this.json<Record<string, unknown>>(`/jobs/${part(id)}/results`));
  }

  async depth(id: string): Promise<DepthGrid> {
    const answer = await this.answer(`/jobs/${part(id)}/depth`, { headers: { Accept: "application/octet-stream" } });
    return parseDepth(await answer.arrayBuffer());
  }

  /** Where the picture is that tells how many members of an ensemble are under water. */
  probabilityAddress(id: string): string {
    return `${this.root}/jobs/${part(id)}/probability.png`;
  }

  /** All features of a collection, in RD New. */
  async features<P>(collection: string): Promise<Feature<P>[]> {
    const found: Feature<P>[] = [];
    let next: string | null = `${this.root}/collections/${part(collection)}/items?limit=${PAGE}&crs=${part(RD)}`;
    for (let page = 0; next !== null && page < MOST_PAGES; page++) {
      const document: { features: Feature<P>[]; links?: Link[] } = await this.jsonAt(next);
      found.push(...document.features);
      next = pathOf(document.links?.find((link) => link.rel === "next")?.href);
    }
    return found;
  }

  building(id: string): Promise<Feature<BuildingFacts>> {
    return this.json(`/collections/buildings/items/${part(id)}?crs=${part(RD)}`);
  }

  facade(job: string, id: string): Promise<FacadeSeries> {
    return this.json(`/jobs/${part(job)}/buildings/${part(id)}`);
  }

  position(job: string, x: number, y: number): Promise<PositionValues> {
    return this.json(`/jobs/${part(job)}/position?coords=${part(`POINT(${x} ${y})`)}&crs=${part(RD)}`);
  }

  async measureKinds(): Promise<MeasureKind[]> {
    return (await this.json<{ measures: MeasureKind[] }>("/measures")).measures;
  }

  async plans(): Promise<PlanSummary[]> {
    return (await this.json<{ scenarios: PlanSummary[] }>("/scenarios")).scenarios;
  }

  createPlan(name: string, parent: string): Promise<PlanSummary> {
    return this.json("/scenarios", written("POST", parent === "" ? { name } : { name, parent }));
  }

  /** The measures in RD New, with the tag that a change must name. */
  async measures(plan: string): Promise<Tagged<MeasureFeature[]>> {
    const address = `${this.root}/scenarios/${part(plan)}/items?crs=${part(RD)}`;
    const answer = await this.answerAt(address, { headers: { Accept: "application/geo+json" } });
    const { features } = (await answer.json()) as { features: MeasureFeature[] };
    return { document: features, tag: answer.headers.get("ETag") ?? "" };
  }

  review(plan: string): Promise<Review> {
    return this.json(`/scenarios/${part(plan)}/review`);
  }

  addMeasure(plan: string, measure: NewMeasure, tag: string): Promise<MeasureFeature> {
    return this.json(`/scenarios/${part(plan)}/items`, written("POST", { type: "Feature", ...measure }, tag));
  }

  replaceMeasure(plan: string, id: string, measure: NewMeasure, tag: string): Promise<MeasureFeature> {
    const address = `/scenarios/${part(plan)}/items/${part(id)}`;
    return this.json(address, written("PUT", { type: "Feature", ...measure }, tag));
  }

  removeMeasure(plan: string, id: string, tag: string): Promise<PlanSummary> {
    return this.json(`/scenarios/${part(plan)}/items/${part(id)}`, written("DELETE", null, tag));
  }

  stepPlan(plan: string, way: "undo" | "redo", tag: string): Promise<PlanSummary> {
    return this.json(`/scenarios/${part(plan)}/${way}`, written("POST", null, tag));
  }

  /** What one run has otherwise than another, which is the base. */
  comparison(base: string, other: string): Promise<Comparison> {
    return this.json(`/comparisons/${part(base)},${part(other)}`);
  }

  private json<T>(path: string, init: RequestInit = {}): Promise<T> {
    return this.jsonAt<T>(this.root + path, init);
  }

  private async jsonAt<T>(address: string, init: RequestInit = {}): Promise<T> {
    const headers = { Accept: "application/json, application/geo+json;q=0.9", ...init.headers };
    return (await (await this.answerAt(address, { ...init, headers })).json()) as T;
  }

  private answer(path: string, init: RequestInit): Promise<Response> {
    return this.answerAt(this.root + path, init);
  }

  private async answerAt(address: string, init: RequestInit): Promise<Response> {
    let answer: Response;
    try {
      answer = await this.ask(address, init);
    } catch {
      throw new Unreachable();
    }
    if (!answer.ok) throw await problemOf(answer);
    return answer;
  }
}

/** The sentence of an answer that is no success; also when it is not problem+json. */
async function problemOf(answer: Response): Promise<Problem> {
  try {
    const document = (await answer.json()) as { title?: string; detail?: string };
    return new Problem(answer.status, document.title ?? answer.statusText, document.detail ?? "");
  } catch {
    return new Problem(answer.status, answer.statusText || `HTTP ${answer.status}`, "");
  }
}

/** A results document has values and links side by side; the page wants them apart. */
function sortResults(document: Record<string, unknown>): Results {
  const files: Results["files"] = {};
  for (const [name, value] of Object.entries(document)) {
    if (isFile(value)) files[name] = value;
  }
  const balance = document.balance as { value: Balance } | undefined;
  return { indicators: (document.indicators ?? []) as Indicator[], balance: balance?.value ?? {}, files };
}

/** The link on this server: whatever name a proxy gave it, the page talks to its own origin only. */
function pathOf(href: string | undefined): string | null {
  if (href === undefined) return null;
  const { pathname, search } = new URL(href, "http://here");
  return pathname + search;
}

function isFile(value: unknown): value is Results["files"][string] {
  return typeof value === "object" && value !== null && "href" in value;
}

/** A change; `tag` is what its editor read, and the geometry is in RD New. */
function written(method: string, body: unknown, tag = ""): RequestInit {
  const match: Record<string, string> = tag === "" ? {} : { "If-Match": tag, "Content-Crs": `<${RD}>` };
  if (body === null) return { method, headers: match };
  return { method, headers: { "Content-Type": "application/json", ...match }, body: JSON.stringify(body) };
}

function part(text: string): string {
  return encodeURIComponent(text);
}
