// Follows the chats of all phones of the page: one event stream, which is opened
// again whenever it ends, from the last turns that arrived.

const RETRY_MILLISECONDS = 1000;

/** The events of the stream; the data of each is an object. */
const EVENTS = [
  "turn", "text", "options", "callback", "next", "next_text", "place", "reset", "live", "flows", "requests",
];

/**
 * Returns the feed. `on` gets the name and the data of each event. The data names
 * the phone.
 * @param {(name: string, data: {phone?: string}) => void} on
 * @param {(isRefused: boolean) => void} away The stream has ended. `isRefused` says that the service
 *   no longer accepts the page's key.
 */
export function createFeed(on, away) {
  /** The last turn of each phone. @type {Map<string, number>} */
  const phones = new Map();
  let source = null;
  let retry = 0;
  /** How often a stream was open. */
  let opened = 0;

  function open() {
    close();
    if (phones.size === 0 || document.hidden) {
      return;
    }
    const query = [...phones].flatMap(([phone, after]) => [["phone", phone], ["after", after]]);
    source = new EventSource(`/simulator/events?${new URLSearchParams(query)}`);
    source.addEventListener("open", () => {
      opened += 1;
    });
    for (const name of EVENTS) {
      source.addEventListener(name, (event) => {
        const data = JSON.parse(event.data);
        if (name === "turn") {
          phones.set(data.phone, data.turn);
        } else if (name === "reset") {
          phones.set(data.phone, 0);
        }
        on(name, data);
      });
    }
    // A browser gives up by itself after an answer that is not a stream (the
    // service refused it), and waits longer and longer after others. Neither is
    // acceptable.
    source.addEventListener("error", async () => {
      close();
      retry = setTimeout(open, RETRY_MILLISECONDS);
      const before = opened;
      const refused = await isRefused();
      // The stream may be open again by now.
      if (opened === before) {
        away(refused);
      }
    });
  }

  function close() {
    clearTimeout(retry);
    source?.close();
    source = null;
  }

  // A browser opens at most six connections to one host. A hidden page closes
  // its own; otherwise the seventh page could neither receive nor send.
  document.addEventListener("visibilitychange", open);

  return {
    /** Follows these phones from now on. @param {string[]} wanted */
    follow(wanted) {
      for (const phone of [...phones.keys()].filter((phone) => !wanted.includes(phone))) {
        phones.delete(phone);
      }
      for (const phone of wanted.filter((phone) => !phones.has(phone))) {
        phones.set(phone, 0);
      }
      open();
    },
  };
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
