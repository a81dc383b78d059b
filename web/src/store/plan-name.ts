/** The name of a plan: what a person types, as the server keeps it. */

const LONGEST = 63;

/** Lower case letters, digits and hyphens: 'Groene Kerkstraat, 2030' is 'groene-kerkstraat-2030'; '' when nothing is left. */
export function planName(typed: string): string {
  return typed
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, "");
}
