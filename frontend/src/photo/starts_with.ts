/** Tell whether a file has these bytes at a place, its start unless told otherwise. */
export function startsWith(content: DataView, bytes: readonly number[], at = 0): boolean {
  return (
    content.byteLength >= at + bytes.length &&
    bytes.every((byte, index) => content.getUint8(at + index) === byte)
  );
}
