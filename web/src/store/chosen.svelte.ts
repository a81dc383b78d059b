/** What is known of the building or the place that is chosen. */

import { type Client, Problem } from "../api/client";
import type { BuildingFacts, FacadeSeries, Feature, Job, PositionValues, WaterOrigin } from "../api/types";
import type { Selection } from "./address";

export class Chosen {
  facts: Feature<BuildingFacts> | null = $state.raw(null);
  facade: FacadeSeries | null = $state.raw(null);
  place: PositionValues | null = $state.raw(null);
  /** What drains to the place, from the moment that somebody asks. */
  origin: WaterOrigin | null = $state.raw(null);
  originLoading = $state(false);
  originFault: string | null = $state(null);
  loading = $state(false);
  fault: string | null = $state(null);

  private turn = 0;

  constructor(private readonly client: Client) {}

  /** Read what there is of a selection in a run; a newer call overtakes an older one. */
  async load(selection: Selection | null, job: Job | null): Promise<void> {
    const turn = ++this.turn;
    this.facts = this.facade = this.place = this.fault = this.origin = this.originFault = null;
    this.originLoading = false;
    this.loading = selection !== null;
    if (selection === null) return;
    const run = job?.status === "successful" ? job.jobID : null;
    try {
      const found = await (selection.kind === "building"
        ? this.building(selection.id, run)
        : this.spot(selection, run));
      if (turn === this.turn) Object.assign(this, found);
    } catch (error) {
      if (turn === this.turn) this.fault = (error as Error).message;
    }
    if (turn === this.turn) this.loading = false;
  }

  /** Ask where the water at a place comes from; the answer is dropped when another place was chosen meanwhile. */
  async askOrigin({ x, y }: { x: number; y: number }, run: string): Promise<void> {
    const turn = this.turn;
    this.originLoading = true;
    this.originFault = null;
    try {
      const origin = await this.client.origin(run, x, y);
      if (turn === this.turn) this.origin = origin;
    } catch (error) {
      if (turn === this.turn) this.originFault = (error as Error).message;
    }
    if (turn === this.turn) this.originLoading = false;
  }

  private async building(id: string, run: string | null): Promise<Partial<Chosen>> {
    const [facts, facade] = await Promise.all([
      orNothing(this.client.building(id)),
      run === null ? null : orNothing(this.client.facade(run, id)),
    ]);
    return { facts, facade };
  }

  private async spot({ x, y }: { x: number; y: number }, run: string | null): Promise<Partial<Chosen>> {
    return { place: run === null ? null : await this.client.position(run, x, y) };
  }
}

/** What the server does not have is nothing; any other failure stays one. */
async function orNothing<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}
