/** The plans (scenarios) of the twin, and the one that is worked on. The server keeps them; here is what was read. */

import { type Client, Problem } from "../api/client";
import { words } from "../language/words.svelte";
import type { MeasureFeature, MeasureKind, NewMeasure, PlanSummary, Review } from "../api/types";

/** A change that came too late: what the server said, and the change itself, so that nothing is lost. */
export interface Conflict {
  sentence: string;
  again: () => Promise<boolean>;
}

const CONFLICT = 409;

export class Plans {
  list: readonly PlanSummary[] = $state.raw([]);
  kinds: readonly MeasureKind[] = $state.raw([]);
  loaded = $state(false);
  /** Name of the plan that is worked on. */
  name: string | null = $state(null);
  measures: readonly MeasureFeature[] = $state.raw([]);
  review: Review | null = $state.raw(null);
  busy = $state(false);
  /** Why the last change or reading did not succeed, in one sentence. */
  fault: string | null = $state(null);
  conflict: Conflict | null = $state.raw(null);
  readonly current = $derived(this.list.find(({ name }) => name === this.name) ?? null);
  readonly kindOf = $derived(new Map(this.kinds.map((kind) => [kind.id, kind])));

  /** What an address asks for is being read. */
  reading = $state(false);

  private tag = "";
  private turn = 0;

  constructor(private readonly client: Client) {}

  /** Read the list and the kinds once, and the plan that an address names. */
  async start(name: string | null): Promise<void> {
    this.reading = true;
    await words.withMeasures();
    await this.attempt(async () => {
      if (this.kinds.length === 0) this.kinds = await this.client.measureKinds();
      this.list = await this.client.plans();
      this.loaded = true;
    });
    if (name !== null) await this.choose(name);
    this.reading = false;
  }

  /** Work on a plan, or on none. */
  async choose(name: string | null): Promise<void> {
    this.name = name;
    this.measures = [];
    this.review = this.conflict = this.fault = null;
    if (name !== null) await this.attempt(() => this.read(name));
  }

  /** Make a plan, with the measures of another one or with none, and work on it; false when it is refused. */
  async create(name: string, parent = ""): Promise<boolean> {
    const made = await this.attempt(() => this.client.createPlan(name, parent));
    if (!made) return false;
    await this.attempt(async () => void (this.list = await this.client.plans()));
    await this.choose(name);
    return true;
  }

  add(measure: NewMeasure): Promise<boolean> {
    return this.change((plan) => this.client.addMeasure(plan, measure, this.tag));
  }

  replace(id: string, measure: NewMeasure): Promise<boolean> {
    return this.change((plan) => this.client.replaceMeasure(plan, id, measure, this.tag));
  }

  remove(id: string): Promise<boolean> {
    return this.change((plan) => this.client.removeMeasure(plan, id, this.tag));
  }

  step(way: "undo" | "redo"): Promise<boolean> {
    return this.change((plan) => this.client.stepPlan(plan, way, this.tag));
  }

  /** Read the plan as it is now; what a person was drawing stays. */
  async readAgain(): Promise<void> {
    this.conflict = null;
    await this.attempt(() => this.read(this.name!));
  }

  private async change(ask: (plan: string) => Promise<unknown>): Promise<boolean> {
    const plan = this.name;
    if (plan === null) return false;
    this.conflict = null;
    this.busy = true;
    const done = await this.attempt(() => ask(plan), ask);
    if (done && this.name === plan) await this.attempt(() => this.read(plan));
    this.busy = false;
    return done;
  }

  /** Do something with the server; a failure becomes a sentence, or a conflict that can be done again. */
  private async attempt(act: () => Promise<unknown>, ask?: (plan: string) => Promise<unknown>): Promise<boolean> {
    this.fault = null;
    try {
      await act();
      return true;
    } catch (error) {
      const sentence = (error as Error).message;
      if (ask !== undefined && error instanceof Problem && error.status === CONFLICT)
        this.conflict = { sentence, again: () => this.overAgain(ask) };
      else this.fault = sentence;
      return false;
    }
  }

  private async overAgain(ask: (plan: string) => Promise<unknown>): Promise<boolean> {
    await this.readAgain();
    return this.fault === null && this.change(ask);
  }

  /** A newer reading overtakes an older one. */
  private async read(name: string): Promise<void> {
    const turn = ++this.turn;
    const { document, tag } = await this.client.measures(name);
    if (turn !== this.turn) return;
    this.measures = document;
    this.tag = tag;
    const [list, review] = await Promise.all([this.client.plans(), this.client.review(name)]);
    if (turn !== this.turn) return;
    this.list = list;
    this.review = review;
  }
}
