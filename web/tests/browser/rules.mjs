/** Accessibility: axe's rules for WCAG 2.2 AA, and what axe cannot see. */

import assert from "node:assert/strict";

import { axe } from "./browser.mjs";

const TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"];
const SMALLEST = 24;

/** No violation of axe's rules in what the page shows now. */
export async function axeHolds(page) {
  await page.evaluate(axe);
  const violations = await page.evaluate(async (tags) => {
    const found = await window.axe.run(document, { runOnly: { type: "tag", values: tags } });
    if (found.passes.length < 5) return ["axe looked at nothing"];
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
  }, TAGS);
  assert.deepEqual(violations, []);
}

/** The picture is a named tool with a description in words, and can be reached by keyboard. */
export async function canvasSpeaks(page) {
  const canvas = await page.evaluate(() => {
    const element = document.querySelector("#scene canvas");
    const described = (element.getAttribute("aria-describedby") ?? "").split(" ");
    return {
      role: element.getAttribute("role"),
      name: element.getAttribute("aria-label"),
      tabIndex: element.tabIndex,
      description: described.map((id) => document.getElementById(id)?.textContent ?? "").join(" "),
    };
  });
  assert.equal(canvas.role, "application");
  assert.equal(canvas.tabIndex, 0);
  assert.match(canvas.name, /Voorbeelddorp/);
  assert.match(canvas.description, /Pijltjes/);
  assert.match(canvas.description, /gebouwen/);
}

/** Everything to press is at least 24 by 24 CSS pixels, links inside a sentence excepted (WCAG 2.5.8). */
export async function targetsAreLarge(page) {
  const small = await page.evaluate((least) => {
    const targets = document.querySelectorAll("button, select, summary, input, a[href], [role=tab]");
    const shown = [...targets].filter((target) => target.checkVisibility({ visibilityProperty: true }));
    const boxOf = (target) => (target.closest("label") ?? target).getBoundingClientRect();
    return shown
      .filter((target) => !target.matches(".utrecht-skip-link, p a"))
      .filter((target) => boxOf(target).width < least || boxOf(target).height < least)
      .map((target) => `${target.tagName} ${target.className} '${target.textContent.trim().slice(0, 40)}'`);
  }, SMALLEST);
  assert.deepEqual(small, []);
}

/** Walk through the page with Tab: whatever has the focus can be seen, and is not under something else (WCAG 2.4.11). */
export async function focusIsSeen(page, most = 90) {
  await page.evaluate(() => {
    document.activeElement?.blur();
    scrollTo(0, 0);
  });
  const hidden = [];
  const met = new Set();
  for (let step = 0; step < most; step++) {
    await page.keyboard.press("Tab");
    const found = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const box = element.getBoundingClientRect();
      const inside = (part) => [box.left + box.width * part, box.top + box.height * part];
      const seen = [0.1, 0.3, 0.5, 0.7, 0.9].some((part) => {
        const top = document.elementFromPoint(...inside(part));
        return top && (element.contains(top) || top.contains(element) || top.closest("label")?.contains(element));
      });
      const style = getComputedStyle(element);
      const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
      const name = `${element.tagName} ${element.id} '${(element.ariaLabel ?? element.textContent).trim().slice(0, 30)}'`;
      return { name, seen, ring };
    });
    if (found === null) continue; // past the end, on the way to the beginning
    if (met.size > 20 && found.name === [...met][0]) break;
    met.add(found.name);
    if (!found.seen) hidden.push(`${found.name} is hidden`);
    if (!found.ring) hidden.push(`${found.name} has no focus ring`);
  }
  assert.deepEqual(hidden, []);
  assert.ok(met.size > 20, `only ${met.size} places are reached with Tab`);
  return met;
}
