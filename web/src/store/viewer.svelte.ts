/** The one state of the page. Panels read it and call its methods; the address bar keeps the part that is shared. */

import { Client, Problem, Unreachable } from "../api/client";
import type { Job, Parameters, ProcessDescription, ProcessSummary, ReadyScene, WaitingScene } from "../api/types";
import type { CameraState, Maquette } from "../core/types";
import { words } from "../language/words.svelte";
import {
  type Address,
  type Layer,
  type Panel,
  type QualityChoice,
  readAddress,
  type Selection,
  type Shown,
  type Tab,
  type View,
} from "./address";
import { Answer } from "./answer.svelte";
import { Chosen } from "./chosen.svelte";
import { Clock } from "./clock.svelte";
import { Compared } from "./comparison.svelte";
import type { Draft } from "./draft.svelte";
import { isOpen, Jobs } from "./jobs.svelte";
import { inputsAgain, type Pair, pairOf } from "./plan-runs";
import { Plans } from "./plans.svelte";
import { stormName } from "./storm-name";

/** The id that stands for no run at all: the neighbourhood without rain. */
export const DRY = "dry";
const PATIENCE = 1500;
/** The calculation that the viewer opens with, where there is one. */
const OPENS_WITH = "pluvial-flood";
/** Distance from which a place is looked at, m. */
const NEAR = 160;
/** Longer than the camera flies, ms; on a slow machine it starts late, so more than one look is needed. */
const FLIGHT = 300;
const LOOKS = 12;

export class Viewer {
  readonly client = new Client();
  readonly clock = new Clock();
  readonly answer = new Answer(this.client);
  readonly chosen = new Chosen(this.client);
  readonly plans = new Plans(this.client);
  readonly compared = new Compared(this.client);
  readonly jobs = new Jobs(this.client, (job) => this.ended(job));

  scene: ReadyScene | null = $state.raw(null);
  /** The scene is being gathered, or could not be. */
  waiting: WaitingScene | null = $state.raw(null);
  reachable = $state(true);
  sceneFault: string | null = $state(null);
  processes: readonly ProcessSummary[] = $state.raw([]);
  process: ProcessDescription | null = $state.raw(null);

  /** Id of the run that is shown; DRY when a person chose none; null as long as nobody chose. */
  run: string | null = $state(null);
  /** Id of a run that a link named and that is no longer there. */
  gone: string | null = $state(null);
  selection: Selection | null = $state.raw(null);
  /** Whether what is chosen was chosen in a list, and not in the picture or by a link. */
  chosenInList = false;
  camera: CameraState | null = $state.raw(null);
  tab: Tab = $state("answer");
  hidden: readonly Layer[] = $state.raw([]);
  quality: QualityChoice = $state("auto");
  view: View = $state("3d");
  panel: Panel = $state("storm");
  /** The measure that is being made or changed. */
  draft: Draft | null = $state.raw(null);
  /** Id of the measure that a person looks at. */
  measure: string | null = $state(null);
  /** What a person wants to see of the water; a run without an ensemble has depths only. */
  shown: Shown = $state("depth");
  /** The scene, or the map in its place; null until it can be used. */
  maquette: Maquette | null = $state.raw(null);
  /** All that the address asked for has been read. */
  settled = $derived.by(() => this.started && !this.answer.loading && !this.chosen.loading && !this.plans.reading);
  /** A sentence for the live region. */
  announcement = $state("");

  /** The camera that the scene told last, so that it is not told back. */
  told: CameraState | null = null;

  private started = $state(false);
  /** A moment that a link asks for, until its run is there. */
  private wanted: number | null = null;

  /** Whether the run that is shown tells how sure it is that water comes. */
  readonly hasProbability = $derived(this.answer.results?.files.probability !== undefined);
  /** Members of the ensemble of the run that is shown. */
  readonly members = $derived(this.answer.checks?.ensemble?.members.length ?? 0);
  /** The picture that lies over the ground in place of the depths; null for the depths. */
  readonly overlay = $derived(
    this.shown === "probability" && this.hasProbability ? this.client.probabilityAddress(this.answer.job!.jobID) : null,
  );

  readonly storm = $derived(this.answer.job === null ? "" : stormName(this.answer.job, this.process, words));

  /** The runs before and after the plan, with the question of the run that is shown. */
  readonly pair: Pair = $derived.by(() => this.findPair());
  /** Whether the picture shows the neighbourhood with the measures of the plan. */
  readonly withMeasures = $derived.by(
    () => this.plans.name !== null && (this.pair.after === null || this.run !== this.pair.before?.jobID),
  );

  get address(): Address {
    return {
      run: this.run,
      time: this.answer.depth === null ? null : this.clock.time,
      selection: this.selection,
      camera: this.camera,
      language: words.language,
      tab: this.tab,
      hidden: this.hidden,
      quality: this.quality,
      view: this.view,
      panel: this.panel,
      plan: this.plans.name,
      shown: this.shown,
    };
  }

  /** Read the address bar and ask the server for everything. */
  async start(query: string): Promise<void> {
    const address = readAddress(query);
    this.take(address);
    await Promise.all([this.readScene(), this.readProcesses(), this.jobs.refresh()]);
    const planned = address.plan !== null || address.panel === "measures";
    if (planned) void this.plans.start(address.plan);
    this.jobs.start();
    await this.show(this.run ?? this.jobs.newest?.jobID ?? null);
    this.started = true;
  }

  stop(): void {
    this.jobs.stop();
  }

  /** Go to another address of this page, as the browser's back button does. */
  async go(query: string): Promise<void> {
    const address = readAddress(query);
    if (address.language !== null) await words.speak(address.language);
    const other = address.run !== this.run;
    this.take(address);
    if (address.plan !== this.plans.name) void this.plans.start(address.plan);
    if (other) await this.show(address.run ?? this.jobs.newest?.jobID ?? null);
    else await this.chosen.load(this.selection, this.answer.job);
    if (!other && address.time !== null) this.clock.seek(address.time);
  }

  /** Show a run, DRY, or null for nothing yet. */
  async show(id: string | null, options: { sameMoment?: boolean } = {}): Promise<void> {
    if (options.sameMoment === true && this.answer.depth !== null) this.wanted = this.clock.time;
    this.run = id;
    this.gone = null;
    const job = id === null || id === DRY ? null : await this.findJob(id);
    if (job === null) this.answer.clear();
    else if (!(await this.answer.load(job))) return;
    this.clock.load(this.answer.depth?.times ?? [], this.wanted ?? this.answer.fullest);
    this.wanted = null;
    await this.chosen.load(this.selection, this.answer.job);
  }

  /** Choose a building or a place; whoever chose it in a list goes on reading there. */
  async select(selection: Selection | null, options: { inList?: boolean } = {}): Promise<void> {
    this.chosenInList = options.inList === true;
    this.selection = selection;
    await this.chosen.load(selection, this.answer.job);
  }

  /** Start a calculation; raises the server's problem. */
  async compute(process: string, inputs: Parameters): Promise<void> {
    this.jobs.add(await this.client.execute(process, inputs));
  }

  /**
   * Compute the question of the run that is shown with the measures of the plan; when no run is shown, the first event
   * of the model. It is also computed without measures when that run is missing or of an older model. Raises the server's problem.
   */
  async computePlan(): Promise<void> {
    const scenario = this.plans.name!;
    const { job } = this.answer;
    const process = job?.processID ?? this.process!.id;
    const inputs = job === null ? (this.process?.presets[0]?.inputs ?? {}) : inputsAgain(job, this.process);
    const { before } = this.pair;
    // A run of an older version of the model is not compared with one of today.
    const older = before !== null && before.version !== this.processes.find(({ id }) => id === process)?.version;
    if (before === null || older) this.jobs.add(await this.client.execute(process, inputs));
    this.jobs.add(await this.client.execute(process, { ...inputs, scenario }));
  }

  async openPanel(panel: Panel): Promise<void> {
    this.panel = panel;
    if (panel === "measures" && !this.plans.loaded) await this.plans.start(this.plans.name);
  }

  /** Put the draft in the plan; false when the server refuses it, and then it stays. */
  async keepDraft(): Promise<boolean> {
    const { draft } = this;
    const measure = draft?.measure ?? null;
    if (draft === null || measure === null) return false;
    const kept = await (draft.id === null ? this.plans.add(measure) : this.plans.replace(draft.id, measure));
    if (kept && this.draft === draft) this.draft = null;
    return kept;
  }

  async chooseProcess(id: string): Promise<void> {
    this.process = await this.client.process(id);
  }

  /** Look at a building of the scene. */
  lookAtBuilding(id: string): void {
    if (this.maquette?.lookAt(id)) void this.noteCamera();
  }

  /** Look at a place in RD New, from not too far away. */
  lookAtPlace(x: number, y: number, z: number): void {
    if (this.scene === null || this.maquette === null) return;
    const [east, north] = this.scene.origin;
    const distance = Math.min(this.maquette.getCamera().distance, NEAR);
    this.maquette.setCamera({ target: [x - east, y - north, z], distance });
    void this.noteCamera();
  }

  setHidden(layer: Layer, hidden: boolean): void {
    this.hidden = hidden ? [...this.hidden, layer] : this.hidden.filter((item) => item !== layer);
  }

  /** The camera goes to the address when it has arrived; the scene tells only of moves by hand. */
  private async noteCamera(): Promise<void> {
    const maquette = this.maquette!;
    const start = JSON.stringify(maquette.getCamera());
    let before = start;
    for (let look = 0; look < LOOKS; look++) {
      await new Promise((resolve) => setTimeout(resolve, FLIGHT));
      const now = JSON.stringify(maquette.getCamera());
      if (now === before && now !== start) break;
      before = now;
    }
    if (this.maquette === maquette) this.camera = this.told = maquette.getCamera();
  }

  private take(address: Address): void {
    this.run = address.run;
    this.wanted = address.time;
    this.selection = address.selection;
    this.camera = address.camera;
    this.tab = address.tab;
    this.hidden = address.hidden;
    this.quality = address.quality;
    this.view = address.view;
    this.panel = address.panel;
    this.shown = address.shown;
  }

  private findPair(): Pair {
    const { job } = this.answer;
    if (job === null) return { before: null, after: null };
    return pairOf(job, this.plans.current?.hash ?? "", this.jobs.list, this.process);
  }

  private async readScene(): Promise<void> {
    for (;;) {
      try {
        const document = await this.client.scene();
        this.reachable = true;
        if (document.state === "ready") {
          this.scene = document;
          this.waiting = null;
          return;
        }
        this.waiting = document;
      } catch (error) {
        this.reachable = !(error instanceof Unreachable);
        this.sceneFault = this.reachable ? (error as Error).message : null;
      }
      await new Promise((resolve) => setTimeout(resolve, PATIENCE));
    }
  }

  private async readProcesses(): Promise<void> {
    for (;;) {
      try {
        this.processes = await this.client.processes();
        const first = this.processes.find(({ id }) => id === OPENS_WITH) ?? this.processes[0];
        if (first !== undefined) this.process = await this.client.process(first.id);
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, PATIENCE));
      }
    }
  }

  private async findJob(id: string): Promise<Job | null> {
    const known = this.jobs.find(id);
    if (known !== null) return known;
    if (this.jobs.complete) {
      this.gone = id;
      return null;
    }
    try {
      return await this.client.job(id);
    } catch (error) {
      if (error instanceof Problem && error.status === 404) this.gone = id;
      return null;
    }
  }

  /** A run has ended: show it when it was started here, or when it is the one that is looked at. */
  private ended(job: Job): void {
    const looked = this.run === job.jobID;
    const own = this.jobs.own === job.jobID;
    if (job.status === "successful") {
      this.announcement = words.say.runs.finished(stormName(job, this.process, words));
      if (own || looked || this.run === null) void this.show(job.jobID, { sameMoment: job.scenario !== "" });
    } else if (looked && !isOpen(job)) {
      this.answer.job = job;
    }
  }
}

export const viewer = new Viewer();
