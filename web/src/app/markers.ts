/** The labels of the picture: the deepest places, and what is chosen. */

import type { ReadyScene } from "../api/types";
import type { Marker } from "../core/types";
import type { Words } from "../language/words.svelte";
import { pointInside } from "../store/geometry";
import type { Viewer } from "../store/viewer.svelte";

export interface Label extends Marker {
  chosen: boolean;
}

export function markersOf(viewer: Viewer, scene: ReadyScene, words: Words): Label[] {
  const [east, north] = scene.origin;
  const chosen = chosenLabel(viewer, scene, words);
  const id = viewer.selection?.kind === "building" ? viewer.selection.id : null;
  const deep = viewer.answer.places
    .filter((place) => place.id !== id)
    .map((place): Label => ({
      id: place.id,
      position: [place.x - east, place.y - north, place.z],
      text: words.format.depth(place.depth),
      chosen: false,
    }));
  return chosen === null ? deep : [...deep, chosen];
}

function chosenLabel({ chosen, selection }: Viewer, scene: ReadyScene, words: Words): Label | null {
  const [east, north] = scene.origin;
  if (selection?.kind === "building" && chosen.facts !== null) {
    const point = pointInside(chosen.facts.geometry);
    if (point === null) return null;
    const { roof_height: roof, ground_height: ground } = chosen.facts.properties;
    const depth = chosen.facade?.maxDepth;
    const text = depth == null || depth <= 0 ? words.say.place.building : words.format.depth(depth);
    return { id: selection.id, position: [point[0] - east, point[1] - north, roof ?? ground ?? 0], text, chosen: true };
  }
  if (selection?.kind !== "place") return null;
  const { place } = chosen;
  const text =
    place?.maxDepth == null || place.maxDepth <= 0 ? words.say.place.spot : words.format.depth(place.maxDepth);
  return { id: "place", position: [selection.x - east, selection.y - north, place?.terrain ?? 0], text, chosen: true };
}
