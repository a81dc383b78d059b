/** The ground: terrain with the picture of the land cover on it, calm permanent water, and the slab that carries it. */

import {
  BufferAttribute,
  BufferGeometry,
  type DataTexture,
  Group,
  Mesh,
  MeshLambertMaterial,
  type Texture,
  Vector4,
} from "three";

import type { Bounds } from "./frame";
import type { HeightField } from "./height-field";
import type { MeshGrid } from "./mesh-grid";
import { reliefTexture } from "./relief";
import { type Air, boundsUniform, MIRRORED, patchMaterial, RIPPLES, SHARE_OF_BOUNDS } from "./shading";
import { slab } from "./slab";

const CALM_WATER = "#8ca9b0";
const WATER_EDGE = "#789399";

export interface GroundPictures {
  /** Land cover in colour, and permanent water as white on black; both cover the scene. */
  ground: Texture | null;
  water: Texture | null;
  occlusion: Texture | null;
  /** White where the area of the question is; null when all of it is. */
  area: Texture | null;
}

/** Uniforms that the maquette moves. */
export interface GroundUniforms {
  moment: { value: number };
  landCover: { value: Texture };
  occlusion: { value: Texture | null };
  /** Measures as a picture over the scene, premultiplied; where it is clear, the land cover shows. */
  sketches: { value: Texture };
}

export class Ground {
  readonly object = new Group();
  readonly uniforms: GroundUniforms;
  private readonly relief: DataTexture;
  private readonly surface: Mesh<BufferGeometry, MeshLambertMaterial>;
  private readonly sides: Mesh<BufferGeometry, MeshLambertMaterial>;

  constructor(mesh: MeshGrid, scene: Bounds, pictures: GroundPictures, air: Air, blank: Texture, nothing: Texture) {
    this.relief = reliefTexture(mesh.field);
    this.uniforms = {
      moment: { value: 0 },
      landCover: { value: pictures.ground ?? blank },
      occlusion: { value: pictures.occlusion ?? blank },
      sketches: { value: nothing },
    };
    this.surface = new Mesh(surfaceOf(mesh), this.material(mesh.field, scene, pictures, air, blank));
    this.surface.receiveShadow = true;
    this.sides = slab(mesh);
    this.object.add(this.surface, this.sides);
  }

  dispose(): void {
    this.relief.dispose();
    for (const mesh of [this.surface, this.sides]) {
      mesh.geometry.dispose();
      mesh.material.dispose();
    }
  }

  private material(
    field: HeightField,
    scene: Bounds,
    pictures: GroundPictures,
    air: Air,
    blank: Texture,
  ): MeshLambertMaterial {
    const material = new MeshLambertMaterial({ color: "#ffffff" });
    const fixed = {
      permanentWater: { value: pictures.water },
      area: { value: pictures.area },
      relief: { value: this.relief },
      sceneBounds: { value: new Vector4(...boundsUniform(scene)) },
      fieldBounds: { value: new Vector4(...boundsUniform(field.bounds)) },
      calmWater: { value: new MeshLambertMaterial({ color: CALM_WATER }).color },
      waterEdge: { value: new MeshLambertMaterial({ color: WATER_EDGE }).color },
      sky: { value: air.sky },
      sunward: { value: air.sunward },
    };
    material.defines = {
      ...(pictures.water ? { HAS_WATER: "" } : {}),
      ...(pictures.area ? { HAS_SURROUNDINGS: "" } : {}),
    };
    patchMaterial(material, "ground", { ...fixed, ...this.uniforms }, { vertex: VERTEX, fragment: FRAGMENT });
    return material;
  }
}

function surfaceOf(mesh: MeshGrid): BufferGeometry {
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(mesh.positions(), 3));
  geometry.setIndex(new BufferAttribute(mesh.triangles(), 1));
  geometry.computeBoundingSphere();
  return geometry;
}

const VERTEX = {
  fog_pars_vertex: "@\nvarying vec3 vPlace;",
  // The geometry has no normals: the ground is level here, the relief is a picture.
  beginnormal_vertex: "vec3 objectNormal = vec3(0.0, 0.0, 1.0);",
  fog_vertex: "@\nvPlace = position;",
};

const FRAGMENT = {
  fog_pars_fragment: `@
    varying vec3 vPlace;
    uniform sampler2D landCover, permanentWater, occlusion, relief, area, sketches;
    uniform vec4 sceneBounds, fieldBounds;
    uniform vec3 calmWater, waterEdge, sky, sunward;
    uniform float moment;
    uniform mat3 normalMatrix;
    ${SHARE_OF_BOUNDS}${RIPPLES}${MIRRORED}`,
  map_fragment: `
    vec2 share = shareOf(vPlace.xy, sceneBounds);
    diffuseColor.rgb = texture2D(landCover, share).rgb;
    vec4 sketched = texture2D(sketches, share);
    vec3 sketchColour = pow(sketched.rgb / max(sketched.a, 0.004), vec3(2.2));
    diffuseColor.rgb = mix(diffuseColor.rgb, sketchColour, sketched.a);
    diffuseColor.rgb *= mix(vec3(1.0), vec3(0.50, 0.47, 0.46), texture2D(occlusion, share).r);
    vec3 slope = normalize(texture2D(relief, shareOf(vPlace.xy, fieldBounds)).xyz * 2.0 - 1.0);
    float wet = 0.0;
    #ifdef HAS_WATER
      float covered = texture2D(permanentWater, share).r;
      wet = smoothstep(0.38, 0.62, covered) * (1.0 - sketched.a);
      float pixel = length(fwidth(vPlace.xy));
      if (wet > 0.0) {
        float rim = 1.0 - smoothstep(0.62, 1.0, covered);
        diffuseColor.rgb = mix(diffuseColor.rgb, mix(calmWater, waterEdge, rim * 0.7), wet);
        slope = normalize(mix(slope, vec3(0.028 * ripples(vPlace.xy, moment, pixel), 1.0), wet));
      }
    #endif
    #ifdef HAS_SURROUNDINGS
      diffuseColor.rgb = mix(diffuseColor.rgb, vec3(0.86, 0.85, 0.83), 0.55 * (1.0 - texture2D(area, share).r));
    #endif`,
  normal_fragment_begin: `
    vec3 normal = normalize(normalMatrix * slope);
    vec3 nonPerturbedNormal = normal;`,
  opaque_fragment: `
    if (wet > 0.0) {
      vec3 towardsEye = normalize(cameraPosition - vPlace);
      outgoingLight = mix(outgoingLight, sky, wet * min(mirrored(slope, towardsEye) * 1.3, 0.62));
      float glint = pow(max(dot(slope, normalize(towardsEye + sunward)), 0.0), 220.0);
      outgoingLight += wet * vec3(0.35, 0.336, 0.308) * glint;
    }
    @`,
};
