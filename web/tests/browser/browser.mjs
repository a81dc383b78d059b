/** One browser page that is watched: whatever it complains of, and whatever it asks of another place, is a fault. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "playwright-core";

const ALWAYS = [
  "--headless=new",
  "--no-sandbox",
  "--ignore-gpu-blocklist",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const SOFTWARE = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"];
const NONE = ["--disable-gpu", "--disable-3d-apis"];

export const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export class Browser {
  /** Sentences of what went wrong while nobody asked. */
  faults = [];
  /** Statuses of refusals that a check asks for; each is forgiven once. */
  expected = [];

  /** @param {{address: string, graphics: boolean, size?: {width: number, height: number}, calm?: boolean}} options */
  static async open({ address, graphics, size = { width: 1440, height: 900 }, calm = true }) {
    const browser = new Browser();
    browser.address = address.replace(/\/$/, "");
    browser.folder = mkdtempSync(join(tmpdir(), "morgen-browser-"));
    browser.context = await chromium.launchPersistentContext(browser.folder, {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      headless: false, // the new headless mode, by its own switch
      args: [...ALWAYS, ...(graphics ? SOFTWARE : NONE)],
      viewport: size,
      reducedMotion: calm ? "reduce" : "no-preference",
      locale: "nl-NL",
      permissions: ["clipboard-read", "clipboard-write"],
    });
    await browser.context.addInitScript(() => {
      window.__violations = [];
      addEventListener("securitypolicyviolation", (event) => {
        window.__violations.push(`${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    browser.page = browser.context.pages()[0] ?? (await browser.context.newPage());
    browser.watch(browser.page);
    return browser;
  }

  watch(page) {
    page.on("console", (message) => {
      // The browser says this of every answer that is no success; which may be, `response` below decides.
      if (message.text().startsWith("Failed to load resource")) return;
      if (["error", "warning"].includes(message.type())) this.faults.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => this.faults.push(`fault: ${error.message}`));
    page.on("request", (request) => {
      const own = [this.address, "blob:", "data:"].some((start) => request.url().startsWith(start));
      if (!own) this.faults.push(`asked elsewhere: ${request.url()}`);
    });
    page.on("response", (response) => {
      const asked = this.expected.indexOf(response.status());
      if (asked >= 0) this.expected.splice(asked, 1);
      else if (response.status() >= 400) this.faults.push(`HTTP ${response.status()}: ${response.url()}`);
    });
  }

  /** The next answer with this status is what the check is about. */
  expect(status) {
    this.expected.push(status);
  }

  /** Open an address of the viewer and wait until all that it asks for is drawn. */
  async go(query = "") {
    await this.page.goto(`${this.address}/${query}`);
    await this.ready();
  }

  ready() {
    return this.page.waitForFunction(() => window.__morgen?.ready, null, { timeout: 120_000 });
  }

  /** All that went wrong so far, also inside the page. */
  async complaints() {
    const inside = await this.page.evaluate(() => [...window.__violations, ...window.__morgen.errors]);
    return [...this.faults, ...inside];
  }

  async close() {
    await this.context.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
