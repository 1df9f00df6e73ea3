/** scripts/build_runner.mjs puts a .wasm file's bytes into the bundle. */
declare module "*.wasm" {
  const bytes: Uint8Array;
  export default bytes;
}
