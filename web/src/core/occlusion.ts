/**
 * The darkening at the foot of buildings that ambient light gives, baked once: the buildings drawn white from straight
 * above, blurred narrowly and widely, as a picture that the ground multiplies its colour with.
 */

import {
  Color,
  LinearFilter,
  LinearMipmapLinearFilter,
  Mesh,
  MeshBasicMaterial,
  NoBlending,
  OrthographicCamera,
  PlaneGeometry,
  type Scene,
  ShaderMaterial,
  type Texture,
  Vector2,
  WebGLRenderTarget,
  type WebGLRenderer,
} from "three";

import { BUILDING_LAYER } from "./buildings";
import type { Bounds } from "./frame";

/** Widths of the two blurs (standard deviation), m. */
const NARROW = 1.1;
const WIDE = 5.5;

export class Occlusion {
  private readonly target: WebGLRenderTarget;

  constructor(renderer: WebGLRenderer, scene: Scene, bounds: Bounds, size: number) {
    const [wide, high] = [bounds.east - bounds.west, bounds.north - bounds.south];
    const scale = size / Math.max(wide, high);
    const [width, height] = [Math.max(1, Math.round(wide * scale)), Math.max(1, Math.round(high * scale))];
    this.target = new WebGLRenderTarget(width, height, { depthBuffer: false, generateMipmaps: true });
    this.target.texture.minFilter = LinearMipmapLinearFilter;
    const [mask, half] = [0, 1].map(() => new WebGLRenderTarget(width, height, { minFilter: LinearFilter }));
    const before = renderer.getRenderTarget();
    drawFootprints(renderer, scene, bounds, mask!);
    blur(renderer, mask!, half!, new Vector2(1, 0), scale);
    blur(renderer, half!, this.target, new Vector2(0, 1), scale);
    renderer.setRenderTarget(before);
    for (const one of [mask!, half!]) one.dispose();
  }

  get texture(): Texture {
    return this.target.texture;
  }

  dispose(): void {
    this.target.dispose();
  }
}

function drawFootprints(renderer: WebGLRenderer, scene: Scene, bounds: Bounds, target: WebGLRenderTarget): void {
  const white = new MeshBasicMaterial({ color: "#ffffff", fog: false, toneMapped: false });
  const { overrideMaterial, background } = scene;
  [scene.overrideMaterial, scene.background] = [white, new Color(0)];
  renderer.setRenderTarget(target);
  renderer.clear();
  renderer.render(scene, cameraOver(bounds));
  [scene.overrideMaterial, scene.background] = [overrideMaterial, background];
  white.dispose();
}

function cameraOver({ west, south, east, north }: Bounds): OrthographicCamera {
  const camera = new OrthographicCamera(west, east, north, south, 0, 10_000);
  camera.position.set(0, 0, 5000);
  camera.layers.set(BUILDING_LAYER);
  camera.updateMatrixWorld(true);
  return camera;
}

function blur(
  renderer: WebGLRenderer,
  from: WebGLRenderTarget,
  to: WebGLRenderTarget,
  towards: Vector2,
  scale: number,
): void {
  const material = new ShaderMaterial({
    uniforms: {
      source: { value: from.texture },
      step: { value: towards.clone().divide(new Vector2(from.width, from.height)) },
      widths: { value: new Vector2(NARROW * scale, WIDE * scale) },
      last: { value: towards.y },
    },
    vertexShader: "varying vec2 vUv; void main() { vUv = uv; gl_Position = vec4(position.xy, 0.0, 1.0); }",
    fragmentShader: BLUR,
    blending: NoBlending,
    depthTest: false,
    depthWrite: false,
    toneMapped: false,
  });
  const sheet = new Mesh(new PlaneGeometry(2, 2), material);
  sheet.frustumCulled = false;
  renderer.setRenderTarget(to);
  renderer.render(sheet, new OrthographicCamera());
  sheet.geometry.dispose();
  material.dispose();
}

// The first pass keeps the narrow blur in red and the wide one in green; the second joins them.
const BLUR = /* glsl */ `
uniform sampler2D source;
uniform vec2 step, widths;
uniform float last;
varying vec2 vUv;
float blurred(float width, int channel) {
  float sum = 0.0, weights = 0.0;
  for (int tap = -10; tap <= 10; tap++) {
    float place = float(tap) / 4.5;
    float weight = exp(-0.5 * place * place);
    vec4 texel = texture2D(source, vUv + step * place * max(width, 0.6));
    sum += weight * (channel == 0 ? texel.r : texel.g);
    weights += weight;
  }
  return sum / weights;
}
void main() {
  float narrow = blurred(widths.x, 0);
  float wide = blurred(widths.y, last > 0.5 ? 1 : 0);
  gl_FragColor = last > 0.5 ? vec4(vec3(0.62 * narrow + 0.5 * wide), 1.0) : vec4(narrow, wide, 0.0, 1.0);
}
`;
