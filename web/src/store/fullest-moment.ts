import type { DepthGrid } from "../core/types";

/** Moment of the frame that holds the most water, s: where a person first wants to look. */
export function fullestMoment(depth: DepthGrid): number {
  const { rows, columns, nodata } = depth.header;
  const size = rows * columns;
  let [fullest, most] = [0, -1];
  for (let frame = 0; frame < depth.times.length; frame++) {
    let water = 0;
    for (let cell = frame * size; cell < (frame + 1) * size; cell++) {
      const code = depth.values[cell]!;
      // The encoding is a square root, so squares add up as depths do.
      if (code !== nodata) water += code * code;
    }
    if (water > most) [most, fullest] = [water, frame];
  }
  return depth.times[fullest] ?? 0;
}
