/** Lowers the quality that the page chose by itself when the machine turns out to be too slow for it. */

import type { Maquette, Quality } from "../core/types";

/** Slower than this, a moving picture is a nuisance, ms. */
const SLOW = 120;
/** So many frames in a row must be slow: the first ones prepare what later ones use. */
const ROW = 4;
const LOWER: Readonly<Record<Quality, Quality>> = { fine: "normal", normal: "low", low: "low" };

export class Patience {
  private slow = 0;

  constructor(public quality: Quality) {}

  /** Look at the last frame of a picture that a person moves. */
  judge(maquette: Pick<Maquette, "statistics" | "setQuality">): void {
    this.slow = maquette.statistics().lastFrameMilliseconds > SLOW ? this.slow + 1 : 0;
    if (this.slow < ROW || this.quality === "low") return;
    this.slow = 0;
    this.quality = LOWER[this.quality];
    maquette.setQuality(this.quality);
  }
}
