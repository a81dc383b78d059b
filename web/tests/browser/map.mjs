/** The viewer in a browser without 3D: the map and the lists say the same. */

import assert from "node:assert/strict";

import { axeHolds, canvasSpeaks, focusIsSeen, targetsAreLarge } from "./rules.mjs";

/** @param {import("./browser.mjs").Browser} browser @param {import("./report.mjs").Report} report */
export async function map(browser, report, { building }) {
  const { page } = browser;
  await browser.go("");

  await report.check("the map is there, and says why", async () => {
    await page.getByText("Deze browser kan geen 3D tekenen").waitFor();
    assert.match(await page.getByRole("application").getAttribute("aria-label"), /^Kaart van/);
    assert.match(await page.getByTestId("summary").innerText(), /gebouwen/);
  });

  await report.check("no 3D is loaded", async () => {
    const loaded = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
    assert.ok(!loaded.some((name) => name.includes("maquette")), loaded.join(" "));
  });

  for (const name of ["Antwoord", "Gebouwen", "Straten", "Balans", "Gegevens"]) {
    await report.check(`axe on ${name}`, async () => {
      await page.getByRole("tab", { name }).click();
      await page.waitForTimeout(200);
      await axeHolds(page);
      await targetsAreLarge(page);
    });
  }
  await report.check("canvas has role, name and description", () => canvasSpeaks(page));
  await report.check("focus is seen everywhere", () => focusIsSeen(page));

  await report.check("a building is chosen by a click on the map", async () => {
    await page.waitForFunction((id) => window.__morgen.labels.has(id), building.id);
    const { x, y } = await page.evaluate((id) => ({ ...window.__morgen.labels.get(id) }), building.id);
    await page.getByRole("application").click({ position: { x: Math.round(x), y: Math.round(y) } });
    await page.getByRole("article").getByText(building.bagId).waitFor();
    await page.getByText("Toon als tabel").click();
    assert.ok((await page.getByRole("article").getByRole("row").count()) > 5);
    await axeHolds(page);
  });

  await report.check("the water on the map follows the slider", async () => {
    const picture = () => page.evaluate(() => document.querySelector("#scene canvas").toDataURL());
    const peak = await picture();
    await page.getByRole("slider").focus();
    await page.keyboard.press("Home");
    await page.waitForTimeout(300);
    assert.equal(await page.getByRole("slider").getAttribute("aria-valuetext"), "Begin van de regen, het regent");
    assert.notEqual(await picture(), peak);
  });

  await report.check("keys move the map", async () => {
    await page.getByRole("application").focus();
    for (const key of ["ArrowUp", "ArrowLeft", "+", "-", "Home"]) {
      const before = await page.evaluate(() => JSON.stringify(window.__morgen.maquette.getCamera()));
      await page.keyboard.press(key);
      await page.waitForFunction((old) => JSON.stringify(window.__morgen.maquette.getCamera()) !== old, before);
    }
  });

  await report.check("a link to a run that is gone says so and offers the newest", async () => {
    await browser.go("?run=20200101-000000-abcd");
    await page.getByText("20200101-000000-abcd uit deze link bestaat niet meer").waitFor();
    await axeHolds(page);
    await page.getByRole("button", { name: "Toon de nieuwste berekening" }).click();
    await page.getByTestId("summary").waitFor();
    await page.waitForURL((address) => !address.search.includes("abcd"));
  });

  await report.check("a small screen: picture first, nothing to the side, nothing broken", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await browser.go("?tab=buildings");
    const layout = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth,
      picture: document.querySelector("#scene").getBoundingClientRect().top,
      question: document.querySelector("#question").getBoundingClientRect().top,
    }));
    assert.ok(layout.wide <= 390, `the page is ${layout.wide} px wide`);
    assert.ok(layout.picture < layout.question);
    await axeHolds(page);
    await targetsAreLarge(page);
  });

  await report.check("nothing complained and nothing was asked elsewhere", async () => {
    assert.deepEqual(await browser.complaints(), []);
  });
}

/** A twin without runs: the dry neighbourhood, and what to do. */
export async function empty(browser, report) {
  const { page } = browser;
  await browser.go("");
  await report.check("without runs there is a nudge", async () => {
    await page.getByText("Er is nog niets berekend").waitFor();
    await page.getByText("Kies of bereken een bui om het water te zien").waitFor();
    await axeHolds(page);
    assert.deepEqual(await browser.complaints(), []);
  });
}
