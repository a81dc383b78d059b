/** The language that the page speaks now. */

import type { Card, Indicator, MeasureKind, Parameters, Text } from "../api/types";
import { type Language, LANGUAGES } from "../store/address";
import type { CardText } from "./cards.nl";
import { type Format, formatOf } from "./format";
import type { IndicatorText } from "./indicators.nl";
import type { ValueText } from "./measures.nl";
import type { Catalogue } from "./nl";
import type { Pack } from "./pack";

const PACKS: Record<Language, () => Promise<{ pack: Pack }>> = {
  nl: () => import("./pack.nl"),
  en: () => import("./pack.en"),
};
const REMEMBERED = "morgen.language";

/** A sentence of the server, and the language that it is in. */
export interface Sentence {
  text: string;
  language: Language;
}

export class Words {
  language: Language = $state("nl");
  readonly format: Format = $derived(formatOf(this.language));
  private measures = false;
  private pack: Pack | null = $state.raw(null);

  /** The catalogue; there is one from the moment that `start` has ended. */
  get say(): Catalogue {
    return this.pack!.say;
  }

  /** The language of a link, else the one that was chosen before, else Dutch. */
  start(linked: Language | null): Promise<void> {
    return this.speak(linked ?? remembered() ?? "nl");
  }

  async choose(language: Language): Promise<void> {
    await this.speak(language);
    try {
      localStorage.setItem(REMEMBERED, language);
    } catch {
      // A browser that keeps nothing still shows the page.
    }
  }

  async speak(language: Language): Promise<void> {
    const { pack } = await PACKS[language]();
    if (this.measures) await pack.withMeasures();
    this.pack = pack;
    this.language = language;
  }

  /** Bring the words of measures in this language, and in every one that is spoken from now on. */
  async withMeasures(): Promise<void> {
    this.measures = true;
    await this.pack?.withMeasures();
  }

  of(text: Text): string {
    return text[this.language];
  }

  /** A sentence that the server gives in English, in the reader's language where that is known. */
  sentence(text: string): Sentence {
    const known = this.pack!.sentence(text);
    return known === null ? { text, language: "en" } : { text: known, language: this.language };
  }

  indicator(item: Indicator, parameters: Parameters): IndicatorText {
    const { title, meaning, doesNotShow, thresholdSource } = item;
    const known = this.pack!.indicator(item, parameters, this.format);
    return known ?? { title, meaning, doesNotShow, source: thresholdSource };
  }

  /** What a kind of measure does. */
  measure(kind: MeasureKind): Sentence {
    const known = this.pack!.measure(kind.id);
    return known === null ? { text: kind.meaning, language: "en" } : { text: known, language: this.language };
  }

  /** The title and meaning of a value of a measure; null where the server's own words serve. */
  measureValue(id: string): ValueText | null {
    return this.pack!.measureValue(id);
  }

  async card(model: string, card: Card): Promise<CardText & { language: Language }> {
    const known = await this.pack!.card(model, card);
    return known === null ? { ...card, language: "en" } : { ...known, language: this.language };
  }

  /** A word of the BGT or the BAG; those are Dutch. */
  cover(word: string): string {
    return this.pack!.cover(word);
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
