/** What the model stands on: nothing but its own soft shadow, fading into the background. */

import { DoubleSide, Mesh, PlaneGeometry, ShaderMaterial, Vector4 } from "three";

import { type Bounds } from "./frame";
import { boundsUniform } from "./shading";

/** Reach of the shadow, as a share of the longest side. */
const REACH_SHARE = 0.09;

export function table({ west, south, east, north }: Bounds, height: number): Mesh<PlaneGeometry, ShaderMaterial> {
  const reach = REACH_SHARE * Math.max(east - west, north - south);
  const material = new ShaderMaterial({
    uniforms: {
      bounds: { value: new Vector4(...boundsUniform({ west, south, east, north })) },
      reach: { value: reach },
    },
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    transparent: true,
    depthWrite: false,
    side: DoubleSide,
    toneMapped: false,
  });
  const mesh = new Mesh(new PlaneGeometry(east - west + 4 * reach, north - south + 4 * reach), material);
  mesh.position.set((west + east) / 2, (south + north) / 2, height);
  mesh.renderOrder = -1;
  return mesh;
}

const VERTEX = /* glsl */ `
varying vec2 vPlace;
void main() {
  vec4 place = modelMatrix * vec4(position, 1.0);
  vPlace = place.xy;
  gl_Position = projectionMatrix * viewMatrix * place;
}
`;

const FRAGMENT = /* glsl */ `
uniform vec4 bounds;
uniform float reach;
varying vec2 vPlace;
void main() {
  vec2 outside = max(max(bounds.xy - vPlace, vPlace - bounds.zw), 0.0);
  float away = length(outside) / reach;
  gl_FragColor = vec4(0.33, 0.34, 0.36, 0.34 * exp(-3.2 * away) * (1.0 - smoothstep(1.2, 1.9, away)));
  #include <colorspace_fragment>
}
`;
