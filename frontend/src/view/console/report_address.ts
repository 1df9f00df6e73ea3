/** Where on the operator's page a run's report is: behind the #, so that it can be linked to and gone back from. */

const PATTERN = /^#report=([0-9a-f-]{36})$/;

export function reportAddress(runKey: string): string {
  return `#report=${runKey}`;
}

/** Find the run whose report an address asks for. @param hash with its #. @returns undefined when it asks for none. */
export function findReportKey(hash: string): string | undefined {
  return PATTERN.exec(hash)?.[1];
}
