/** The checks of a run in sentences. */

import type { Checks } from "../api/types";
import type { Words } from "../language/words.svelte";

const FLOODED = "flooded-area";

/** One sentence per check that was made. */
export function sureness(checks: Checks | null, words: Words): string[] {
  const { engines, resolution, noise, ensemble } = checks ?? {};
  const say = words.say.balance.checks;
  const { millimetres, number, quantity, share } = words.format;
  const sentences: string[] = [];
  if (engines) {
    const overlap = engines.wet_overlap === null ? null : share(engines.wet_overlap);
    sentences.push(say.engines(overlap, millimetres(engines.rmse), millimetres(engines.largest)));
  }
  const flooded = resolution?.indicators[FLOODED];
  if (resolution && flooded) {
    const size = `${number(resolution.cell_sizes[1], 2)} m`;
    sentences.push(say.resolution(size, quantity(flooded.run, "m2"), quantity(flooded.other, "m2")));
  }
  if (noise) sentences.push(say.noise(millimetres(noise.p999)));
  if (ensemble) sentences.push(say.ensemble(String(ensemble.members.length)));
  return sentences;
}
