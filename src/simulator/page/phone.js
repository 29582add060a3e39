// One phone: its chat, its message box, its channel.

import { showCallback } from "./callback.js";
import { createChat } from "./chat.js";
import { showNext } from "./next.js";
import { chooseNextText } from "./next-text.js";
import { partsOf } from "./parts.js";
import { unsentOf } from "./unsent.js";

/** How long an answer to a message may take, a little longer than the service's own limit. */
const SEND_TIMEOUT_MILLISECONDS = 20_000;

/** How tall the message box grows before it scrolls; `chat.css` has the same number. */
const MAX_ROWS = 6;

/** The status of a message that gets no reply on a real phone and is not kept. */
const TOO_FAST = 429;

/**
 * Makes a phone.
 * @param {string} phone Its number.
 * @param {string} wanted The channel on which it sends at first.
 * @param {() => void} onChannel Called when it sends on another one.
 */
export function createPhone(phone, wanted, onChannel) {
  const { element: root, part } = partsOf(document.getElementById("phone-template"));
  const text = part("text");
  const send = root.querySelector(".composer .send");
  const chat = createChat({ log: part("log"), scroller: part("scroller"), newest: part("newest") });
  const unsent = unsentOf(phone);
  const left = unsent.all();
  const showNextText = chooseNextText(part, phone);
  const callback = showCallback(part, chat.keepEnd);
  const next = showNext(part, phone, chat.keepEnd);
  const channel = chooseChannel(root, part("chat"), wanted, onChannel);
  let unanswered = 0;

  root.dataset.phone = phone;
  part("own-number").textContent = phone;

  /** What each event of the feed does to this phone. */
  const events = {
    turn(turn) {
      part("empty").hidden = true;
      chat.turn(turn);
      unsent.forget(turn.id);
    },
    text(text) {
      part("empty").hidden = true;
      chat.text(text);
    },
    callback: (data) => callback(data.callback),
    next: (data) => next(data.next),
    next_text: ({ becomes }) => showNextText(becomes),
    reset: () => chat.clear(),
    live({ start_words, next_text }) {
      showLeft();
      showNextText(next_text);
      part("empty").textContent = howToBegin(start_words);
      showConnection("");
      part("empty").hidden = !chat.isEmpty;
      // Set only now: the history is there to be read, not to be read out.
      part("log").setAttribute("aria-live", "polite");
    },
  };

  /** Shows the messages that an earlier load of this page left unsent, below the history. */
  function showLeft() {
    const known = new Set(unsent.all().map(({ message }) => message.id));
    for (const { message, trouble } of left.splice(0)) {
      if (known.has(message.id)) {
        chat.draft(message.id, message.text);
        showTrouble(message, trouble);
      }
    }
  }

  function showTrouble(message, trouble) {
    chat.failed(message.id, trouble, {
      // The same message again, with the same id: it is never taken twice.
      again() {
        post(message);
        text.focus();
      },
      discard() {
        unsent.forget(message.id);
        chat.discard(message.id);
        part("empty").hidden = !chat.isEmpty;
        text.focus();
      },
    });
  }

  // One after the other, or two messages could change places on the way.
  let outbox = Promise.resolve();

  function post(message) {
    chat.sending(message.id);
    unsent.keep(message);
    unanswered += 1;
    showOnItsWay();
    outbox = outbox.then(async () => {
      const trouble = await deliver(message);
      unanswered -= 1;
      showOnItsWay();
      // The feed may have reported it already, though its answer was lost.
      if (trouble !== null && chat.isDraft(message.id)) {
        unsent.keep(message, trouble);
        showTrouble(message, trouble);
      }
    });
  }

  function showOnItsWay() {
    part("on-its-way").textContent = unanswered === 0 ? "" : "The answer is on its way";
    chat.keepEnd();
  }

  part("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    if (text.value.trim() === "") {
      return;
    }
    const message = { id: newId(), from: phone, channel: channel(), text: text.value };
    part("empty").hidden = true;
    chat.draft(message.id, message.text);
    post(message);
    text.value = "";
    growWithText(text);
    send.disabled = true;
    text.focus();
  });
  text.addEventListener("input", () => {
    send.disabled = text.value.trim() === "";
    growWithText(text);
  });
  text.addEventListener("keydown", (event) => {
    // While an input method composes a word, Enter ends the word.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      part("composer").requestSubmit();
    }
  });

  /** Shows the state of the connection, each state once: a screen reader reads what changes. */
  function showConnection(words) {
    if (part("connection").textContent !== words) {
      part("connection").textContent = words;
    }
  }

  return {
    phone,
    element: root,
    channel,
    focus: () => text.focus(),
    /** Takes an event of the feed. */
    hear: (name, data) => events[name]?.(data),
    /** The feed has ended. The page stays as it is, and goes on once the new link has been opened. */
    away(isRefused) {
      showConnection(
        isRefused
          ? "Ringback was restarted. Open the new link that it printed, then come back here."
          : "The service cannot be reached. Trying again…",
      );
    },
  };
}

/** Says what to write first. @param {string[]} words Those that begin a conversation; none if any text does. */
function howToBegin(words) {
  const quoted = words.map((word) => `“${word}”`);
  const list = new Intl.ListFormat("en", { type: "disjunction" }).format(quoted);
  return `Say ${list || "anything"} to begin.`;
}

/** Lets the message box grow with its text if the browser does not do so by itself. */
function growWithText(box) {
  box.rows = 1;
  while (box.rows < MAX_ROWS && box.scrollHeight > box.clientHeight) {
    box.rows += 1;
  }
}

/** The channel switch. Returns what it is set to. */
function chooseChannel(root, chat, wanted, onChannel) {
  const radios = [...root.querySelectorAll(".channel input")];
  (radios.find((radio) => radio.value === wanted) ?? radios[0]).checked = true;
  const channel = () => radios.find((radio) => radio.checked).value;
  const show = () => {
    chat.dataset.channel = channel();
  };
  radios.forEach((radio) =>
    radio.addEventListener("change", () => {
      show();
      onChannel();
    }),
  );
  show();
  return channel;
}

/** Returns a new message's id, in the form that the service uses. */
function newId() {
  return `SM${crypto.randomUUID().replaceAll("-", "")}`;
}

/**
 * Posts a message.
 * @returns {Promise<import("./unsent.js").Trouble | null>} What went wrong, if anything did.
 */
async function deliver({ id, ...message }) {
  try {
    const response = await fetch("/simulator/messages", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ id: id.slice(2), ...message }),
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
