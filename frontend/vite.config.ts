import { defineConfig } from "vitest/config";
import { earlyFiles } from "./scripts/early_files.mjs";
import { serviceWorker } from "./scripts/service_worker.mjs";
import { tfjsAliases } from "./scripts/tfjs_aliases.mjs";
import { trimmedWasm } from "./scripts/trim_wasm.mjs";

/** Where `npm run dev` finds the services: the address `make up` prints. */
const SERVICES_URL = "http://localhost:3030";

/** Says once what TensorFlow.js says at the head of each of its hundreds of files. */
const NOTICE =
  "/*! Holds parts of TensorFlow.js, Copyright Google LLC, Apache License 2.0 (https://www.apache.org/licenses/LICENSE-2.0) */";

export default defineConfig({
  base: "/",
  plugins: [trimmedWasm(), earlyFiles(), serviceWorker()],
  build: {
    target: "es2022",
    // A data: URL would need an exception in the content security policy for fetch; every asset is a hashed file.
    assetsInlineLimit: 0,
    // The polyfill is an inline script in all but name, and every browser we support preloads modules itself.
    modulePreload: { polyfill: false },
    // Swagger UI, which only the page at /api/docs loads, comes in one piece.
    chunkSizeWarningLimit: 1600,
    rolldownOptions: {
      input: {
        draw: "index.html",
        early: "src/early.ts",
        console: "console.html",
        api_docs: "api_docs.html",
      },
    },
  },
  resolve: { alias: tfjsAliases },
  worker: {
    format: "es",
    rolldownOptions: { output: { minify: true, comments: { legal: false }, postBanner: NOTICE } },
  },
  server: { proxy: { "/api": SERVICES_URL, "/models": SERVICES_URL } },
  test: {
    include: ["tests/**/*.test.ts", "src/**/*.test.ts"],
    environment: "node",
  },
});
