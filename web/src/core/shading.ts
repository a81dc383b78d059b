/** Small pieces of shader that several parts of the scene share, and the way to put them into a material of three.js. */

import { type Color, type Material, type WebGLProgramParametersWithUniforms } from "three";

import type { Bounds } from "./frame";

export type Uniforms = Record<string, { value: unknown }>;

/** Text to put before or in the place of `#include <chunk>`, by chunk. */
export interface Patch {
  vertex?: Record<string, string>;
  fragment?: Record<string, string>;
}

/** Change the shader of a material; `key` names the change, so that equal programs are shared. */
export function patchMaterial(material: Material, key: string, uniforms: Uniforms, patch: Patch): void {
  material.onBeforeCompile = (shader: WebGLProgramParametersWithUniforms) => {
    Object.assign(shader.uniforms, uniforms);
    shader.vertexShader = patched(shader.vertexShader, patch.vertex);
    shader.fragmentShader = patched(shader.fragmentShader, patch.fragment);
  };
  material.customProgramCacheKey = () => key;
}

function patched(source: string, changes: Record<string, string> = {}): string {
  return Object.entries(changes).reduce((text, [chunk, replacement]) => {
    const include = `#include <${chunk}>`;
    if (!text.includes(include)) throw new Error(`the shader has no '${include}' to change`);
    return text.replace(include, replacement.replace("@", include));
  }, source);
}

/** Place in a rectangle as a share of its size, west and south being zero. */
export const SHARE_OF_BOUNDS = /* glsl */ `
  vec2 shareOf(vec2 place, vec4 bounds) { return (place - bounds.xy) / (bounds.zw - bounds.xy); }
`;

export function boundsUniform({ west, south, east, north }: Bounds): [number, number, number, number] {
  return [west, south, east, north];
}

/** The slope of small waves, as seen from above; `place` in metres, fading where a wave is smaller than a pixel. */
export const RIPPLES = /* glsl */ `
  vec2 waveSlope(vec2 place, vec2 towards, float length, float speed, float moment) {
    float turn = 6.2831853 / length;
    return towards * cos(dot(place, towards) * turn + moment * speed);
  }
  vec2 ripples(vec2 place, float moment, float size) {
    vec2 bent = place + 0.6 * vec2(sin(place.y * 0.21), sin(place.x * 0.17));
    vec2 slope = waveSlope(bent, vec2(0.86, 0.51), 3.9, 1.3, moment)
      + 0.8 * waveSlope(bent, vec2(-0.42, 0.91), 2.7, 1.7, moment)
      + 0.6 * waveSlope(bent, vec2(0.97, -0.23), 1.7, 2.3, moment)
      + 0.5 * waveSlope(bent, vec2(-0.71, -0.70), 1.15, 2.9, moment);
    return slope * (1.0 - smoothstep(0.25, 1.1, size));
  }
`;

/** How much of the sky a level surface mirrors, Schlick's approximation for water. */
export const MIRRORED = /* glsl */ `
  float mirrored(vec3 normal, vec3 towardsEye) {
    float facing = clamp(dot(normal, towardsEye), 0.0, 1.0);
    return 0.02 + 0.98 * pow(1.0 - facing, 5.0);
  }
`;

export interface Air {
  /** Colour of the horizon and of what is behind everything. */
  haze: Color;
  /** Colour that water mirrors. */
  sky: Color;
  /** Direction to the sun, unit length; shared, so that it turns everywhere at once. */
  sunward: import("three").Vector3;
}
