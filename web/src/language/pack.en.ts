import { englishCover } from "./cover.en";
import { en } from "./en";
import type { Pack } from "./pack";

/** The server speaks English, so that most of it needs no other words. */
export const pack: Pack = {
  say: en,
  indicator: () => null,
  sentence: (text) => text,
  card: (_, card) => Promise.resolve(card),
  withMeasures: () => Promise.resolve(),
  measure: () => null,
  measureValue: () => null,
  cover: (word) => englishCover[word] ?? word,
};
