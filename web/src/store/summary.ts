/** The scene in sentences: what is drawn, which storm, which moment, what floods. For everyone who does not see it. */

import type { Feature, Indicator, Job, ReadyScene, WetBuilding } from "../api/types";
import type { Words } from "../language/words.svelte";
import type { Selection } from "./address";

export interface Shown {
  scene: ReadyScene;
  job: Job | null;
  /** The storm of the run in words. */
  storm: string;
  time: number;
  indicators: readonly Indicator[];
  /** The deepest first. */
  buildings: readonly Feature<WetBuilding>[];
  selection: Selection | null;
}

/** All sentences, the fixed ones first. */
export function summary(shown: Shown, words: Words): string[] {
  return [...place(shown, words), ...storm(shown, words), ...answer(shown, words), ...selected(shown, words)];
}

function place({ scene }: Shown, words: Words): string[] {
  const { say, format } = words;
  const count = scene.layers.find(({ name }) => name === "buildings")?.count ?? 0;
  const dated = scene.date === "" ? "" : say.summary.date(format.date(scene.date));
  const drawn = `${say.summary.drawn(scene.title, format.number(count))}${dated}.`;
  return scene.generated ? [drawn, say.summary.generated] : [drawn];
}

function storm({ job, storm: name, time }: Shown, { say, format }: Words): string[] {
  if (job === null) return [say.summary.dry];
  return [say.summary.storm(name), say.summary.moment(format.minutes(time / 60))];
}

/** What the run says, in sentences; without the moment and the picture. */
export function answer({ job, indicators, buildings }: Shown, { say, format }: Words): string[] {
  if (job === null) return [];
  const value = (id: string): string | null => {
    const found = indicators.find((item) => item.id === id);
    return found ? format.quantity(found.value, found.unit) : null;
  };
  const depth = (parameter: string): string => format.depth(Number(job.parameters[parameter]));
  const [low, high] = [value("buildings-facade-low"), value("buildings-facade-high")];
  const [road, ground, longest] = [value("road-area-low"), value("flooded-area"), value("longest-flooding")];
  const deepest = buildings[0]?.properties;
  const sentences: (string | false)[] = [
    low !== null && high !== null && say.summary.facades(low, depth("facade_low"), high, depth("facade_high")),
    road !== null && say.summary.roads(road, depth("road_low")),
    ground !== null && say.summary.ground(ground, "5 cm"),
    deepest?.max_depth != null &&
      say.summary.deepest(deepest.bag_id || deepest.object_id, format.depth(deepest.max_depth)),
    longest !== null && say.summary.longest(longest),
  ];
  return sentences.filter((sentence) => sentence !== false);
}

function selected({ selection }: Shown, { say, format }: Words): string[] {
  if (selection === null) return [];
  const what =
    selection.kind === "building"
      ? say.summary.building(selection.id)
      : say.summary.place(format.coordinate(selection.x), format.coordinate(selection.y));
  return [say.summary.selected(what)];
}
