import { expect, it } from "vitest";

import { planName } from "./plan-name";

it.each([
  ["Groene Kerkstraat, 2030", "groene-kerkstraat-2030"],
  ["  Één plein!  ", "een-plein"],
  ["--", ""],
  ["a".repeat(80), "a".repeat(63)],
])("'%s' is kept as '%s'", (typed, kept) => {
  expect(planName(typed)).toBe(kept);
});
