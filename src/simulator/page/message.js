// A message on its way from the page to the service.

/** How long an answer to a message may take, a little longer than the service's own limit. */
const SEND_TIMEOUT_MILLISECONDS = 20_000;

/** The status of a message that gets no reply on a real phone and is not kept. */
const TOO_FAST = 429;

/**
 * @typedef {import("./unsent.js").Message} Message
 * @typedef {{text?: string, media?: import("./attach.js").Attached[], location?: object,
 *   button?: object, reaction?: object, profile_name?: string}} Content
 */

/**
 * Returns a new message with the id that Twilio would give it: one with files
 * has another beginning.
 * @param {string} from
 * @param {string} channel
 * @param {Content} content
 * @returns {Message}
 */
export function newMessage(from, channel, content) {
  const kind = content.media?.length > 0 ? "MM" : "SM";
  const id = `${kind}${crypto.randomUUID().replaceAll("-", "")}`;
  return { id, from, channel, text: "", ...content };
}

/**
 * Posts a message.
 * @param {Message} message
 * @returns {Promise<import("./unsent.js").Trouble | null>} What went wrong, if anything did.
 */
export async function deliver({ id, media, ...message }) {
  try {
    const files = media?.map((file) => file.id);
    const response = await fetch("/simulator/messages", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ id: id.slice(2), ...message, media: files }),
      signal: AbortSignal.timeout(SEND_TIMEOUT_MILLISECONDS),
    });
    if (response.ok) {
      return null;
    }
    const reason = (await response.text()).trim() || `the service answered ${response.status}.`;
    return { mark: response.status === TOO_FAST ? "Not taken" : "Not sent", reason };
  } catch {
    return { mark: "Not sent", reason: "the service did not answer." };
  }
}
