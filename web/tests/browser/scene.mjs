/** The viewer with 3D: what a user does with one twin that has one finished run. */

import assert from "node:assert/strict";

import { axeHolds, canvasSpeaks, focusIsSeen, targetsAreLarge } from "./rules.mjs";

const PEAK = 3600;

/** @param {import("./browser.mjs").Browser} browser @param {import("./report.mjs").Report} report */
export async function scene(browser, report, { run, building }) {
  const { page } = browser;
  const camera = () => page.evaluate(() => JSON.stringify(window.__morgen.maquette.getCamera()));
  const tab = (name) => page.getByRole("tab", { name }).click();

  await browser.go("?quality=low");

  await report.check("first visit shows the newest run at its fullest", async () => {
    await page.waitForURL(/run=/);
    assert.equal(new URL(page.url()).searchParams.get("run"), run);
    assert.match(await page.getByTestId("summary").innerText(), /gebouwen/);
    assert.ok((await page.getByRole("slider").inputValue()) > 0);
  });

  await report.check("axe on the answer", () => axeHolds(page));
  await report.check("canvas has role, name and description", () => canvasSpeaks(page));
  await report.check("targets are 24 px", () => targetsAreLarge(page));
  await report.check("focus is seen everywhere", async () => {
    const met = await focusIsSeen(page);
    for (const part of ["CANVAS", "Bereken", "Speel af", "Deel", "Dichterbij", "Antwoord"]) {
      assert.ok([...met].some((name) => name.includes(part)), `${part} is not reached with Tab`);
    }
  });

  await report.check("the deepest building of the list is chosen and looked at", async () => {
    await tab("Gebouwen");
    await axeHolds(page);
    await page.getByRole("button", { name: `Toon gebouw ${building.bagId}`, exact: true }).click();
    await page.getByRole("article").getByText(building.bagId).waitFor();
    await page.waitForURL(/select=building/);
    assert.equal(await page.evaluate(() => document.activeElement.id), "place-title");
    await axeHolds(page);
    await targetsAreLarge(page);
  });

  await report.check("the same building is chosen by a click on it", async () => {
    await page.getByRole("button", { name: "Terug naar de lijst" }).click();
    await page.waitForFunction((id) => document.activeElement.id === `row-${id}`, building.id);
    await lookDownOn(page, building.id);
    const place = await placeOf(page, building.id);
    await page.getByRole("application").click({ position: place });
    await page.getByRole("article").getByText(building.bagId).waitFor();
    assert.equal(new URL(await settledAddress(page, /select=/)).searchParams.get("select"), `building:${building.id}`);
  });

  await report.check("a click on the ground gives its exact values", async () => {
    await page.keyboard.press("Escape");
    await page.evaluate(() => window.__morgen.maquette.home());
    await page.getByRole("tab", { name: "Straten" }).click();
    await axeHolds(page);
    await page.getByRole("button", { name: /^Toon rijbaan/ }).first().click();
    await page.getByRole("heading", { name: "Plek", exact: true }).waitFor();
    await page.getByText("m NAP").waitFor();
    await axeHolds(page);
  });

  for (const name of ["Balans", "Gegevens"]) {
    await report.check(`axe on ${name}`, async () => {
      await tab(name);
      await page.waitForTimeout(300);
      await axeHolds(page);
      await targetsAreLarge(page);
    });
  }

  await report.check("keys move, turn, tilt, zoom, step in time, play and pick", async () => {
    await page.getByRole("application").focus();
    for (const key of ["ArrowUp", "ArrowRight", "Shift+ArrowLeft", "Shift+ArrowUp", "+", "-", "Home"]) {
      const before = await camera();
      await page.keyboard.press(key);
      await page.waitForFunction((old) => JSON.stringify(window.__morgen.maquette.getCamera()) !== old, before, {
        timeout: 10_000,
      });
    }
    const time = Number(await page.getByRole("slider").inputValue());
    await page.keyboard.press("]");
    assert.ok(Number(await page.getByRole("slider").inputValue()) > time);
    await page.keyboard.press("[");
    assert.equal(Number(await page.getByRole("slider").inputValue()), time);
    await page.keyboard.press(" ");
    await page.getByRole("button", { name: "Pauze" }).waitFor();
    await page.keyboard.press(" ");
    await page.getByRole("button", { name: "Speel af" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Terug naar de lijst" }).waitFor();
    await page.keyboard.press("Escape");
  });

  await report.check("the buttons on the picture move it too", async () => {
    for (const name of ["Naar het westen", "Draai naar rechts", "Kijk meer van opzij", "Dichterbij"]) {
      const before = await camera();
      await page.getByRole("button", { name, exact: true }).click();
      await page.waitForFunction((old) => JSON.stringify(window.__morgen.maquette.getCamera()) !== old, before);
    }
  });

  await report.check("a shared link shows the same to another", async () => {
    await tab("Gebouwen");
    await page.getByRole("button", { name: "Deel" }).click();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    const shared = new URL(link).searchParams;
    assert.equal(shared.get("run"), run);
    assert.equal(shared.get("tab"), "buildings");
    assert.ok(shared.get("camera"));
  });

  await report.check("the other language, which is kept in the address", async () => {
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("button", { name: "Compute" }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
    await page.waitForURL(/lang=en/);
    await page.getByRole("tab", { name: "Answer" }).click();
    await axeHolds(page);
    await page.getByRole("button", { name: "Nederlands" }).click();
    await page.getByRole("button", { name: "Bereken" }).waitFor();
  });

  await report.check("the menu and the help", async () => {
    await page.locator("header summary").click();
    await axeHolds(page);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Hulp" }).click();
    await page.getByRole("dialog").waitFor();
    await axeHolds(page);
    await page.keyboard.press("Escape");
  });

  await report.check("settings are checked before they are sent", async () => {
    await page.getByText("Meer instellingen").click();
    await page.locator("#setting-rain").fill("900");
    await page.getByRole("button", { name: "Bereken" }).click();
    await page.getByRole("alert").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.id), "setting-rain");
    await axeHolds(page);
    await page.getByRole("button", { name: "Zet alles terug" }).click();
    await page.getByText("Meer instellingen").click();
  });

  await report.check("a calculation can be stopped", async () => {
    await page.getByRole("radio", { name: /160 mm/ }).check();
    await page.getByRole("button", { name: "Bereken" }).click();
    const own = page.getByTestId("own-run");
    await own.waitFor();
    await axeHolds(page);
    await own.getByRole("button", { name: "Stop" }).click();
    await page.getByText("Deze berekening is gestopt").first().waitFor({ timeout: 60_000 });
  });

  await report.check("a calculation is followed and shown when it is ready", async () => {
    await page.getByRole("radio", { name: /50 mm/ }).check();
    await page.getByRole("button", { name: "Bereken" }).click();
    await page.getByRole("progressbar").first().waitFor();
    await page.getByRole("heading", { name: /^Samenvatting: 50 mm/ }).waitFor({ timeout: 180_000 });
    assert.notEqual(new URL(await settledAddress(page, /run=/)).searchParams.get("run"), run);
    await browser.ready();
  });

  await report.check("back goes to the run before", async () => {
    await page.waitForTimeout(500);
    await page.goBack();
    await page.waitForURL(new RegExp(run));
    await browser.ready();
    assert.equal(await page.locator(".run[aria-current=true]").count(), 1);
  });

  await report.check("nothing complained and nothing was asked elsewhere", async () => {
    assert.deepEqual(await browser.complaints(), []);
  });
}

/** Water changes where the depths do, and nothing changes elsewhere. */
export async function water(browser, report, { run }) {
  const { page } = browser;
  await browser.go(`?run=${run}&time=0&quality=low&hide=trees,buildings,decks`);

  await report.check("water differs between moments where the depth differs, and not elsewhere", async () => {
    const places = await page.evaluate(wetAndDry, { run, peak: PEAK });
    assert.ok(places.wet.length >= 5 && places.dry.length >= 5, JSON.stringify(places));
    const { wet, dry } = await page.evaluate(changesAt, { places, peak: PEAK });
    assert.ok(wet.filter((change) => change > 8).length >= wet.length * 0.8, `wet places changed by ${wet}`);
    assert.ok(dry.every((change) => change <= 2), `dry places changed by ${dry}`);
  });

  await report.check("a shared link restores run, moment, layers and choice", async () => {
    await page.goto(`${browser.address}/?run=${run}&time=1200&tab=balance&hide=trees&quality=low&select=place:150415.0,450530.0`);
    await browser.ready();
    assert.equal(await page.getByRole("slider").inputValue(), "1200");
    await page.getByRole("heading", { name: "Plek", exact: true }).waitFor();
    await page.getByRole("article").getByText("150415,0 450530,0").waitFor();
    await page.locator("header summary").click();
    assert.equal(await page.getByRole("checkbox", { name: "Bomen" }).isChecked(), false);
  });

  await report.check("nothing complained", async () => assert.deepEqual(await browser.complaints(), []));

  await report.check("a server that is gone is told of", async () => {
    await browser.context.setOffline(true);
    await page.getByText("De server antwoordt niet").waitFor({ timeout: 20_000 });
    await browser.context.setOffline(false);
  });
}

/** In the page: cells that are deep at the peak, and cells that are dry with all around them at both moments. */
async function wetAndDry({ run, peak }) {
  const scene = await (await fetch("/v1/scene")).json();
  const bytes = await (await fetch(`/v1/jobs/${run}/depth`)).arrayBuffer();
  const length = new DataView(bytes).getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 8, length)));
  const { rows, columns, times, cellSize, west, north, maximum } = header;
  const frame = times.indexOf(peak) * rows * columns;
  const values = new Uint8Array(bytes, 8 + length);
  const depth = (row, column) => maximum * (values[frame + row * columns + column] / 254) ** 2;
  const known = (row, column) => values[frame + row * columns + column] !== 255;
  const water = await mask(scene.links.water, rows, columns);
  const around = (row, column, holds) => {
    for (let r = row - 3; r <= row + 3; r++) for (let c = column - 3; c <= column + 3; c++) if (!holds(r, c)) return false;
    return true;
  };
  const place = (row, column) => [west + (column + 0.5) * cellSize - scene.origin[0], north - (row + 0.5) * cellSize - scene.origin[1]];
  const [wet, dry] = [[], []];
  for (let row = 4; row < rows - 4; row++) {
    for (let column = 4; column < columns - 4; column++) {
      const land = (r, c) => water[r * columns + c] < 128;
      if (!around(row, column, (r, c) => land(r, c) && known(r, c))) continue;
      if (around(row, column, (r, c) => depth(r, c) > 0.07)) wet.push(place(row, column));
      if (around(row, column, (r, c) => depth(r, c) < 0.02)) dry.push(place(row, column));
    }
  }
  const some = (list) => list.filter((_, at) => at % Math.ceil(list.length / 12) === 0);
  return { wet: some(wet), dry: some(dry) };

  async function mask(address, height, width) {
    const picture = await createImageBitmap(await (await fetch(address)).blob());
    const context = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d");
    context.drawImage(picture, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    return Uint8Array.from({ length: width * height }, (_, at) => data[at * 4]);
  }
}

/** In the page: how much the colour at each place changes between the dry start and the peak. */
async function changesAt({ places, peak }) {
  const { maquette } = window.__morgen;
  const all = [...places.wet.map((at, n) => [`wet${n}`, at]), ...places.dry.map((at, n) => [`dry${n}`, at])];
  const frames = () => new Promise((resolve) => setTimeout(resolve, 2500));
  maquette.setCamera({ azimuth: 0, elevation: 85, distance: 420, target: [0, 0, 0] }, { instant: true });
  await frames();
  const level = maquette.getCamera().target[2];
  maquette.setMarkers(all.map(([id, [x, y]]) => ({ id, text: "", position: [x, y, level] })));
  await frames();
  const points = new Map(window.__morgen.labels);
  maquette.setMarkers([]);
  const before = await pixels();
  maquette.setTime(peak);
  await frames();
  const after = await pixels();
  const change = (id) => {
    const point = points.get(id);
    const at = (Math.round(point.y) * before.width + Math.round(point.x)) * 4;
    return Math.max(...[0, 1, 2].map((band) => Math.abs(before.data[at + band] - after.data[at + band])));
  };
  const inView = all.map(([id]) => id).filter((id) => points.has(id));
  return {
    wet: inView.filter((id) => id.startsWith("wet")).map(change),
    dry: inView.filter((id) => id.startsWith("dry")).map(change),
  };

  async function pixels() {
    const picture = await createImageBitmap(await maquette.capture());
    const canvas = Object.assign(document.createElement("canvas"), { width: picture.width, height: picture.height });
    const context = canvas.getContext("2d");
    context.drawImage(picture, 0, 0);
    return context.getImageData(0, 0, canvas.width, canvas.height);
  }
}

/** Put a building in the middle of the picture, seen almost from above. */
async function lookDownOn(page, id) {
  await page.evaluate((building) => {
    const { maquette } = window.__morgen;
    maquette.lookAt(building);
  }, id);
  await page.waitForTimeout(3000);
  await page.evaluate(() => {
    const { maquette } = window.__morgen;
    maquette.setCamera({ elevation: 80, distance: 120 }, { instant: true });
  });
  await page.waitForTimeout(3000);
}

/** Where the label of a building is on the canvas, CSS pixels. */
async function placeOf(page, id) {
  await page.waitForFunction((name) => window.__morgen.labels.has(name), id, { timeout: 10_000 });
  const { x, y } = await page.evaluate((name) => ({ ...window.__morgen.labels.get(name) }), id);
  return { x: Math.round(x), y: Math.round(y) + 4 };
}

/** The address follows a little later. */
async function settledAddress(page, pattern) {
  await page.waitForTimeout(600);
  await page.waitForURL(pattern);
  return page.url();
}
