/** Everything that the page knows of the run that is shown. */

import type { Client } from "../api/client";
import type { Checks, Feature, Job, Place, Results, WetBuilding, WetRoad } from "../api/types";
import type { DepthGrid } from "../core/types";
import { fullestMoment } from "./fullest-moment";
import { deepestApart, type DeepPlace, onRoofs } from "./markers";

/** Runs whose depths are kept in memory: before and after. */
const MOST_KEPT = 2;

export class Answer {
  job: Job | null = $state.raw(null);
  results: Results | null = $state.raw(null);
  depth: DepthGrid | null = $state.raw(null);
  /** How sure the answer is; null for runs of before there were checks. */
  checks: Checks | null = $state.raw(null);
  /** The deepest water first; those without a known depth last. */
  buildings: readonly Feature<WetBuilding>[] = $state.raw([]);
  roads: readonly Feature<WetRoad>[] = $state.raw([]);
  /** Vulnerable places, the deepest water first. */
  vulnerable: readonly Feature<Place>[] = $state.raw([]);
  /** Buildings that get a label. */
  places: readonly DeepPlace[] = $state.raw([]);
  loading = $state(false);
  /** Why the answer could not be read, in one sentence. */
  fault: string | null = $state(null);

  /** What was read of the last runs, so that one can look from one to the other and back. */
  private readonly kept = new Map<string, Partial<Answer>>();
  private turn = 0;

  constructor(private readonly client: Client) {}

  /** Show no run: the neighbourhood without rain. */
  clear(): void {
    this.turn++;
    this.job = this.results = this.depth = this.checks = this.fault = null;
    this.buildings = this.roads = this.vulnerable = this.places = [];
    this.loading = false;
  }

  /** Read all of a run. A run that has no answer (yet) leaves everything empty. Returns false when overtaken. */
  async load(job: Job): Promise<boolean> {
    const known = this.kept.get(job.jobID);
    if (known !== undefined) {
      this.turn++;
      Object.assign(this, known, { job, fault: null, loading: false });
      return true;
    }
    this.clear();
    const turn = this.turn;
    this.job = job;
    if (job.status !== "successful") return true;
    this.loading = true;
    try {
      const found = await this.read(job);
      this.keep(job.jobID, found);
      if (turn === this.turn) Object.assign(this, found);
    } catch (error) {
      if (turn === this.turn) this.fault = (error as Error).message;
    }
    if (turn === this.turn) this.loading = false;
    return turn === this.turn;
  }

  /** The moment with the most water on the ground, s. */
  get fullest(): number {
    return this.depth === null ? 0 : fullestMoment(this.depth);
  }

  private keep(id: string, found: Partial<Answer>): void {
    this.kept.set(id, found);
    for (const oldest of [...this.kept.keys()].slice(0, -MOST_KEPT)) this.kept.delete(oldest);
  }

  private async read(job: Job): Promise<Partial<Answer>> {
    const id = job.jobID;
    const [results, depth] = await Promise.all([this.client.results(id), this.client.depth(id)]);
    const [buildings, roads, vulnerable, checks] = await Promise.all([
      results.files.buildings ? this.client.features<WetBuilding>(`${id}.buildings`) : [],
      results.files.roads ? this.client.features<WetRoad>(`${id}.roads`) : [],
      results.files.places ? this.client.features<Place>(`${id}.places`) : [],
      results.files.checks ? this.client.checks(id) : null,
    ]);
    const deepest = deepestFirst(buildings);
    const places = await onRoofs(this.client, deepestApart(deepest));
    const sorted = { buildings: deepest, roads: deepestFirst(roads), vulnerable: deepestFirst(vulnerable) };
    return { results, depth, checks, places, ...sorted };
  }
}

function deepestFirst<P extends { max_depth: number | null }>(features: Feature<P>[]): Feature<P>[] {
  return features.sort((a, b) => (b.properties.max_depth ?? -1) - (a.properties.max_depth ?? -1));
}
