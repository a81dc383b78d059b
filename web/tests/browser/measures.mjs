/** Measures in the viewer: a plan is made, drawn, changed by two people, computed and compared. */

import assert from "node:assert/strict";

import { axeHolds, targetsAreLarge } from "./rules.mjs";

const RD = "http://www.opengis.net/def/crs/EPSG/0/28992";

/**
 * @param {import("./browser.mjs").Browser} browser
 * @param {import("./report.mjs").Report} report
 * @param {{run: string, free: [number, number, number]}} facts `free` is a place in RD New with nothing on it, and its height
 */
export async function measures(browser, report, { run, free }) {
  const { page } = browser;
  const [x, y, z] = free;
  const list = page.getByRole("region", { name: "Maatregelen van dit plan" });
  const press = (name) => page.getByRole("button", { name, exact: true }).click();
  const drawn = () => page.getByTestId("drawn").innerText();

  await browser.go(`?run=${run}&quality=low&panel=measures`);

  await report.check("a first plan gets a name that the server takes", async () => {
    await page.getByLabel("Naam").fill("Groene straat");
    await page.getByText("Wordt bewaard als groene-straat.").waitFor();
    await axeHolds(page);
    await press("Maak het plan");
    await page.getByText("Dit plan heeft nog geen maatregelen.").waitFor();
    await page.waitForURL(/plan=groene-straat/);
  });

  await report.check("a kind is found by a word, in a group", async () => {
    await press("Voeg een maatregel toe");
    await page.getByText("36 soorten").waitFor();
    await axeHolds(page);
    await targetsAreLarge(page);
    await page.getByRole("searchbox", { name: "Zoek een maatregel" }).fill("laagte regen");
    await page.getByRole("region", { name: "Groen en bodem" }).getByRole("button", { name: /^Wadi/ }).click();
    await page.getByRole("heading", { name: "Nieuw: Wadi" }).waitFor();
    await axeHolds(page);
  });

  await report.check("its place is drawn with clicks on the ground, and finished with Enter", async () => {
    await lookDown(page, free);
    await press("Teken in de maquette");
    await axeHolds(page);
    const canvas = page.getByRole("application");
    for (const [dx, dy] of [[-5, -4], [5, -4], [5, 4], [-5, 4]]) {
      await canvas.click({ position: await pixelOf(page, [x + dx, y + dy, z]) });
    }
    await page.keyboard.press("Enter");
    assert.match(await drawn(), /^Getekend: (7\d|8\d) m²/);
    assert.equal(await page.evaluate(() => document.activeElement.id), "measure-save");
  });

  await report.check("a value outside its range is not sent", async () => {
    await page.locator("#setting-depth").fill("9");
    await press("Zet in het plan");
    await page.getByRole("alert").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.id), "setting-depth");
    await page.locator("#setting-depth").fill("0,4");
    await page.getByLabel("Jaar waarin het klaar is").fill("2028");
    await press("Zet in het plan");
    await list.getByText("klaar in 2028").waitFor();
    assert.match(await page.getByTestId("plan-cost").innerText(), /^€\s\d\.\d{3}$/);
    await axeHolds(page);
    await targetsAreLarge(page);
  });

  await report.check("with the keyboard alone, a place is put in the centre or typed", async () => {
    await press("Voeg een maatregel toe");
    await page.keyboard.type("boom");
    await page.getByRole("button", { name: /^Boom €/ }).focus();
    await page.keyboard.press("Enter");
    await page.locator("#measure-draw").focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowUp");
    await page.waitForTimeout(1500);
    await page.keyboard.press(" ");
    assert.equal(await drawn(), "De plek is gekozen.");
    await page.getByText("Plek in coördinaten").click();
    await page.getByRole("textbox", { name: "Plek in coördinaten" }).fill(`${x + 9} ${y + 1}`.replaceAll(".", ","));
    await page.locator("#measure-save").focus();
    await page.keyboard.press("Enter");
    await list.getByRole("button", { name: "Toon Boom 1" }).waitFor();
    const [tree] = (await read(page, "items")).features.slice(-1);
    assert.deepEqual(tree.geometry.coordinates, [x + 9, y + 1]);
  });

  await report.check("what the plan refuses stays in the form", async () => {
    await list.getByRole("button", { name: "Wijzig Boom 1" }).click();
    await page.getByText("Plek in coördinaten").click();
    await page.getByRole("textbox", { name: "Plek in coördinaten" }).fill("100 100");
    browser.expect(400);
    await press("Bewaar");
    await page.getByText("ligt buiten het gebied").waitFor();
    await press("Terug");
  });

  await report.check("a change is taken back and brought back", async () => {
    await press("Ongedaan maken");
    await list.getByRole("button", { name: "Toon Boom 1" }).waitFor({ state: "detached" });
    await press("Opnieuw");
    await list.getByRole("button", { name: "Toon Boom 1" }).waitFor();
  });

  await report.check("when somebody else was first, it is told and nothing is lost", async () => {
    await page.evaluate(changedByAnother, { place: [x - 9, y - 1], RD });
    browser.expect(409);
    await list.getByRole("button", { name: "Verwijder Boom 1" }).click();
    await page.getByText("Iemand anders heeft dit plan intussen gewijzigd").waitFor();
    await page.getByText("toegevoegd: tree-2").waitFor();
    await axeHolds(page);
    await press("Lees opnieuw en bewaar mijn wijziging");
    await list.getByRole("button", { name: "Toon Boom 2" }).waitFor();
    await list.getByRole("button", { name: "Toon Boom 1" }).waitFor({ state: "detached" });
  });

  await report.check("the plan is computed, and one looks without and with it at the same moment", async () => {
    await press("Bereken opnieuw met dit plan");
    const both = page.getByTestId("plan-switch");
    await both.waitFor({ timeout: 180_000 });
    const time = await page.getByRole("slider").inputValue();
    const camera = () => page.evaluate(() => JSON.stringify(window.__morgen.maquette.getCamera()));
    const before = await camera();
    await both.getByRole("button", { name: "Zonder plan" }).click();
    await page.waitForURL(new RegExp(`run=${run}`));
    assert.equal(await page.getByRole("slider").inputValue(), time);
    assert.equal(await camera(), before);
    await axeHolds(page);
    await both.getByRole("button", { name: "Met groene-straat" }).click();
    await page.waitForURL((address) => address.searchParams.get("run") !== run);
  });

  await report.check("nothing complained and nothing was asked elsewhere", async () => {
    assert.deepEqual(await browser.complaints(), []);
  });
}

/** Look straight down on a place in RD New. */
async function lookDown(page, [x, y, z]) {
  await page.evaluate(
    async ([east, north, height]) => {
      const { origin } = await (await fetch("/v1/scene")).json();
      const target = [east - origin[0], north - origin[1], height];
      window.__morgen.maquette.setCamera({ target, azimuth: 0, elevation: 80, distance: 70 }, { instant: true });
    },
    [x, y, z],
  );
  await page.waitForTimeout(2500);
}

/** Where a place in RD New is on the canvas, CSS pixels. */
async function pixelOf(page, [x, y, z]) {
  await page.evaluate(
    async ([east, north, height]) => {
      const { origin } = await (await fetch("/v1/scene")).json();
      const position = [east - origin[0], north - origin[1], height];
      window.__morgen.labels = new Map();
      window.__morgen.maquette.setMarkers([{ id: "probe", text: "", position }]);
    },
    [x, y, z],
  );
  await page.waitForFunction(() => window.__morgen.labels.has("probe"), null, { timeout: 20_000 });
  return page.evaluate(() => ({ ...window.__morgen.labels.get("probe") }));
}

/** The plan as the server has it, in RD New. */
function read(page, what) {
  return page.evaluate(
    async ([part, crs]) => (await fetch(`/v1/scenarios/groene-straat/${part}?crs=${encodeURIComponent(crs)}`)).json(),
    [what, RD],
  );
}

/** In the page: a colleague adds a tree. */
async function changedByAnother({ place, RD: crs }) {
  const plan = "/v1/scenarios/groene-straat";
  const tag = (await fetch(plan)).headers.get("ETag");
  const feature = { type: "Feature", geometry: { type: "Point", coordinates: place }, properties: { kind: "tree" } };
  const headers = { "Content-Type": "application/json", "If-Match": tag, "Content-Crs": `<${crs}>` };
  const answer = await fetch(`${plan}/items`, { method: "POST", headers, body: JSON.stringify(feature) });
  if (!answer.ok) throw new Error(await answer.text());
}
