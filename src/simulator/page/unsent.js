// Keeps the messages of this tab that were not taken, so that they survive a reload.

/**
 * @typedef {{id: string, from: string, channel: string, text: string} & import("./message.js").Content} Message
 * @typedef {{mark: string, reason: string}} Trouble What became of a message that was not taken.
 */

/** For a message whose page was closed before the answer. @type {Trouble} */
const UNKNOWN = { mark: "Not sent", reason: "the page was closed before the service answered." };

/**
 * Messages of one phone, oldest first.
 * @param {string} phone
 */
export function unsentOf(phone) {
  const place = `ringback.unsent.${phone}`;
  /** @type {Map<string, {message: Message, trouble: Trouble}>} */
  const kept = new Map(read(place, phone).map((entry) => [entry.message.id, entry]));
  /** The ids of messages that are not kept any more. */
  const gone = new Set();

  function write() {
    // The same phone may have been put away and added again meanwhile.
    for (const entry of read(place, phone)) {
      if (!kept.has(entry.message.id) && !gone.has(entry.message.id)) {
        kept.set(entry.message.id, entry);
      }
    }
    try {
      if (kept.size === 0) {
        sessionStorage.removeItem(place);
      } else {
        sessionStorage.setItem(place, JSON.stringify([...kept.values()]));
      }
    } catch {
      // If the browser has no room, or keeps nothing, the page itself still shows them.
    }
  }

  return {
    /** Keeps a message, and why it was not taken, as far as that is known. */
    keep(message, trouble = UNKNOWN) {
      gone.delete(message.id);
      kept.set(message.id, { message, trouble });
      write();
    },

    /** Removes a message: it was taken, or is no longer wanted. */
    forget(id) {
      gone.add(id);
      if (kept.delete(id)) {
        write();
      }
    },

    all: () => [...kept.values()],
  };
}

function read(place, phone) {
  try {
    const entries = JSON.parse(sessionStorage.getItem(place) ?? "[]");
    return entries.filter(
      ({ message, trouble }) =>
        message.from === phone &&
        [message.id, message.channel, message.text, trouble.mark, trouble.reason].every(
          (part) => typeof part === "string",
        ),
    );
  } catch {
    return [];
  }
}
