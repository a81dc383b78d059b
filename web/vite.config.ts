import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// `morgen serve` answers for everything but the page itself while the viewer is being worked on.
const server = process.env.MORGEN_SERVER ?? "http://127.0.0.1:8765";

export default defineConfig({
  plugins: [svelte({ configFile: false })],
  build: {
    outDir: "../src/morgen/faces/http/static",
    emptyOutDir: true,
    target: "es2022",
    // The content security policy allows no data: scripts or inline modules.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/v1": server } },
});
