// The message box: a text, files, or both become messages.

import { createAttach } from "./attach.js";

/** How tall the message box grows before it scrolls; `chat.css` has the same number. */
const MAX_ROWS = 6;

/**
 * @param {{
 *   part: (name: string) => HTMLElement, number: string, channel: () => string, onResize: () => void,
 *   send: (content: import("./message.js").Content) => void,
 * }} phone `send` gets the content of each message.
 */
export function createComposer({ part, number, channel, onResize, send }) {
  const [form, text] = [part("composer"), part("text")];
  const submit = form.querySelector(".send");
  const attached = createAttach({
    part,
    number,
    channel,
    sendPlace: (location) => sendNamed({ location }),
    onChange: () => {
      refresh();
      onResize();
    },
  });

  function refresh() {
    submit.disabled = attached.isBusy || (text.value.trim() === "" && !attached.isReady);
  }

  /** Sends a message with the person's name, where the channel shows one. */
  function sendNamed(content) {
    const name = channel() === "whatsapp" ? attached.profileName() : "";
    send(name === "" ? content : { ...content, profile_name: name });
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    refresh();
    if (submit.disabled) {
      return;
    }
    const files = attached.take();
    const words = text.value.trim() === "" ? "" : text.value;
    if (files.length === 0 || channel() === "sms") {
      sendNamed(files.length === 0 ? { text: words } : { text: words, media: files });
    } else {
      // Elsewhere each file is a message, and the words belong to the first.
      files.forEach((file, index) => sendNamed({ text: index === 0 ? words : "", media: [file] }));
    }
    text.value = "";
    growWithText(text);
    refresh();
    onResize();
    text.focus();
  });
  text.addEventListener("input", () => {
    refresh();
    growWithText(text);
  });
  text.addEventListener("keydown", (event) => {
    // While an input method composes a word, Enter ends the word.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });

  return { sendNamed };
}

/** Lets the message box grow with its text if the browser does not do so by itself. */
function growWithText(box) {
  box.rows = 1;
  while (box.rows < MAX_ROWS && box.scrollHeight > box.clientHeight) {
    box.rows += 1;
  }
}
