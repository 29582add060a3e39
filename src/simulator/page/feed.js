// Follows a phone's chat: an event stream that is opened again whenever it
// ends, from the last turn that arrived.

const RETRY_MILLISECONDS = 1000;

/**
 * @param {string} phone
 * @param {{turn: (turn: object) => void, text: (text: object) => void,
 *   callback: (callback: {name: string, path: string, results: object[]} | null) => void,
 *   next: (next: {what: string, at: string}[]) => void, nextText: (next: {becomes: string}) => void,
 *   reset: () => void, live: (news: {start_words: string[], next_text: string | null}) => void,
 *   away: (isRefused: boolean) => void}} on `isRefused` says that the service no longer accepts the page's key.
 */
export function follow(phone, on) {
  let after = 0;
  let source = null;
  let retry = 0;

  function open() {
    close();
    source = new EventSource(`/simulator/events?${new URLSearchParams({ phone, after })}`);
    source.addEventListener("turn", (event) => {
      after = Number(event.lastEventId);
      on.turn(JSON.parse(event.data));
    });
    // Texts that came by themselves have no place among the turns: all of them
    // come again after a reconnection.
    source.addEventListener("text", (event) => on.text(JSON.parse(event.data)));
    source.addEventListener("next", (event) => on.next(JSON.parse(event.data)));
    source.addEventListener("callback", (event) => on.callback(JSON.parse(event.data)));
    source.addEventListener("next_text", (event) => on.nextText(JSON.parse(event.data)));
    source.addEventListener("reset", () => {
      after = 0;
      on.reset();
    });
    source.addEventListener("live", (event) => on.live(JSON.parse(event.data)));
    // A browser gives up by itself after an answer that is not a stream (the
    // service refused it), and waits longer and longer after others. Neither is
    // acceptable.
    source.addEventListener("error", async () => {
      close();
      retry = setTimeout(open, RETRY_MILLISECONDS);
      on.away(await isRefused());
    });
  }

  function close() {
    clearTimeout(retry);
    source?.close();
    source = null;
  }

  // A browser opens at most six connections to one host. A hidden page closes
  // its own, or the seventh phone could neither receive nor send.
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  if (!document.hidden) {
    open();
  }
}

/** Returns whether the service refuses this page; an event stream does not say why it ended. */
async function isRefused() {
  try {
    const signal = AbortSignal.timeout(RETRY_MILLISECONDS);
    const response = await fetch("/simulator/icon.svg", { method: "HEAD", cache: "no-store", signal });
    return response.status === 403;
  } catch {
    return false;
  }
}
