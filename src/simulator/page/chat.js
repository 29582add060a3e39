// Draws a chat. Everything that a person or the bot wrote becomes text nodes, never markup.

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

/** What a turn without a reply means to the person, by the wish in the message. */
const SILENCE = {
  stop: "No reply: you get no messages until you send START",
  start: "No reply: you get messages again",
  help: "No reply: Twilio answers this word by itself",
};

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

/** Why that is not known. */
const DOUBT = {
  lost: "the answer was lost",
  no_answer: "no answer came in time",
  unreadable: "the answer could not be read",
  fault: "the provider had a fault",
  cut_off: "the service ended meanwhile",
  resent: "it was sent once more",
};

/** How far from the end a reader still counts as being there, in pixels. */
const NEAR_END = 48;

/**
 * The chat in the elements of the page. A turn is one message and its replies;
 * until the service has reported it, it is a draft at the end.
 * @param {{log: HTMLElement, scroller: HTMLElement, newest: HTMLElement}} elements
 */
export function createChat({ log, scroller, newest }) {
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
    draft(id, text) {
      const turn = element("article", "turn draft", bubble("mine", "You", text, []), note("Sending…"));
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
    turn({ id, at, body, media, replies, wish, state }) {
      const draft = drafts.get(id);
      const isNext = drafts.keys().next().value === id;
      const turn = draft ?? element("article", "turn", bubble("mine", "You", body, media), note(""));
      drafts.delete(id);
      turn.classList.remove("draft");
      setNote(turn, note(time(at, CLOCK.format(new Date(at)))));
      turn.append(
        ...replies.map((reply) => bubble("theirs", "Ringback", reply.text, reply.media)),
        unspoken(element("p", "state", replies.length === 0 ? `${SILENCE[wish] ?? "No reply"} · ` : "", element("code", "", state))),
      );
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
    text({ id, at, text, media, ...fate }) {
      const about = note(time(at, CLOCK.format(new Date(at))));
      about.append(` · by itself, ${becameOf(fate)}`);
      const known = texts.get(id);
      if (known) {
        known.dataset.state = fate.state;
        setNote(known, about);
        keepEnd();
        return;
      }
      const node = element("article", "turn unasked", bubble("theirs", "Ringback", text, media), about);
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
      lastDay = "";
    },
  };

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

/** Such as “not delivered (30003): The person's phone is not reachable.” */
function becameOf({ state, reason, code, meaning }) {
  const words = state === "failed" && reason === "refused" ? "refused" : ON_ITS_WAY[state] ?? state;
  const why = meaning ?? (state === "unknown" ? DOUBT[reason] : null);
  return `${words}${code ? ` (${code})` : ""}${why ? `: ${why}` : ""}`;
}

function dayOf(at) {
  const day = DAY.format(new Date(at));
  return day === DAY.format(new Date()) ? "Today" : day;
}

function button(className, words, onClick) {
  const node = element("button", className, words);
  node.type = "button";
  node.addEventListener("click", onClick);
  return node;
}

function setNote(turn, replacement) {
  turn?.querySelector(":scope > .note").replaceWith(replacement);
}

function note(content) {
  return unspoken(element("p", "note", content));
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

/** One message: its speaker (for screen readers), its text, its media. */
function bubble(side, speaker, text, media) {
  const node = element("div", `bubble ${side}`, element("span", "unseen", `${speaker}: `));
  if (text !== "") {
    const paragraph = element("p", "text", text);
    paragraph.dir = "auto";
    node.append(paragraph);
  }
  node.append(...media.map(mediaLink));
  return node;
}

/** Media is never fetched: the address is shown, as a link if it is safe to follow. */
function mediaLink(address) {
  const isWeb = /^https?:\/\//i.test(address) && URL.canParse(address);
  const node = element(isWeb ? "a" : "span", "media", address);
  if (isWeb) {
    node.href = address;
    node.target = "_blank";
    node.rel = "noopener noreferrer";
  }
  return node;
}

/** An element; strings among its children become text. */
function element(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className !== "") {
    node.className = className;
  }
  node.append(...children);
  return node;
}
