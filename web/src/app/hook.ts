/**
 * What a test may ask of the page; it changes nothing. `window.__morgen` has `ready` (the scene, and the run that was
 * asked for, are drawn), `errors` (sentences of what went wrong), `maquette` (the scene, or the map in its place) and
 * `labels` (where the markers are, in CSS pixels of the canvas).
 */

import type { Maquette, Point } from "../core/types";

export interface Hook {
  ready: boolean;
  errors: string[];
  maquette: Maquette | null;
  labels: ReadonlyMap<string, Point>;
}

declare global {
  interface Window {
    __morgen: Hook;
  }
}

export const hook: Hook = (window.__morgen = { ready: false, errors: [], maquette: null, labels: new Map() });

/** Note everything that nobody caught; returns what stops it. */
export function watchFaults(): () => void {
  const fault = (event: ErrorEvent): void => void hook.errors.push(event.message);
  const refusal = (event: PromiseRejectionEvent): void => void hook.errors.push(String(event.reason));
  addEventListener("error", fault);
  addEventListener("unhandledrejection", refusal);
  return () => {
    removeEventListener("error", fault);
    removeEventListener("unhandledrejection", refusal);
  };
}
