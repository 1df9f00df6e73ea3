/** The aliases for esbuild, whose own `alias` knows no patterns. */
import { tfjsAliases } from "./tfjs_aliases.mjs";

export const esbuildAliases = {
  name: "tfjs-aliases",
  setup({ onResolve }) {
    for (const { find, replacement } of tfjsAliases)
      onResolve({ filter: find }, () => ({ path: replacement }));
  },
};
