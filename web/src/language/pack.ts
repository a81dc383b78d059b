/** Everything that one language brings; each is loaded when it is spoken. */

import type { Card, Indicator, Parameters } from "../api/types";
import type { CardText } from "./cards.nl";
import type { Format } from "./format";
import type { IndicatorText } from "./indicators.nl";
import type { ValueText } from "./measures.nl";
import type { Catalogue } from "./nl";

export interface Pack {
  say: Catalogue;
  /** The texts of an indicator; null where the server's own words serve. */
  indicator: (item: Indicator, parameters: Parameters, format: Format) => IndicatorText | null;
  /** A sentence of the server in this language; null when it is not known. */
  sentence: (text: string) => string | null;
  /** The texts of a card; null where it has none in this language. */
  card: (model: string, card: Card) => Promise<CardText | null>;
  /** Bring the words of measures, which are not needed at first. */
  withMeasures: () => Promise<void>;
  /** What a kind of measure does, and what a value of it means; null where the server's own words serve. */
  measure: (kind: string) => string | null;
  measureValue: (id: string) => ValueText | null;
  /** A word of the BGT or the BAG. */
  cover: (word: string) => string;
}
