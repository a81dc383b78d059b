/** The moment that the scene, the slider and the charts show; and playing it. */

/** Real seconds in which a whole run plays. */
const LENGTH = 16;
/** Milliseconds per moment for people who prefer no motion: pictures change, nothing glides. */
const CALM_STEP = 1500;

export class Clock {
  /** Seconds since the start of the rain. */
  time = $state(0);
  playing = $state(false);
  /** Moments that the run has kept, s. */
  moments: readonly number[] = $state.raw([]);
  readonly end = $derived(this.moments.at(-1) ?? 0);

  private handle = 0;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly calm: () => boolean = prefersCalm) {}

  /** Take the moments of a run; `time` is kept inside them. */
  load(moments: readonly number[], time: number): void {
    this.pause();
    this.moments = moments;
    this.seek(time);
  }

  seek(time: number): void {
    this.time = Math.min(Math.max(time, 0), this.end);
  }

  /** To the moment before (-1) or after (1) this one. */
  step(direction: 1 | -1): void {
    this.pause();
    this.seek(this.neighbour(direction));
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  play(): void {
    if (this.moments.length < 2) return;
    if (this.time >= this.end) this.time = 0;
    this.playing = true;
    if (this.calm()) this.timer = setInterval(() => this.advance(this.neighbour(1)), CALM_STEP);
    else this.glide();
  }

  pause(): void {
    this.playing = false;
    cancelAnimationFrame(this.handle);
    clearInterval(this.timer);
  }

  /** Stop when the page is hidden, or when a person starts to prefer no motion. Returns what undoes it. */
  watch(): () => void {
    const motion = matchMedia("(prefers-reduced-motion: reduce)");
    const stop = (): void => {
      if (document.hidden || motion.matches) this.pause();
    };
    document.addEventListener("visibilitychange", stop);
    motion.addEventListener("change", stop);
    return () => {
      this.pause();
      document.removeEventListener("visibilitychange", stop);
      motion.removeEventListener("change", stop);
    };
  }

  private glide(): void {
    let before = performance.now();
    const draw = (now: number): void => {
      const passed = Math.min((now - before) / 1000, 0.5);
      before = now;
      this.advance(this.time + (passed * this.end) / LENGTH);
      if (this.playing) this.handle = requestAnimationFrame(draw);
    };
    this.handle = requestAnimationFrame(draw);
  }

  private advance(time: number): void {
    this.seek(time);
    if (this.time >= this.end) this.pause();
  }

  private neighbour(direction: 1 | -1): number {
    const others = this.moments.filter((moment) => (moment - this.time) * direction > 0.5);
    return (direction === 1 ? others[0] : others.at(-1)) ?? this.time;
  }
}

function prefersCalm(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
