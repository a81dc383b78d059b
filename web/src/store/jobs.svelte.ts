/** The list of runs as the server has it: started here, in another browser, or in a terminal. */

import { type Client, Unreachable } from "../api/client";
import type { Job } from "../api/types";

const BUSY_INTERVAL = 1000;
const QUIET_INTERVAL = 5000;

export class Jobs {
  /** Newest first. */
  list: readonly Job[] = $state.raw([]);
  loaded = $state(false);
  /** Whether the list has every run that there is. */
  complete = false;
  reachable = $state(true);
  /** The run that was started on this page last. */
  own: string | null = $state(null);
  readonly newest = $derived(this.list.find(({ status }) => status === "successful") ?? null);
  readonly ownJob = $derived(this.list.find(({ jobID }) => jobID === this.own) ?? null);
  readonly busy = $derived(this.list.some(isOpen));

  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopped = true;

  /** `ended` hears of every run that ends while the page looks. */
  constructor(
    private readonly client: Client,
    private readonly ended: (job: Job) => void = () => {},
  ) {}

  start(): void {
    this.stopped = false;
    document.addEventListener("visibilitychange", this.look);
    this.look();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.look);
  }

  /** Ask now, and keep asking: often while something runs, not at all while nobody looks. */
  private readonly look = (): void => {
    clearTimeout(this.timer);
    if (this.stopped || document.hidden) return;
    void this.refresh().finally(() => {
      clearTimeout(this.timer);
      if (!this.stopped) this.timer = setTimeout(this.look, this.busy ? BUSY_INTERVAL : QUIET_INTERVAL);
    });
  };

  async refresh(): Promise<void> {
    try {
      const { jobs, complete } = await this.client.jobs();
      this.take(jobs);
      this.complete = complete;
      this.reachable = true;
    } catch (error) {
      this.reachable = !(error instanceof Unreachable);
    }
  }

  /** A run that was started here. */
  add(job: Job): void {
    this.own = job.jobID;
    this.list = [job, ...this.list.filter(({ jobID }) => jobID !== job.jobID)];
    this.look();
  }

  async dismiss(id: string): Promise<void> {
    await this.client.dismiss(id);
    await this.refresh();
  }

  find(id: string): Job | null {
    return this.list.find(({ jobID }) => jobID === id) ?? null;
  }

  private take(list: readonly Job[]): void {
    const before = new Map(this.list.map((job) => [job.jobID, job]));
    this.list = [...list].sort((a, b) => b.created.localeCompare(a.created) || b.jobID.localeCompare(a.jobID));
    this.loaded = true;
    for (const job of list) {
      const known = before.get(job.jobID);
      if (known !== undefined && isOpen(known) && !isOpen(job)) this.ended(job);
    }
  }
}

export function isOpen(job: Job): boolean {
  return job.status === "accepted" || job.status === "running";
}
