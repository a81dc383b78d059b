/** Flood water: one sheet over the ground that rises and falls, coloured by the depth classes of the legend. */

import {
  BufferAttribute,
  BufferGeometry,
  DataArrayTexture,
  DataTexture,
  DynamicDrawUsage,
  LinearFilter,
  Mesh,
  RedFormat,
  RGBAFormat,
  ShaderMaterial,
  SRGBColorSpace,
  type Texture,
  UniformsLib,
  UniformsUtils,
  UnsignedByteType,
  Vector4,
} from "three";

import {
  colourRamp,
  type FloodFrames,
  framesAt,
  isEverWet,
  RAMP_TEXELS,
  rampDepthOf,
  SHALLOWEST,
  waterLevels,
} from "./flood";
import type { Bounds } from "./frame";
import type { MeshGrid } from "./mesh-grid";
import { type Air, boundsUniform, MIRRORED, RIPPLES, SHARE_OF_BOUNDS } from "./shading";
import type { SceneDescription } from "./types";

/** Room between ground and water so that they do not flicker, m. */
const LIFT = 0.025;

export class Water {
  readonly object: Mesh<BufferGeometry, ShaderMaterial>;
  private readonly frames: DataArrayTexture;
  private readonly ramp: DataTexture;
  private readonly levels: [BufferAttribute, BufferAttribute];
  private shown: [number, number] = [-1, -1];

  constructor(
    private readonly mesh: MeshGrid,
    private readonly flood: FloodFrames,
    classes: SceneDescription["depthClasses"],
    scene: Bounds,
    permanent: Texture | null,
    air: Air,
    blank: Texture,
    area: Texture | null,
  ) {
    this.frames = framesTexture(flood);
    this.ramp = rampTexture(classes);
    this.levels = [levelAttribute(mesh), levelAttribute(mesh)];
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(mesh.positions(), 3));
    geometry.setAttribute("levelBefore", this.levels[0]);
    geometry.setAttribute("levelAfter", this.levels[1]);
    const wet = (row: number, column: number) => isEverWet(mesh, flood, row, column);
    geometry.setIndex(new BufferAttribute(mesh.triangles(wet), 1));
    geometry.computeBoundingSphere();
    this.object = new Mesh(
      geometry,
      this.material(rampDepthOf(classes), scene, { permanent: permanent ?? blank, area }, air),
    );
    this.object.receiveShadow = true;
    this.object.renderOrder = 2;
    this.setTime(flood.times[0] ?? 0);
  }

  get isEmpty(): boolean {
    return (this.object.geometry.index?.count ?? 0) === 0;
  }

  setTime(seconds: number): void {
    const { before, after, share } = framesAt(this.flood.times, seconds);
    this.show(0, before);
    this.show(1, after);
    const uniforms = this.object.material.uniforms;
    uniforms.frameBefore!.value = before;
    uniforms.frameAfter!.value = after;
    uniforms.between!.value = share;
  }

  setMoment(seconds: number): void {
    this.object.material.uniforms.moment!.value = seconds;
  }

  dispose(): void {
    this.frames.dispose();
    this.ramp.dispose();
    this.object.geometry.dispose();
    this.object.material.dispose();
  }

  /** Bring the levels of a frame into one of the two attributes; most moves of the clock change nothing here. */
  private show(place: 0 | 1, frame: number): void {
    if (this.shown[place] === frame) return;
    const target = this.levels[place].array as Float32Array;
    const other = place === 0 ? 1 : 0;
    if (this.shown[other] === frame) target.set(this.levels[other].array);
    else waterLevels(this.mesh, this.flood, frame, target);
    this.shown[place] = frame;
    this.levels[place].needsUpdate = true;
  }

  private material(
    rampDepth: number,
    scene: Bounds,
    masks: { permanent: Texture; area: Texture | null },
    air: Air,
  ): ShaderMaterial {
    const uniforms = UniformsUtils.merge([UniformsLib.lights, UniformsLib.fog]);
    Object.assign(uniforms, {
      frames: { value: this.frames },
      ramp: { value: this.ramp },
      permanentWater: { value: masks.permanent },
      area: { value: masks.area },
      sceneBounds: { value: new Vector4(...boundsUniform(scene)) },
      fieldBounds: { value: new Vector4(...boundsUniform(this.mesh.field.bounds)) },
      maximum: { value: this.flood.maximum },
      rampDepth: { value: rampDepth },
      frameBefore: { value: 0 },
      frameAfter: { value: 0 },
      between: { value: 0 },
      moment: { value: 0 },
      sky: { value: air.sky },
      sunward: { value: air.sunward },
    });
    return new ShaderMaterial({
      uniforms,
      defines: masks.area ? { HAS_SURROUNDINGS: "" } : {},
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      lights: true,
      fog: true,
      transparent: true,
      depthWrite: false,
      toneMapped: false,
      polygonOffset: true,
      polygonOffsetFactor: -1,
      polygonOffsetUnits: -2,
    });
  }
}

/** All frames as layers of one texture; first row in the north, as they are packed. */
function framesTexture(flood: FloodFrames): DataArrayTexture {
  const texture = new DataArrayTexture(
    flood.values as Uint8Array<ArrayBuffer>,
    flood.columns,
    flood.rows,
    flood.times.length,
  );
  texture.format = RedFormat;
  texture.type = UnsignedByteType;
  texture.minFilter = texture.magFilter = LinearFilter;
  texture.unpackAlignment = 1;
  texture.needsUpdate = true;
  return texture;
}

function rampTexture(classes: SceneDescription["depthClasses"]): DataTexture {
  const texels = colourRamp(classes, rampDepthOf(classes)) as Uint8Array<ArrayBuffer>;
  const texture = new DataTexture(texels, RAMP_TEXELS, 1, RGBAFormat, UnsignedByteType);
  texture.colorSpace = SRGBColorSpace;
  texture.minFilter = texture.magFilter = LinearFilter;
  texture.needsUpdate = true;
  return texture;
}

function levelAttribute(mesh: MeshGrid): BufferAttribute {
  return new BufferAttribute(new Float32Array(mesh.corners), 1).setUsage(DynamicDrawUsage);
}

const VERTEX = /* glsl */ `
#include <common>
#include <fog_pars_vertex>
#include <shadowmap_pars_vertex>
attribute float levelBefore, levelAfter;
uniform float between;
varying vec3 vPlace;

void main() {
  vec3 objectNormal = vec3(0.0, 0.0, 1.0);
  #include <defaultnormal_vertex>
  vec3 transformed = vec3(position.xy, mix(levelBefore, levelAfter, between) + ${LIFT});
  vPlace = transformed;
  #include <project_vertex>
  #include <worldpos_vertex>
  #include <shadowmap_vertex>
  #include <fog_vertex>
}
`;

const FRAGMENT = /* glsl */ `
#include <common>
#include <fog_pars_fragment>
#include <bsdfs>
#include <lights_pars_begin>
#include <shadowmap_pars_fragment>
#include <shadowmask_pars_fragment>
varying vec3 vPlace;
uniform sampler2DArray frames;
uniform sampler2D ramp, permanentWater, area;
uniform vec4 sceneBounds, fieldBounds;
uniform float maximum, rampDepth, frameBefore, frameAfter, between, moment;
uniform vec3 sky, sunward;
${SHARE_OF_BOUNDS}${RIPPLES}${MIRRORED}

float depthIn(vec2 share, float frame) {
  float code = texture(frames, vec3(share.x, 1.0 - share.y, frame)).r * (255.0 / 254.0);
  return maximum * code * code;
}

void main() {
  vec2 share = shareOf(vPlace.xy, fieldBounds);
  float depth = mix(depthIn(share, frameBefore), depthIn(share, frameAfter), between);
  float open = 1.0 - smoothstep(0.3, 0.6, texture2D(permanentWater, shareOf(vPlace.xy, sceneBounds)).r);
  float shown = smoothstep(${(SHALLOWEST - 0.01).toFixed(3)}, ${(SHALLOWEST + 0.01).toFixed(3)}, depth) * open;
  if (shown < 0.02) discard;

  vec3 colour = texture2D(ramp, vec2(sqrt(min(depth / rampDepth, 1.0)), 0.5)).rgb;
  float shore = 1.0 - smoothstep(${(SHALLOWEST + 0.004).toFixed(3)}, ${(SHALLOWEST + 0.022).toFixed(3)}, depth);
  colour = mix(colour, vec3(0.86, 0.95, 0.97), 0.3 * shore);

  float steep = 0.012 + 0.03 * smoothstep(0.05, 0.4, depth);
  vec3 normal = normalize(vec3(steep * ripples(vPlace.xy, moment, length(fwidth(vPlace.xy))), 1.0));
  vec3 towardsEye = normalize(cameraPosition - vPlace);
  float lit = getShadowMask();
  colour *= mix(0.74, 1.0, lit) * (1.0 + 1.6 * dot(normal.xy, sunward.xy));
  colour = mix(colour, sky, min(mirrored(normal, towardsEye), 0.3));
  float glint = pow(max(dot(normal, normalize(towardsEye + sunward)), 0.0), 260.0);
  colour += lit * 0.3 * glint;

  float alpha = mix(0.84, 0.94, smoothstep(${SHALLOWEST.toFixed(3)}, 0.4, depth));
  #ifdef HAS_SURROUNDINGS
    alpha *= mix(0.4, 1.0, texture2D(area, shareOf(vPlace.xy, sceneBounds)).r);
  #endif
  gl_FragColor = vec4(colour, alpha * shown);
  #include <colorspace_fragment>
  #include <fog_fragment>
}
`;
