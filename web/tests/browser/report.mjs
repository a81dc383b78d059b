/** Collects what held and what did not, so that one load of a page can answer many questions. */
export class Report {
  held = [];
  failed = [];

  /** Do one check; a failure is noted with its sentence, and the next check goes on. */
  async check(name, body) {
    const begun = Date.now();
    try {
      await body();
      this.held.push(name);
    } catch (error) {
      this.failed.push(`${name}: ${error.message}`.slice(0, 2000));
    }
    process.stderr.write(`${this.failed.at(-1)?.startsWith(name) ? "FAILED" : "held"} ${name} (${Date.now() - begun} ms)\n`);
  }

  print() {
    process.stdout.write(JSON.stringify({ held: this.held, failed: this.failed }));
  }
}
