// The phone: asks for a number if the address has none, otherwise opens its chat.

import { showCallback } from "./callback.js";
import { createChat } from "./chat.js";
import { follow } from "./feed.js";
import { showNext } from "./next.js";
import { chooseNextText } from "./next-text.js";
import { numberInAddress, readNumber } from "./number.js";
import { unsentOf } from "./unsent.js";

/** How long an answer to a message may take, a little longer than the service's own limit. */
const SEND_TIMEOUT_MILLISECONDS = 20_000;

/** How tall the message box grows before it scrolls; `chat.css` has the same number. */
const MAX_ROWS = 6;

/** The status of a message that gets no reply on a real phone and is not kept. */
const TOO_FAST = 429;

const $ = (id) => document.getElementById(id);

const given = numberInAddress(location.search);
const read = given === null ? {} : readNumber(given);
if (read.phone) {
  openChat(read.phone);
} else {
  askForNumber(given ?? "", read.complaint ?? "");
}

function askForNumber(text, complaint) {
  const form = $("number-form");
  const input = $("number");

  function complain(words) {
    $("number-complaint").textContent = words;
    input.setAttribute("aria-invalid", String(words !== ""));
    input.focus();
  }

  form.addEventListener("submit", (event) => {
    const { phone, complaint } = readNumber(input.value);
    if (complaint) {
      event.preventDefault();
      complain(complaint);
    } else {
      input.value = phone;
    }
  });
  input.addEventListener("input", () => {
    $("number-complaint").textContent = "";
    input.removeAttribute("aria-invalid");
  });
  $("example").addEventListener("click", (event) => {
    input.value = event.target.textContent;
    input.focus();
  });

  $("start").hidden = false;
  input.value = text;
  complain(complaint);
}

function openChat(phone) {
  const text = $("text");
  const send = document.querySelector("#composer .send");
  const chat = createChat({ log: $("log"), scroller: $("scroller"), newest: $("newest") });
  const unsent = unsentOf(phone);
  const left = unsent.all();
  const showNextText = chooseNextText(phone);
  let channel = chooseChannel(phone);
  let unanswered = 0;

  document.title = `${phone} · Ringback`;
  $("own-number").textContent = phone;
  $("chat").hidden = false;
  text.focus();

  follow(phone, {
    turn: (turn) => {
      $("empty").hidden = true;
      chat.turn(turn);
      unsent.forget(turn.id);
    },
    text: (text) => {
      $("empty").hidden = true;
      chat.text(text);
    },
    callback: showCallback(chat.keepEnd),
    next: showNext(phone, chat.keepEnd),
    nextText: ({ becomes }) => showNextText(becomes),
    reset: () => chat.clear(),
    live: ({ start_words, next_text }) => {
      showLeft();
      showNextText(next_text);
      $("empty").textContent = howToBegin(start_words);
      showConnection("");
      $("empty").hidden = !chat.isEmpty;
      // Set only now: the history is there to be read, not to be read out.
      $("log").setAttribute("aria-live", "polite");
    },
    // The page stays as it is, and continues once the new link has been opened.
    away: (isRefused) => {
      showConnection(
        isRefused
          ? "Ringback was restarted. Open the new link that it printed, then come back here."
          : "The service cannot be reached. Trying again…",
      );
    },
  });

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
        $("empty").hidden = !chat.isEmpty;
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
    $("on-its-way").textContent = unanswered === 0 ? "" : "The answer is on its way";
    chat.keepEnd();
  }

  $("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    if (text.value.trim() === "") {
      return;
    }
    const message = { id: newId(), from: phone, channel: channel(), text: text.value };
    $("empty").hidden = true;
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
      $("composer").requestSubmit();
    }
  });
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

/** Shows the state of the connection, each state once: a screen reader reads what changes. */
function showConnection(words) {
  if ($("connection").textContent !== words) {
    $("connection").textContent = words;
  }
}

/** The channel switch. The address keeps both the channel and the number, for a reload. */
function chooseChannel(phone) {
  const radios = [...document.querySelectorAll("input[name=channel]")];
  const wanted = new URLSearchParams(location.search).get("channel");
  (radios.find((radio) => radio.value === wanted) ?? radios[0]).checked = true;
  const channel = () => radios.find((radio) => radio.checked).value;

  function show() {
    $("chat").dataset.channel = channel();
    history.replaceState(null, "", `/?${new URLSearchParams({ phone, channel: channel() })}`);
  }
  radios.forEach((radio) => radio.addEventListener("change", show));
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
