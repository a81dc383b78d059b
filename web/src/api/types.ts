/**
 * The documents below `/v1` that the page reads. `schema.ts` is made from the server's OpenAPI document by
 * `npm run types`; here it gets the names of this page, and what a schema cannot say: which keys come together, and
 * the columns of features, which docs/layers.md describes.
 */

import type { SceneDescription } from "../core/types";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Text = Schemas["Translated"];
export type Link = Schemas["Link"];
export type SourceStamp = Schemas["SceneSource"];
export type SceneLayer = Schemas["SceneLayer"];
export type Preset = Schemas["ProcessPreset"] & { inputs: Parameters };
export type Card = Schemas["Card"];
export type ProcessSummary = Pick<Schemas["ProcessSummary"], "id" | "version" | "title">;
export type Indicator = Schemas["IndicatorValue"];
export type Balance = Schemas["Balance"]["value"];
export type FacadeSeries = Schemas["BuildingInRun"];
export type PositionValues = Schemas["Position"];

export type ParameterValue = number | string | boolean | readonly number[] | null;
export type Parameters = Readonly<Record<string, ParameterValue>>;

type SceneKeys = "title" | "date" | "contentHash" | "generated" | "layers" | "landCover" | "attribution";
/** `GET /v1/scene` when it is ready. */
export type ReadyScene = SceneDescription & Required<Pick<Schemas["Scene"], SceneKeys>> & { state: "ready" };
/** `GET /v1/scene` while the data are being gathered, or when that failed. */
export type WaitingScene = Pick<Schemas["Scene"], "title" | "progress" | "message"> & { state: "gathering" | "failed" };
export type SceneDocument = ReadyScene | WaitingScene;

/** The part of a schema (OpenAPI 3.0) that the server uses for inputs. */
export interface InputSchema {
  type?: string;
  default?: ParameterValue;
  minimum?: number;
  exclusiveMinimum?: boolean;
  maximum?: number;
  enum?: ParameterValue[];
  [other: string]: unknown;
}

export type InputDescription = Omit<Schemas["InputDescription"], "schema" | "minOccurs" | "maxOccurs"> & {
  schema: InputSchema;
};

export interface ProcessDescription extends ProcessSummary {
  description: string;
  inputs: Record<string, InputDescription>;
  presets: Preset[];
  card: Card;
}

export type Job = Omit<Schemas["StatusInfo"], "parameters"> & { parameters: Parameters };

/** The results document, sorted: numbers, and files under the names of their outputs. */
export interface Results {
  indicators: Indicator[];
  balance: Balance;
  files: Record<string, Schemas["ResultFile"]>;
}

/** What drains to the water at a place. */
export interface WaterOrigin {
  waterArea: number;
  waterVolume: number;
  ground: Geometry;
  groundArea: number;
  roofArea: number;
  buildings: string[];
  method: string;
}

/** How sure an answer is: the output `checks`, with only the checks that were made. Depths in m. */
export interface Checks {
  engines?: { wet_overlap: number | null; rmse: number; largest: number };
  resolution?: { cell_sizes: [number, number]; indicators: Record<string, { run: number; other: number }> };
  noise?: { p99: number; p999: number };
  ensemble?: { members: Record<string, number>[] };
}

export type InputOfMeasure = Pick<InputDescription, "title" | "description" | "schema" | "x-unit">;

/** A kind of measure, with the form of its values. */
export type MeasureKind = Omit<Schemas["MeasureKindDocument"], "parameters"> & {
  parameters: Record<string, InputOfMeasure>;
};

/** A scenario as a list shows it. */
export interface PlanSummary {
  name: string;
  /** Content hash: what a run names that was computed with it. */
  hash: string;
  measures: number;
  author: string;
  note: string;
}

export type Review = Schemas["ScenarioReview"];
export type Price = Schemas["ReviewPrice"];

export type Comparison = Schemas["ComparisonDocument"];
export type ComparedVariant = Schemas["Variant"];
export type ComparedIndicator = Schemas["IndicatorChange"];
export type ComparedPlaces = Schemas["PlaceChanges"];
export type ComparedPlace = Schemas["PlaceChange"];

/** The attributes of a measure: those of every kind, and the values of its own. */
export interface MeasureProperties {
  kind: string;
  year: number | null;
  note: string;
  [value: string]: ParameterValue;
}
export type MeasureFeature = Feature<MeasureProperties>;
export type NewMeasure = Omit<MeasureFeature, "id">;

/** What was read, and the tag by which a change says that it saw this. */
export interface Tagged<T> {
  document: T;
  tag: string;
}

export type Ring = [number, number][];
export type Geometry =
  | { type: "Polygon"; coordinates: Ring[] }
  | { type: "MultiPolygon"; coordinates: Ring[][] }
  | { type: "LineString"; coordinates: [number, number][] }
  | { type: "Point"; coordinates: [number, number] };

export interface Feature<P> {
  id: string;
  geometry: Geometry | null;
  properties: P;
}

/** A row of the situation's buildings. */
export interface BuildingFacts {
  bag_id: string;
  construction_year: number | null;
  status: string;
  use: string;
  ground_height: number | null;
  roof_height: number | null;
  height: number | null;
}

/** A row of the buildings of a run. */
export interface WetBuilding {
  bag_id: string;
  object_id: string;
  /** m */
  max_depth: number | null;
  /** min */
  max_depth_at: number | null;
  above_low: boolean;
  above_high: boolean;
  /** m at the likely door and above the floor, and euro; absent from runs of before they were computed. */
  door_depth?: number | null;
  depth_inside?: number | null;
  damage_low?: number | null;
  damage?: number | null;
  damage_high?: number | null;
}

/** A vulnerable place of a run: a school, care ... */
export interface Place {
  place_id: string;
  kind: string;
  /** Words of the register. */
  use: string;
  /** m */
  max_depth: number | null;
  door_depth: number | null;
  depth_inside: number | null;
  flooded: boolean;
  cut_off: boolean;
}

/** A row of the roads of a run. */
export interface WetRoad {
  function: string;
  surface: string;
  carriageway: boolean;
  /** m */
  max_depth: number | null;
  /** m2 from the low and from the high threshold. */
  area_low: number;
  area_high: number;
}
