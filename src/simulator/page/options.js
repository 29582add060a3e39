// The options of the question that the person is asked, as the channel shows
// them: buttons below the message, or a list behind one button if there are many.
// On SMS the options are lines of the text, and their numbers can be tapped.

import { button, element } from "./elements.js";
import { openSheet } from "./sheet.js";

/** The most buttons of one message on WhatsApp. More options become a list. */
const MOST_BUTTONS = 3;

/**
 * @typedef {{id: string, label: string}} Option
 */

/**
 * The options below the last message.
 * @param {{
 *   phone: HTMLElement, root: HTMLElement, back: HTMLElement, onResize: () => void,
 *   tap: (option: Option, number: number, inList: boolean) => void,
 * }} parts
 */
export function createOptions({ phone, root, back, onResize, tap }) {
  /** @type {Option[]} */
  let options = [];
  let channel = "sms";
  let isHeld = false;
  /** Closes the list that was chosen from. */
  let closeList = () => {};

  root.setAttribute("role", "group");
  root.ariaLabel = "Options of the question";

  function show() {
    root.hidden = options.length === 0 || isHeld;
    root.className = `options ${channel}`;
    const isList = channel === "whatsapp" && options.length > MOST_BUTTONS;
    root.replaceChildren(...(isList ? [listButton()] : options.map(optionButton)));
    onResize();
  }

  function choose(option, inList) {
    // An option cannot be tapped twice: the next question has options of its own.
    isHeld = true;
    show();
    back.focus();
    tap(option, options.indexOf(option) + 1, inList);
  }

  function optionButton(option, index) {
    const number = index + 1;
    const node = button("option", channel === "sms" ? String(number) : option.label, () => choose(option, false));
    if (channel === "sms") {
      node.ariaLabel = `Send ${number}: ${option.label}`;
      node.title = option.label;
    }
    return node;
  }

  function listButton() {
    const opener = button("option list", "Choose", () => {
      const list = element("ul", "choices");
      const close = openSheet(phone, "Choose", list, opener);
      closeList = () => {
        closeList = () => {};
        close();
      };
      list.append(
        ...options.map((option) =>
          element(
            "li",
            "",
            button("", option.label, () => {
              closeList();
              choose(option, true);
            }),
          ),
        ),
      );
      list.querySelector("button").focus();
    });
    opener.ariaHasPopup = "dialog";
    return opener;
  }

  return {
    /** Shows the options of a question, which may have none. @param {Option[]} list */
    show(list) {
      if (JSON.stringify(list) !== JSON.stringify(options)) {
        closeList();
      }
      options = list;
      isHeld = false;
      show();
    },

    /** Shows the options as another channel does. */
    setChannel(name) {
      channel = name;
      show();
    },

    /** Hides the options while a message is on its way. */
    hold() {
      isHeld = true;
      show();
    },

    /** Shows the options again after a message that was not taken. */
    release() {
      isHeld = false;
      show();
    },
  };
}
