import { dutchIndicator } from "./indicators.nl";
import { nl } from "./nl";
import type { Pack } from "./pack";
import { dutchSentence } from "./sentences.nl";

/** The words of measures come when somebody opens them. */
let measures: typeof import("./measures.nl") | null = null;

export const pack: Pack = {
  say: nl,
  indicator: ({ id }, parameters, format) => dutchIndicator(id, parameters, format),
  sentence: (text) => dutchSentence(text, measures?.measureSentences),
  card: async (model) => (await import("./cards.nl")).dutchCards[model] ?? null,
  withMeasures: async () => void (measures ??= await import("./measures.nl")),
  measure: (kind) => measures?.dutchMeasures[kind] ?? null,
  measureValue: (id) => measures?.dutchValues[id] ?? null,
  cover: (word) => word,
};
