/** A measure that is being made or changed: its place while it is drawn, and what is filled in. */

import type { Geometry, MeasureFeature, MeasureKind, NewMeasure, Ring } from "../api/types";
import { drawnAs, geometryOf, missing, type Place, type Shape, withPoint } from "./drawing";
import { measureEntries, measureValues } from "./measure-form";
import { type Entries, readNumber } from "./storm";

export class Draft {
  readonly kind: MeasureKind;
  /** Id of the measure that is changed; null for a new one. */
  readonly id: string | null;
  shape: Shape = $state("Polygon");
  points: readonly Place[] = $state.raw([]);
  /** Clicks on the picture are points now. */
  drawing = $state(false);
  entries: Entries = $state({});
  year = $state("");
  note = $state("");
  readonly geometry: Geometry | null = $derived.by(() => this.kept ?? geometryOf(this.shape, this.points));
  readonly missing = $derived.by(() => (this.kept === null ? missing(this.shape, this.points) : 0));

  /** A place with parts or holes, which is kept as it is until somebody draws another. */
  private kept: Geometry | null = $state.raw(null);
  private before: { points: readonly Place[]; kept: Geometry | null } = { points: [], kept: null };

  constructor(kind: MeasureKind, given: MeasureFeature | null = null) {
    this.kind = kind;
    this.id = given?.id ?? null;
    this.shape = kind.geometry[0]!;
    this.entries = measureEntries(kind, given?.properties ?? null);
    this.year = given?.properties.year == null ? "" : String(given.properties.year);
    this.note = given?.properties.note ?? "";
    if (given !== null) this.place(given.geometry);
  }

  /** Take a geometry as the place, such as that of a building. */
  place(geometry: Geometry | null): void {
    const drawn = drawnAs(geometry);
    this.kept = drawn === null ? geometry : null;
    if (drawn !== null) this.shape = drawn.shape;
    this.points = drawn?.points ?? [];
  }

  /** Point at a building by the outer ring of its ground plan. */
  placeOn(ring: Ring): void {
    this.place({ type: "Polygon", coordinates: [ring] });
  }

  draw(): void {
    this.before = { points: this.points, kept: this.kept };
    this.setPoints([]);
    this.drawing = true;
  }

  setShape(shape: Shape): void {
    this.shape = shape;
    this.setPoints([]);
  }

  setPoints(points: readonly Place[]): void {
    this.kept = null;
    this.points = points;
  }

  /** A click. A point is finished with one. */
  add(place: Place): void {
    this.setPoints(withPoint(this.shape, this.points, place));
    if (this.shape === "Point") this.drawing = false;
  }

  takeBack(): void {
    this.points = this.points.slice(0, -1);
  }

  /** Stop drawing when the shape is whole; tells whether it is. */
  finish(): boolean {
    if (this.missing > 0) return false;
    this.drawing = false;
    return true;
  }

  /** Stop drawing, and have the place of before back. */
  leave(): void {
    this.drawing = false;
    this.points = this.before.points;
    this.kept = this.before.kept;
  }

  /** What is sent; null as long as there is no whole place. */
  get measure(): NewMeasure | null {
    if (this.geometry === null) return null;
    const values = measureValues(this.kind, $state.snapshot(this.entries));
    const year = this.year.trim() === "" ? null : readNumber(this.year);
    return { geometry: this.geometry, properties: { ...values, kind: this.kind.id, year, note: this.note } };
  }
}
