import { dutchIndicator } from "./indicators.nl";
import { nl } from "./nl";
import type { Pack } from "./pack";
import { dutchSentence } from "./sentences.nl";

export const pack: Pack = {
  say: nl,
  indicator: ({ id }, parameters, format) => dutchIndicator(id, parameters, format),
  sentence: dutchSentence,
  card: async (model) => (await import("./cards.nl")).dutchCards[model] ?? null,
  cover: (word) => word,
};
