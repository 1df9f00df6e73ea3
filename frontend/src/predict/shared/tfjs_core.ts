/**
 * What "@tensorflow/tfjs-core" means in our bundles (an alias in vite.config.ts and scripts/build_runner.mjs): the core
 * without gradients, chained operations and training, which only read weights and run a graph.
 *
 * Source: the aliases tfjs's own custom-module tool sets up, FACTS "In the browser" (128 kB -> 77 kB).
 */
import "@tensorflow/tfjs-core/dist/base_side_effects";

export * from "@tensorflow/tfjs-core/dist/base";
