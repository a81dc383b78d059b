/** The 3D scene: everything that the panels may use of it. */

export { GridError, depthOf, parseDepth, parseTerrain } from "./grid";
export { createMaquette } from "./maquette";
export { chooseQuality, probeRenderer } from "./quality";
export { NoGraphicsError } from "./types";
export type * from "./types";
