/**
 * The quality ladder: what a machine is asked to draw.
 *
 * `low` is for software rendering (tests, remote desktops), `normal` for an office laptop, `fine` for a good screen and a
 * graphics card. Antialiasing belongs to the drawing context and is decided when the maquette is made; everything else
 * changes while it is shown.
 */

import { NoGraphicsError, type Quality } from "./types";

export interface QualitySettings {
  antialias: boolean;
  /** Most device pixels per CSS pixel. */
  pixelRatio: number;
  /** Edge of the shadow map, texels. */
  shadowSize: number;
  /** Most triangles of the terrain; water has at most as many, where it ever comes. */
  terrainTriangles: number;
  /** Most triangles of all trees together. */
  treeTriangles: number;
  /** Thin lines along roofs and eaves. */
  edges: boolean;
  /** Water that moves. */
  ripples: boolean;
  /** Edge of the picture that darkens the foot of buildings, texels. */
  occlusionSize: number;
  /** Longest edge of the picture of measures, texels. */
  sketchSize: number;
  anisotropy: number;
}

const LADDER: Record<Quality, QualitySettings> = {
  low: {
    antialias: false,
    pixelRatio: 1,
    shadowSize: 1024,
    terrainTriangles: 32_000,
    treeTriangles: 18_000,
    edges: false,
    ripples: false,
    occlusionSize: 512,
    sketchSize: 1024,
    anisotropy: 1,
  },
  normal: {
    antialias: true,
    pixelRatio: 1.5,
    shadowSize: 2048,
    terrainTriangles: 180_000,
    treeTriangles: 90_000,
    edges: true,
    ripples: true,
    occlusionSize: 1024,
    sketchSize: 2048,
    anisotropy: 8,
  },
  fine: {
    antialias: true,
    pixelRatio: 2,
    shadowSize: 4096,
    terrainTriangles: 530_000,
    treeTriangles: 400_000,
    edges: true,
    ripples: true,
    occlusionSize: 2048,
    sketchSize: 4096,
    anisotropy: 16,
  },
};

export function settingsOf(quality: Quality): QualitySettings {
  return LADDER[quality];
}

const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render|mesa offscreen/i;
const STRONG = /nvidia|geforce|rtx|quadro|radeon (rx|pro)|apple m\d|arc\(tm\) a\d/i;

/** The quality to begin with, from the name that the graphics driver gives itself. */
export function chooseQuality(renderer: string): Quality {
  if (SOFTWARE.test(renderer)) return "low";
  return STRONG.test(renderer) ? "fine" : "normal";
}

/** The name of the graphics driver; throws `NoGraphicsError` when the browser has no WebGL 2. */
export function probeRenderer(): string {
  const context = document.createElement("canvas").getContext("webgl2");
  if (!context) throw new NoGraphicsError("this browser has no WebGL 2");
  const name = rendererName(context);
  context.getExtension("WEBGL_lose_context")?.loseContext();
  return name;
}

export function rendererName(context: WebGL2RenderingContext | WebGLRenderingContext): string {
  const extension = context.getExtension("WEBGL_debug_renderer_info");
  return String(context.getParameter(extension ? extension.UNMASKED_RENDERER_WEBGL : context.RENDERER));
}
