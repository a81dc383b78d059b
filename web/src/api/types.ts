/** What the server says: the documents below `/v1` that the page reads. */

import type { SceneDescription } from "../core/types";

export type Text = { nl: string; en: string };

export interface SourceStamp {
  title: string;
  attribution: string;
  licence: string;
  date: string;
  state: string;
  sha256: string;
  fetchedAt: string | null;
}

export interface SceneLayer {
  name: string;
  title: string;
  count: number;
  /** Why the layer is missing, in one sentence; empty when it is there. */
  problem: string;
  collection: string | null;
  sources: SourceStamp[];
}

export interface LandCoverColour {
  theme: string;
  colour: string;
  title: Text;
}

/** `GET /v1/scene` when it is ready. */
export interface ReadyScene extends SceneDescription {
  state: "ready";
  title: string;
  date: string;
  contentHash: string;
  generated: boolean;
  layers: SceneLayer[];
  landCover: LandCoverColour[];
  attribution: string[];
}

/** `GET /v1/scene` while the data are being gathered, or when that failed. */
export interface WaitingScene {
  state: "gathering" | "failed";
  title: string;
  progress: number;
  message: string;
}

export type SceneDocument = ReadyScene | WaitingScene;

export interface Link {
  href: string;
  rel?: string;
  type?: string;
  title?: string;
}

export type ParameterValue = number | string | boolean | null;

export interface Preset {
  id: string;
  title: Text;
  description: Text;
  source: string;
  inputs: Record<string, ParameterValue>;
}

/** The part of a schema (OpenAPI 3.0) that the server uses for inputs. */
export interface InputSchema {
  type?: string;
  default?: ParameterValue;
  minimum?: number;
  exclusiveMinimum?: boolean;
  maximum?: number;
  exclusiveMaximum?: boolean;
  enum?: ParameterValue[];
  [other: string]: unknown;
}

export interface InputDescription {
  title: string;
  description: string;
  schema: InputSchema;
  "x-unit"?: string;
  /** False for what changes how long a run takes, but not what it gives. */
  "x-affects-result"?: boolean;
}

export interface Card {
  title: string;
  purpose: string;
  method: string;
  source: string;
  validity: string;
  assumptions: string;
  calibration: string;
  uncertainty: string;
  notFor: string;
  owner: string;
  licence: string;
}

export interface ProcessSummary {
  id: string;
  version: string;
  title: string;
}

export interface ProcessDescription extends ProcessSummary {
  description: string;
  inputs: Record<string, InputDescription>;
  presets: Preset[];
  card: Card;
}

export type JobStatus = "accepted" | "running" | "successful" | "failed" | "dismissed";

export interface Job {
  jobID: string;
  processID: string;
  status: JobStatus;
  message: string;
  /** 0-100 */
  progress: number;
  created: string;
  started?: string | null;
  finished?: string | null;
  model: string;
  version: string;
  parameters: Record<string, ParameterValue>;
  preset: string | null;
  warnings: string[];
  links: Link[];
}

export interface Indicator {
  id: string;
  title: string;
  value: number;
  unit: string;
  meaning: string;
  doesNotShow: string;
  thresholdSource: string;
}

export type Balance = Record<string, number>;

export interface Results {
  indicators: Indicator[];
  balance: Balance;
  files: Record<string, Link>;
}

export type Ring = [number, number][];
export type Geometry =
  | { type: "Polygon"; coordinates: Ring[] }
  | { type: "MultiPolygon"; coordinates: Ring[][] }
  | { type: "Point"; coordinates: [number, number] };

export interface Feature<P> {
  id: string;
  geometry: Geometry | null;
  properties: P;
}

/** A row of the situation's buildings; names as the layer stores them. */
export interface BuildingFacts {
  bag_id: string;
  object_id: string;
  construction_year: number | null;
  status: string;
  use: string;
  ground_height: number | null;
  roof_height: number | null;
  height: number | null;
  height_source: string;
  source_id: string;
}

/** A row of the buildings of a run. */
export interface WetBuilding {
  bag_id: string;
  object_id: string;
  max_depth: number | null;
  max_depth_at: number | null;
  above_low: boolean;
  above_high: boolean;
}

/** A row of the roads of a run. */
export interface WetRoad {
  object_id: string;
  function: string;
  surface: string;
  carriageway: boolean;
  max_depth: number | null;
  area: number;
  area_low: number;
  area_high: number;
}

/** `GET /v1/jobs/{jobId}/buildings/{featureId}` */
export interface FacadeSeries {
  featureId: string;
  bagId: string;
  maxDepth: number | null;
  maxDepthAt: number | null;
  aboveLow: boolean;
  aboveHigh: boolean;
  times: number[];
  depth: number[];
}

/** `GET /v1/jobs/{jobId}/position` */
export interface PositionValues {
  coordinates: [number, number];
  terrain: number | null;
  landCover: { theme: string; function: string; surface: string; objectId: string } | null;
  building: string | null;
  times: number[];
  depth: (number | null)[];
  maxDepth: number | null;
  arrival: number | null;
  duration: number | null;
  maxVelocity: number | null;
}
