/** What the keys do while the picture has the focus. */

import type { CameraStep } from "../core/types";

export type KeyAction = CameraStep | "home" | "pick" | "play" | "back" | "forward" | "leave";

const PLAIN: Readonly<Record<string, KeyAction>> = {
  ArrowUp: "north",
  ArrowDown: "south",
  ArrowRight: "east",
  ArrowLeft: "west",
  "+": "zoom-in",
  "=": "zoom-in",
  "-": "zoom-out",
  _: "zoom-out",
  "[": "back",
  "]": "forward",
  " ": "play",
  Home: "home",
  Enter: "pick",
  Escape: "leave",
};

const SHIFTED: Readonly<Record<string, KeyAction>> = {
  ArrowUp: "tilt-up",
  ArrowDown: "tilt-down",
  ArrowRight: "turn-right",
  ArrowLeft: "turn-left",
};

/** The action of a key; null for keys that belong to the browser. */
export function actionOf(
  event: Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "altKey" | "metaKey">,
): KeyAction | null {
  if (event.ctrlKey || event.altKey || event.metaKey) return null;
  return (event.shiftKey ? SHIFTED[event.key] : undefined) ?? PLAIN[event.key] ?? null;
}
