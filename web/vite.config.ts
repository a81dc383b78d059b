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
    modulePreload: false,
    // three.js is most of what is loaded; the page shows its lists while that comes.
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      treeshake: { propertyReadSideEffects: false, unknownGlobalSideEffects: false },
      output: {
        // What several parts share travels once and together: small files compress badly.
        codeSplitting: { groups: [{ name: "page", minShareCount: 2, test: /svelte|src\/(app|store|api|language|core\/(grid|quality|types))/ }] },
      },
    },
  },
  server: { proxy: { "/v1": server } },
});
