/**
 * When a frame is drawn: only when something asked for it, and never before the graphics finished the one before.
 *
 * Without that wait, a slow machine (software rendering above all) collects frames that nobody will see.
 */

export class Loop {
  /** From the start of drawing to the moment that the graphics had finished, of the last frame. */
  lastFrameMilliseconds = 0;
  private asked = false;
  private waiting: WebGLSync | null = null;
  private started = 0;
  private stopped = false;
  private readonly drawn: (() => void)[] = [];

  /** `draw` returns whether it wants another frame after this one. */
  constructor(
    private readonly context: WebGL2RenderingContext,
    private readonly draw: (milliseconds: number) => boolean,
  ) {}

  request(): void {
    if (this.asked || this.stopped) return;
    this.asked = true;
    requestAnimationFrame((now) => this.turn(now));
  }

  /** Resolves when the next frame has been drawn and the graphics have finished it. */
  nextFrame(): Promise<void> {
    this.request();
    return new Promise((resolve) => this.drawn.push(resolve));
  }

  stop(): void {
    this.stopped = true;
    if (this.waiting) this.context.deleteSync(this.waiting);
    this.waiting = null;
  }

  private turn(now: number): void {
    this.asked = false;
    if (this.stopped) return;
    if (this.waiting) {
      this.request(); // asked again at the next picture of the screen
      return;
    }
    this.started = performance.now();
    const finished = this.drawn.splice(0);
    const more = this.draw(now);
    this.waiting = this.context.fenceSync(this.context.SYNC_GPU_COMMANDS_COMPLETE, 0);
    this.context.flush();
    this.watch(finished);
    if (more) this.request();
  }

  private watch(finished: (() => void)[]): void {
    if (this.stopped) return;
    const { context, waiting } = this;
    const isLost = waiting === null || context.isContextLost();
    if (!isLost && context.getSyncParameter(waiting, context.SYNC_STATUS) !== context.SIGNALED) {
      setTimeout(() => this.watch(finished), 4);
      return;
    }
    if (waiting) context.deleteSync(waiting);
    this.waiting = null;
    this.lastFrameMilliseconds = performance.now() - this.started;
    for (const resolve of finished) resolve();
  }
}
