// What stands below a message: its time, its size as SMS, and what became of a
// text that came by itself.

import { element } from "./elements.js";

/** What became of a text that came by itself. */
const ON_ITS_WAY = {
  accepted: "on its way",
  sent: "sent",
  delivered: "delivered",
  read: "read",
  failed: "not sent",
  undelivered: "not delivered",
  unknown: "unknown whether it was sent",
};

/** Why it is not known whether a text was sent. */
const DOUBT = {
  lost: "the answer was lost",
  no_answer: "no answer came in time",
  unreadable: "the answer could not be read",
  fault: "the provider had a fault",
  cut_off: "the service ended meanwhile",
  resent: "it was sent once more",
};

/** The marks with which WhatsApp shows the same. Screen readers get the words. */
const TICKS = { accepted: "🕓", sent: "✓", delivered: "✓✓", read: "✓✓" };

/** Such as “not delivered (30003): The person's phone is not reachable.” */
export function becameOf({ state, reason, code, meaning }) {
  const words = state === "failed" && reason === "refused" ? "refused" : ON_ITS_WAY[state] ?? state;
  const why = meaning ?? (state === "unknown" ? DOUBT[reason] : null);
  return `${words}${code ? ` (${code})` : ""}${why ? `: ${why}` : ""}`;
}

/** WhatsApp's mark for a state; nothing on other channels. @returns {Node[]} */
export function ticks(channel, state) {
  if (channel !== "whatsapp" || !Object.hasOwn(TICKS, state)) {
    return [];
  }
  const node = element("span", `ticks ${state}`, TICKS[state]);
  node.ariaHidden = "true";
  return [" ", node];
}

/**
 * Such as “2 segments (UCS-2, because of ’)”; empty for a message without segments.
 * @param {{segments: number, units: number, encoding: string, forced_by: string | null} | null} size
 */
export function inSegments(size) {
  if (!size) {
    return "";
  }
  const { segments, encoding, forced_by: sign } = size;
  const words = `${segments} ${segments === 1 ? "segment" : "segments"}`;
  return sign === null ? words : `${words} (${encoding}, because of ${named(sign)})`;
}

/** A character, or its number if the character is invisible. */
function named(character) {
  const isSeen = !/[\p{C}\p{Z}\p{M}]/u.test(character);
  return isSeen ? character : `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}
