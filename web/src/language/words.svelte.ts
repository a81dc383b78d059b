/** The language that the page speaks now. */

import type { Card, Indicator, ParameterValue, Text } from "../api/types";
import type { Language } from "../store/address";
import { LANGUAGES } from "../store/address";
import { dutchCards, type CardText } from "./cards.nl";
import { englishCover } from "./cover.en";
import { en } from "./en";
import { type Format, formatOf } from "./format";
import { dutchIndicator, type IndicatorText } from "./indicators.nl";
import { type Catalogue, nl } from "./nl";
import { dutchSentence } from "./sentences.nl";

const CATALOGUES: Record<Language, Catalogue> = { nl, en };
const REMEMBERED = "morgen.language";

/** A sentence of the server, and the language that it is in. */
export interface Sentence {
  text: string;
  language: Language;
}

export class Words {
  language: Language = $state("nl");
  readonly say: Catalogue = $derived(CATALOGUES[this.language]);
  readonly format: Format = $derived(formatOf(this.language));

  /** The language of a link, else the one that was chosen before, else Dutch. */
  start(linked: Language | null): void {
    this.language = linked ?? remembered() ?? "nl";
  }

  choose(language: Language): void {
    this.language = language;
    try {
      localStorage.setItem(REMEMBERED, language);
    } catch {
      // A browser that keeps nothing still shows the page.
    }
  }

  of(text: Text): string {
    return text[this.language];
  }

  /** A sentence that the server gives in English, in the reader's language where that is known. */
  sentence(text: string): Sentence {
    const known = this.language === "nl" ? dutchSentence(text) : null;
    return known === null ? { text, language: "en" } : { text: known, language: "nl" };
  }

  indicator(item: Indicator, parameters: Record<string, ParameterValue>): IndicatorText {
    const dutch = this.language === "nl" ? dutchIndicator(item.id, parameters, this.format) : null;
    const { title, meaning, doesNotShow, thresholdSource } = item;
    return dutch ?? { title, meaning, doesNotShow, source: thresholdSource };
  }

  card(model: string, card: Card): CardText & { language: Language } {
    const dutch = this.language === "nl" ? dutchCards[model] : undefined;
    return dutch ? { ...dutch, language: "nl" } : { ...card, language: "en" };
  }

  /** A word of the BGT or the BAG; those are Dutch. */
  cover(word: string): string {
    return this.language === "en" ? (englishCover[word] ?? word) : word;
  }
}

function remembered(): Language | null {
  try {
    return LANGUAGES.find((language) => language === localStorage.getItem(REMEMBERED)) ?? null;
  } catch {
    return null;
  }
}

export const words = new Words();
