import { defineConfig, mergeConfig } from "vitest/config";

import base from "./vite.config.ts";

// A test that needs a document says so in its first line; making one costs seconds.
export default mergeConfig(
  base,
  defineConfig({ test: { environment: "node", isolate: false, include: ["src/**/*.test.ts"] } }),
);
