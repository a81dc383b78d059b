/** What a plan changes: the run without it and the run with it, as the server compares them. */

import type { Client } from "../api/client";
import type { Comparison, ComparedPlaces, ComparedVariant } from "../api/types";
import type { Pair } from "./plan-runs";

export class Compared {
  document: Comparison | null = $state.raw(null);
  loading = $state(false);
  fault: string | null = $state(null);
  readonly variant: ComparedVariant | null = $derived(this.document?.variants[0] ?? null);

  /** The two runs that were asked for last. */
  private asked = "";

  constructor(private readonly client: Client) {}

  /** Read what the second run of a pair changes; the same pair is read once. */
  async load({ before, after }: Pair): Promise<void> {
    const asked = before === null || after === null ? "" : `${before.jobID},${after.jobID}`;
    if (asked === this.asked) return;
    this.asked = asked;
    this.document = this.fault = null;
    this.loading = asked !== "";
    if (before === null || after === null) return;
    try {
      const found = await this.client.comparison(before.jobID, after.jobID);
      if (asked === this.asked) this.document = found;
    } catch (error) {
      if (asked === this.asked) this.fault = (error as Error).message;
    }
    if (asked === this.asked) this.loading = false;
  }
}

/** A colour for every building that is better or worse off. */
export function changeColours(
  buildings: ComparedPlaces | null,
  colours: { better: string; worse: string },
): Map<string, string> {
  const pairs = (places: ComparedPlaces["losers"], colour: string): [string, string][] =>
    places.map(({ id }) => [id, colour]);
  if (buildings === null) return new Map();
  return new Map([...pairs(buildings.gainers, colours.better), ...pairs(buildings.losers, colours.worse)]);
}
