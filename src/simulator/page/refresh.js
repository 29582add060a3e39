// Asks the service again whenever there is news, one question at a time.

/**
 * Returns a function that asks. If it is called while a question is under way, the
 * question is asked once more.
 * @param {() => Promise<void>} ask Asks, and shows the answer.
 * @param {(hasFailed: boolean) => void} onEnd Called after the last question.
 */
export function createRefresh(ask, onEnd) {
  let running = null;
  let isStale = false;

  return () => {
    isStale = true;
    running ??= (async () => {
      try {
        while (isStale) {
          isStale = false;
          await ask();
        }
        onEnd(false);
      } catch {
        // The next news asks again.
        onEnd(true);
      } finally {
        running = null;
      }
    })();
  };
}
