/**
 * Let work that is asked for while it is being done be done once more afterwards, however often it was asked for.
 *
 * @returns asks for it.
 */
export function repeatWhenAsked(work: () => Promise<void>): () => void {
  let isBusy = false;
  let isWanted = false;
  const run = async () => {
    isBusy = true;
    try {
      do {
        isWanted = false;
        await work();
      } while (isWanted);
    } finally {
      isBusy = false;
    }
  };
  return () => {
    isWanted = true;
    if (!isBusy) void run();
  };
}
