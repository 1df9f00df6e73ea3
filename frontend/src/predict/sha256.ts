import { sha256 as sha256InScript } from "@noble/hashes/sha2.js";

/**
 * SHA-256 of some bytes, as 64 lower-case hex digits.
 *
 * The browser's own is only there in a secure context (https or localhost); a page opened by the address of a machine
 * in the house is none, so a script stands in.
 */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  const digest = subtle ? new Uint8Array(await subtle.digest("SHA-256", bytes)) : sha256InScript(bytes);
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
