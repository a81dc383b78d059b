/** `node run.mjs SCENARIO ADDRESS FACTS`: drives a browser through one scenario and prints what held as JSON. */

import { Browser } from "./browser.mjs";
import { empty, map } from "./map.mjs";
import { measures } from "./measures.mjs";
import { Report } from "./report.mjs";
import { scene, water } from "./scene.mjs";

const SCENARIOS = {
  scene: { play: scene, graphics: true },
  measures: { play: measures, graphics: true },
  water: { play: water, graphics: true },
  map: { play: map, graphics: false },
  empty: { play: empty, graphics: false },
};

const [scenario, address, facts] = process.argv.slice(2);
const { play, graphics } = SCENARIOS[scenario];
const report = new Report();
const browser = await Browser.open({ address, graphics });
try {
  await play(browser, report, JSON.parse(facts));
} catch (error) {
  report.failed.push(`${scenario}: ${error.stack}; the page complained: ${JSON.stringify(browser.faults)}`);
} finally {
  await browser.close();
}
report.print();
