/** The theatre without the play: canvas, drawing context, camera, light, and the moment at which a frame is drawn. */

import {
  Fog,
  NeutralToneMapping,
  PCFShadowMap,
  PerspectiveCamera,
  Scene,
  Vector2,
  Vector3,
  WebGLRenderer,
} from "three";

import { eyeOf, FIELD_OF_VIEW, orientationOf } from "./camera";
import type { Vector } from "./height-field";
import { HAZE, Lights, SKY } from "./lights";
import { Loop } from "./loop";
import { type QualitySettings, rendererName } from "./quality";
import type { Air } from "./shading";
import { type CameraState, NoGraphicsError, type Point } from "./types";

/** Share of the pixels each way while a slow machine moves. */
const COARSE = 0.5;

export interface StageHost {
  /** Bring everything to this moment; true when another frame is wanted after this one. */
  beforeFrame(milliseconds: number): boolean;
  afterFrame(): void;
  lost(): void;
}

export class Stage {
  readonly scene = new Scene();
  readonly camera = new PerspectiveCamera(FIELD_OF_VIEW, 1, 1, 10_000);
  readonly renderer: WebGLRenderer;
  readonly lights: Lights;
  readonly loop: Loop;
  readonly air: Air;
  private readonly name: string;
  private pixelRatio = 1;
  private coarse = false;
  private readonly resized: ResizeObserver;
  private readonly stop = new AbortController();

  constructor(
    readonly canvas: HTMLCanvasElement,
    settings: QualitySettings,
    private readonly host: StageHost,
  ) {
    const context = canvas.getContext("webgl2", {
      antialias: settings.antialias,
      alpha: false,
      powerPreference: "high-performance",
    });
    if (!context) throw new NoGraphicsError("this browser has no WebGL 2");
    this.name = rendererName(context);
    this.renderer = new WebGLRenderer({ canvas, context });
    this.renderer.toneMapping = NeutralToneMapping;
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = PCFShadowMap;
    this.lights = new Lights(settings.shadowSize);
    this.air = { haze: HAZE, sky: SKY, sunward: this.lights.sunward };
    this.scene.background = HAZE;
    this.scene.fog = new Fog(HAZE, 1000, 5000);
    this.scene.add(this.lights.object);
    this.loop = new Loop(context, (milliseconds) => this.draw(milliseconds));
    this.resized = new ResizeObserver(() => this.loop.request());
    this.resized.observe(canvas);
    const signal = this.stop.signal;
    canvas.addEventListener("webglcontextlost", (event) => this.loseContext(event), { signal });
    this.setPixelRatio(settings.pixelRatio);
  }

  get size(): { width: number; height: number } {
    return { width: this.canvas.clientWidth || 1, height: this.canvas.clientHeight || 1 };
  }

  setPixelRatio(most: number): void {
    this.pixelRatio = Math.min(window.devicePixelRatio, most);
    this.loop.request();
  }

  /** Draw a quarter of the pixels, so that a slow machine can follow a hand. */
  setCoarse(coarse: boolean): void {
    this.coarse = coarse;
  }

  get isCoarse(): boolean {
    return this.coarse;
  }

  /** Put the eye where a camera state says; `reach` is the size of the scene, m. */
  aim(state: CameraState, reach: number): void {
    this.camera.position.set(...eyeOf(state));
    this.camera.quaternion.copy(orientationOf(state));
    this.camera.near = Math.max(0.5, state.distance * 0.02);
    this.camera.far = state.distance + 4 * reach;
    this.camera.updateProjectionMatrix();
    this.camera.updateMatrixWorld(true);
    const fog = this.scene.fog as Fog;
    fog.near = state.distance + 0.35 * reach;
    fog.far = state.distance + 2.6 * reach;
  }

  /** The ray through a point of the canvas. */
  rayAt(place: Point): { origin: Vector; direction: Vector } {
    const { width, height } = this.size;
    const far = new Vector3((place.x / width) * 2 - 1, 1 - (place.y / height) * 2, 0.5).unproject(this.camera);
    const origin = this.camera.position;
    return { origin: origin.toArray(), direction: far.sub(origin).normalize().toArray() };
  }

  statistics(): { drawCalls: number; triangles: number; renderer: string; lastFrameMilliseconds: number } {
    const { calls, triangles } = this.renderer.info.render;
    return {
      drawCalls: calls,
      triangles,
      renderer: this.name,
      lastFrameMilliseconds: this.loop.lastFrameMilliseconds,
    };
  }

  async capture(): Promise<Blob> {
    // Drawn and read in one go: the browser keeps no picture after that.
    this.draw(performance.now(), { sharp: true });
    return new Promise((resolve, reject) => {
      const give = (blob: Blob | null) => (blob ? resolve(blob) : reject(new Error("the picture could not be taken")));
      this.canvas.toBlob(give, "image/png");
    });
  }

  dispose(): void {
    this.stop.abort();
    this.resized.disconnect();
    this.loop.stop();
    this.lights.dispose();
    this.renderer.dispose();
    // Browsers keep few drawing contexts; this one is given back now and not when memory is swept.
    if (!this.renderer.getContext().isContextLost()) this.renderer.forceContextLoss();
  }

  private draw(milliseconds: number, { sharp = false } = {}): boolean {
    const more = this.host.beforeFrame(milliseconds);
    if (sharp) this.coarse = false;
    this.resize();
    this.renderer.render(this.scene, this.camera);
    this.host.afterFrame();
    return more;
  }

  /** Bring the drawing to the size of the canvas; a canvas that changes size goes blank, so only before a frame. */
  private resize(): void {
    const { width, height } = this.size;
    const ratio = this.pixelRatio * (this.coarse ? COARSE : 1);
    const now = this.renderer.getSize(new Vector2());
    if (now.x === width && now.y === height && this.renderer.getPixelRatio() === ratio) return;
    this.renderer.setDrawingBufferSize(width, height, ratio);
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
  }

  private loseContext(event: Event): void {
    event.preventDefault();
    this.loop.stop();
    this.host.lost();
  }
}
