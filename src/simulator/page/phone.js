// One phone: its chat, its message box, its channel.

import { showCallback } from "./callback.js";
import { createChat } from "./chat.js";
import { createComposer } from "./composer.js";
import { deliver, newMessage } from "./message.js";
import { createMishaps } from "./mishaps.js";
import { showNext } from "./next.js";
import { chooseNextText } from "./next-text.js";
import { createOptions } from "./options.js";
import { partsOf } from "./parts.js";
import { createReactions, sentence } from "./react.js";
import { unsentOf } from "./unsent.js";

/**
 * Makes a phone.
 * @param {string} phone Its number.
 * @param {string} wanted The channel on which it sends at first.
 * @param {{onChannel: () => void, onWhy: (id: string) => void}} bench `onChannel` is called when it
 *   sends on another channel, and `onWhy` with the message of a turn whose reasons are asked for.
 */
export function createPhone(phone, wanted, { onChannel, onWhy }) {
  const { element: root, part } = partsOf(document.getElementById("phone-template"));
  const text = part("text");
  const reactions = createReactions({ back: text, react });
  const chat = createChat({ log: part("log"), scroller: part("scroller"), newest: part("newest"), reactions, onWhy });
  const unsent = unsentOf(phone);
  const left = unsent.all();
  const showNextText = chooseNextText(part, phone);
  const callback = showCallback(part, chat.keepEnd);
  const next = showNext(part, phone, chat.keepEnd);
  const options = createOptions({ phone: part("chat"), root: part("options"), back: text, onResize: chat.keepEnd, tap });
  const channel = chooseChannel(root, part("chat"), wanted, (channel) => {
    options.setChannel(channel);
    onChannel();
  });
  const composer = createComposer({ part, number: phone, channel, onResize: chat.keepEnd, send });
  let unanswered = 0;
  /** The bot's last message, to which a tap belongs: its id, and when it came. */
  let last = { sid: undefined, at: 0 };

  // Several phones have a list of messages each, and a screen reader tells them apart.
  part("scroller").ariaLabel = `Messages of ${phone}`;
  options.setChannel(channel());
  createMishaps(part("mishaps"), phone, channel, chat.keepEnd);

  root.dataset.phone = phone;
  part("own-number").textContent = phone;

  /** What each event of the feed does to this phone. */
  const events = {
    turn(turn) {
      part("empty").hidden = true;
      chat.turn(turn);
      came(turn.replies.at(-1)?.sid, turn.at);
      unsent.forget(turn.id);
    },
    text(text) {
      part("empty").hidden = true;
      chat.text(text);
      came(text.sid, text.at);
    },
    options: (data) => options.show(data.options),
    callback: (data) => callback(data.callback),
    next: (data) => next(data.next),
    next_text: ({ becomes }) => showNextText(becomes),
    reset: () => chat.clear(),
    live({ start_words, next_text, options: offered, callback: awaited, next: upcoming }) {
      options.show(offered);
      if (unanswered > 0) {
        options.hold();
      }
      callback(awaited);
      next(upcoming);
      showLeft();
      showNextText(next_text);
      part("empty").textContent = howToBegin(start_words);
      showConnection("");
      part("empty").hidden = !chat.isEmpty;
      // Set only now: the history is there to be read, not to be read out.
      part("log").setAttribute("aria-live", "polite");
    },
  };

  /** Takes note of a message of the bot. An older one changes nothing. */
  function came(sid, at) {
    if (sid && Date.parse(at) >= last.at) {
      last = { sid, at: Date.parse(at) };
    }
  }

  /** Shows the messages that an earlier load of this page left unsent, below the history. */
  function showLeft() {
    const known = new Set(unsent.all().map(({ message }) => message.id));
    for (const { message, trouble } of left.splice(0)) {
      if (known.has(message.id)) {
        chat.draft(message);
        showTrouble(message, trouble);
      }
    }
  }

  function showTrouble(message, trouble) {
    options.release();
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
    options.hold();
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

  /** Sends a message with this content. */
  function send(content) {
    const message = newMessage(phone, channel(), content);
    part("empty").hidden = true;
    chat.draft(message);
    post(message);
  }

  /** Sends a tap on an option: on SMS its number, as the person would write it. */
  function tap({ id, label }, number, inList) {
    composer.sendNamed(
      channel() === "sms" ? { text: String(number) } : { button: { id, label, in_list: inList, to: last.sid } },
    );
  }

  /** Sends a reaction, or the sentence that a phone writes where there are none. */
  function react(emoji, target) {
    composer.sendNamed(
      channel() === "whatsapp"
        ? { reaction: { emoji, to: target.sid, to_own: target.isOwn } }
        : { text: sentence(emoji, target) },
    );
  }

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
      onChannel(channel());
    }),
  );
  show();
  return channel;
}
