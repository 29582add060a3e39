// Reactions to messages. WhatsApp has them; on other channels a phone writes a
// sentence that quotes the message, as an iPhone does.
//
// Each bubble has a button. The Tab key reaches only one of them, at first the
// newest; the arrow keys lead to the others.

import { button, element, icon } from "./elements.js";

/** The emoji of the menu: their names, and what an iPhone writes for them. */
const EMOJI = [
  ["👍", "Thumbs up", "Liked"],
  ["❤️", "Heart", "Loved"],
  ["😂", "Tears of joy", "Laughed at"],
  ["😮", "Surprise"],
  ["😢", "Sadness"],
  ["🙏", "Thanks"],
];

/** How much of a text the sentence quotes, so that it stays a message. */
const QUOTED = 1_400;

const SMILE = "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM9 10v.5M15 10v.5M8.5 14a4.5 4.5 0 0 0 7 0";

/**
 * @typedef {{sid: string | null, text: string, isOwn: boolean}} Target
 */

/**
 * @param {{back: HTMLElement, react: (emoji: string, target: Target) => void}} parts `back` gets the focus afterwards.
 */
export function createReactions({ back, react }) {
  /** The buttons, in the order of their bubbles. @type {HTMLButtonElement[]} */
  let openers = [];
  /** Bubbles by the ids of their messages. @type {Map<string, HTMLElement>} */
  const bubbles = new Map();

  function move(from, step) {
    const shown = openers.filter((opener) => opener.isConnected);
    const next = shown[shown.indexOf(from) + step];
    if (next) {
      from.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    }
  }

  function open(bubble, opener, target) {
    const choices = EMOJI.map(([emoji, name]) => {
      const choice = button("", emoji, () => {
        back.focus();
        react(emoji, target);
      });
      choice.ariaLabel = name;
      return choice;
    });
    const menu = element("div", "reactions", ...choices);
    menu.setAttribute("role", "group");
    menu.ariaLabel = "Reaction";
    menu.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (event.key === "Escape") {
        opener.focus();
      } else if (step) {
        event.preventDefault();
        choices[(choices.indexOf(event.target) + step + choices.length) % choices.length].focus();
      }
    });
    // The menu is there as long as it has the focus.
    menu.addEventListener("focusout", (event) => {
      if (!menu.contains(event.relatedTarget)) {
        queueMicrotask(() => menu.remove());
      }
    });
    bubble.append(menu);
    choices[0].focus();
    menu.scrollIntoView({ block: "nearest" });
  }

  return {
    /** Lets the person react to a bubble. @param {Target} target */
    offer(bubble, target) {
      const opener = button("react", icon(SMILE), () => {
        openers.forEach((other) => (other.tabIndex = -1));
        opener.tabIndex = 0;
        open(bubble, opener, target);
      });
      opener.ariaLabel = "React to this message";
      opener.ariaHasPopup = "true";
      // The button appears with each message, and must not be read out with it.
      opener.setAttribute("aria-live", "off");
      opener.addEventListener("keydown", (event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step) {
          event.preventDefault();
          move(opener, step);
        }
      });
      openers.forEach((other) => (other.tabIndex = -1));
      openers.push(opener);
      bubble.append(opener);
      if (target.sid !== null) {
        bubbles.set(target.sid, bubble);
      }
    },

    /** Shows a reaction at the bubble of a message, in place of an earlier one. */
    mark(sid, emoji) {
      const bubble = bubbles.get(sid);
      bubble?.querySelector(":scope > .badge")?.remove();
      bubble?.append(element("span", "badge", element("span", "unseen", "Your reaction: "), emoji));
    },

    /** Forgets all bubbles. */
    clear() {
      openers = [];
      bubbles.clear();
    },
  };
}

/** The sentence that a phone without reactions writes instead. @param {Target} target */
export function sentence(emoji, { text }) {
  const verb = EMOJI.find(([known]) => known === emoji)?.[2];
  const done = verb ?? `Reacted ${emoji} to`;
  if (text === "") {
    return `${done} an image`;
  }
  const letters = [...text];
  const quote = letters.length > QUOTED ? `${letters.slice(0, QUOTED).join("")}…` : text;
  return `${done} “${quote}”`;
}
