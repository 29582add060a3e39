// Draws a chat. Everything that a person or the bot wrote becomes text nodes, never markup.

import { bubble } from "./bubble.js";
import { button, element } from "./elements.js";
import { becameOf, inSegments, ticks } from "./status.js";

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

/** What a turn without a reply means to the person, by the wish in the message. */
const SILENCE = {
  stop: "No reply: you get no messages until you send START",
  start: "No reply: you get messages again",
  help: "No reply: Twilio answers this word by itself",
};

/** How far from the end a reader still counts as being there, in pixels. */
const NEAR_END = 48;

/**
 * The chat in the elements of the page. A turn is one message and its replies;
 * until the service has reported it, it is a draft at the end.
 * @param {{log: HTMLElement, scroller: HTMLElement, newest: HTMLElement,
 *   reactions: ReturnType<import("./react.js").createReactions>, onWhy: (id: string) => void}} elements
 *   `onWhy` gets the message of a turn whose reasons somebody wants to see.
 */
export function createChat({ log, scroller, newest, reactions, onWhy }) {
  /** Drafts by message id, oldest first. @type {Map<string, HTMLElement>} */
  const drafts = new Map();
  /** Texts that came by themselves, by their numbers. @type {Map<number, HTMLElement>} */
  const texts = new Map();
  let lastDay = "";
  let followsEnd = true;

  scroller.addEventListener("scroll", () => {
    followsEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END;
    newest.hidden ||= followsEnd;
  });
  // The on-screen keyboard and a growing message box take room from the chat.
  new ResizeObserver(keepEnd).observe(scroller);
  newest.addEventListener("click", () => {
    scrollToEnd();
    // The button is gone now; the focus moves to where the reader looks.
    scroller.focus();
  });

  function scrollToEnd() {
    scroller.scrollTop = scroller.scrollHeight;
    followsEnd = true;
    newest.hidden = true;
  }

  function keepEnd() {
    if (followsEnd) {
      scrollToEnd();
    }
  }

  /** Follows new content for a reader at the end, and notifies a reader further up. */
  function grew() {
    newest.hidden = followsEnd;
    keepEnd();
  }

  return {
    get isEmpty() {
      return log.childElementCount === 0;
    },

    /** Follows the end after something below the chat changed, if the reader is there. */
    keepEnd,

    /** Shows a message of our own that is on its way. */
    draft({ id, text, channel, media = [], location, button: tapped, reaction }) {
      const words = tapped?.label ?? reaction?.emoji ?? text;
      const content = { text: words, channel, media, place: location };
      const turn = element("article", "turn draft", bubble("mine", "You", content), note("Sending…"));
      turn.dataset.channel = channel;
      drafts.set(id, turn);
      log.append(turn);
      scrollToEnd();
    },

    /** Marks a draft as being sent again. */
    sending(id) {
      setNote(drafts.get(id), note("Sending…"));
    },

    /** Marks a draft as not taken, and lets the person send it again or discard it. */
    failed(id, { mark, reason }, { again, discard }) {
      const words = `${mark}: ${reason} `;
      const choices = [button("again", "Try again", again), " ", button("discard", "Discard", discard)];
      setNote(drafts.get(id), element("p", "note failed", words, ...choices));
      grew();
    },

    /** Removes a draft. */
    discard(id) {
      drafts.get(id)?.remove();
      drafts.delete(id);
    },

    /** Returns whether this is still a draft. */
    isDraft: (id) => drafts.has(id),

    /** Shows a turn that the service reported; its draft, if any, becomes this turn. */
    turn({ id, at, channel, body, size, media, place, reaction_to: target, tapped, replies, wish, provider_says: words, state }) {
      const draft = drafts.get(id);
      const isNext = drafts.keys().next().value === id;
      const turn = draft ?? element("article", "turn", bubble("mine", "You", { text: body, channel, media, place }), note(""));
      const own = turn.querySelector(":scope > .mine");
      drafts.delete(id);
      turn.classList.remove("draft");
      turn.dataset.channel = channel;
      setNote(turn, note(time(at, CLOCK.format(new Date(at)))));
      turn.querySelector(":scope > .note").append(tapped ? " · tapped" : "", target ? " · a reaction" : "", ...ticks(channel, "delivered"));
      addSize(own, size);
      reactions.offer(own, { sid: id, text: body, isOwn: true });
      // The Tab key reaches that of the newest turn; the view “Why” lists all turns.
      log.querySelectorAll(".why").forEach((other) => (other.tabIndex = -1));
      turn.append(
        ...replies.map((reply) => theirs({ ...reply, channel })),
        ...(words ? [ofProvider(words)] : []),
        unspoken(element("p", "state", replies.length === 0 ? `${SILENCE[wish] ?? "No reply"} · ` : "", whyButton(id, state, onWhy))),
      );
      if (target) {
        reactions.mark(target, body);
      }
      // Turns are in the service's order, with drafts after them. The first
      // draft is in its place already and stays there, or it would be read out
      // twice.
      if (!isNext) {
        log.insertBefore(turn, firstDraft());
      }
      turn.dataset.at = at;
      beginDay(turn, at);
      grew();
    },

    /** Shows a text that came by itself, or what became of it since. */
    text({ id, sid, at, channel, text, media, size, ...fate }) {
      const about = note(time(at, CLOCK.format(new Date(at))));
      about.append(` · by itself, ${becameOf(fate)}`, ...ticks(channel, fate.state));
      const known = texts.get(id);
      if (known) {
        known.dataset.state = fate.state;
        setNote(known, about);
        // The provider's id may come with a report only.
        if (sid && !known.querySelector(".react")) {
          reactions.offer(known.querySelector(".bubble"), { sid, text, isOwn: false });
        }
        keepEnd();
        return;
      }
      const node = element("article", "turn unasked", theirs({ sid, text, media, size, channel }), about);
      node.dataset.channel = channel;
      node.dataset.state = fate.state;
      node.dataset.at = at;
      texts.set(id, node);
      const later = [...log.children].find((other) => Date.parse(other.dataset.at) > Date.parse(at));
      if (later) {
        // History: it came before a turn that is here already.
        const mark = later.previousElementSibling;
        const isOfDayBefore = mark?.classList.contains("day") && dayOf(at) !== dayOf(later.dataset.at);
        (isOfDayBefore ? mark : later).before(node);
      } else {
        log.insertBefore(node, firstDraft());
        beginDay(node, at);
      }
      grew();
    },

    /** Removes everything except drafts. */
    clear() {
      log.replaceChildren(...drafts.values());
      texts.clear();
      reactions.clear();
      lastDay = "";
    },
  };

  /** A message of the bot. */
  function theirs({ sid, text, media, size, channel }) {
    const node = bubble("theirs", "Ringback", { text, channel, media: media.map((url) => ({ url })) });
    addSize(node, size);
    if (sid) {
      reactions.offer(node, { sid, text, isOwn: false });
    }
    return node;
  }

  function firstDraft() {
    return drafts.values().next().value ?? null;
  }

  /** Writes the day above the last turn or text if it is the first of its day. */
  function beginDay(node, at) {
    const day = dayOf(at);
    if (day !== lastDay) {
      node.before(element("p", "day", time(at, day)));
      lastDay = day;
    }
  }
}

function dayOf(at) {
  const day = DAY.format(new Date(at));
  return day === DAY.format(new Date()) ? "Today" : day;
}

function setNote(turn, replacement) {
  turn?.querySelector(":scope > .note").replaceWith(replacement);
}

function note(content) {
  return unspoken(element("p", "note", content));
}

/** The state after a turn, which opens the turn's reasons. */
function whyButton(id, state, onWhy) {
  const node = button("why", "", () => onWhy(id));
  node.append(element("code", "", state));
  node.title = "Why?";
  return node;
}

/** Not read out when it appears, but there for a reader who looks for it. */
function unspoken(node) {
  node.setAttribute("aria-live", "off");
  return node;
}

function time(at, shown) {
  const node = element("time", "", shown);
  node.dateTime = at;
  return node;
}

/** What the provider answers by itself: not a text of the bot. */
function ofProvider(words) {
  const node = bubble("theirs", "Twilio", { text: words, channel: "sms" });
  node.classList.add("provider");
  node.prepend(element("span", "source", "Twilio’s own words"));
  return node;
}

/** Adds how many SMS a text is. */
function addSize(node, size) {
  const words = inSegments(size);
  if (words !== "") {
    node.append(unspoken(element("span", "size", words)));
  }
}
