/** Time, chance and the browser's other gifts, in the shapes our parts ask for. */

export function later(seconds: number, callback: () => void): void {
  setTimeout(callback, seconds * 1000);
}

/** Call back every so many seconds until the returned function is called. */
export function every(seconds: number, callback: () => void): () => void {
  const timer = setInterval(callback, seconds * 1000);
  return () => clearInterval(timer);
}

/** Call back whenever the page comes into view. */
export function onVisible(callback: () => void): void {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") callback();
  });
}

/**
 * Run work while no other tab of this site runs work of that name.
 *
 * Locks are only there in a secure context, and may be forbidden with all storage; without them two tabs may send one
 * doodle twice, which the server stores once.
 */
export async function alone(name: string, work: () => Promise<void>): Promise<void> {
  const locks: LockManager | undefined = navigator.locks;
  let hasBegun = false;
  const begin = () => {
    hasBegun = true;
    return work();
  };
  try {
    await (locks ? locks.request(name, begin) : begin());
  } catch (error) {
    if (hasBegun) throw error;
    await begin();
  }
}

/** A random UUID (RFC 9562, version 4); `crypto.randomUUID` is only there in a secure context. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
