// What can be attached to a message: files by a chooser, by dropping or by
// pasting; a contact card; a place; and the person's profile name. A file is
// uploaded at once, and waits above the message box until the message is sent.

import { button, element, icon } from "./elements.js";
import { askForContact, askForPlace, askForProfileName } from "./forms.js";

/** The most files of one message by SMS. By WhatsApp each file is a message. */
const MOST = 10;

/** The type of a file of which the browser knows no type. */
const UNKNOWN_TYPE = "application/octet-stream";

/**
 * @typedef {{id: string, path: string, name: string, type: string}} Attached
 */

/**
 * The attach button with its menu, and the files that wait.
 * @param {{
 *   part: (name: string) => HTMLElement, number: string, channel: () => string,
 *   sendPlace: (place: object) => void, onChange: () => void,
 * }} phone
 */
export function createAttach({ part, number, channel, sendPlace, onChange }) {
  const [phone, text, opener, menu] = ["chat", "text", "attach", "attach-menu"].map(part);
  /** Files, first chosen first. @type {{node: HTMLElement, file: Attached | null}[]} */
  const waiting = [];
  const chooser = element("input", "");
  const complaint = element("p", "complaint");
  const list = element("ul", "waiting");
  const where = { phone, opener };
  chooser.type = "file";
  chooser.hidden = true;
  chooser.multiple = true;
  chooser.ariaLabel = "Files to attach";
  complaint.setAttribute("role", "alert");
  part("attached").append(list, complaint, chooser);

  const items = [
    ["Picture", () => choose("image/*")],
    ["Voice note", () => choose("audio/*")],
    ["Other file", () => choose("")],
    ["Contact card", () => askForContact(where, (file) => add([file]))],
    ["Place", () => askForPlace(where, sendPlace), "whatsapp"],
    ["Profile name", () => askForProfileName(where, profileName(), keepProfileName), "whatsapp"],
  ];
  const buttons = items.map(([words, act, only]) => {
    const item = button("", words, () => {
      close();
      act();
    });
    item.dataset.only = only ?? "";
    return item;
  });
  menu.append(...buttons);
  menu.hidden = true;

  opener.addEventListener("click", () => (menu.hidden ? open() : close()));
  menu.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target);
    const shown = buttons.filter((item) => !item.hidden);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      close();
      opener.focus();
    } else if (step && at !== -1) {
      event.preventDefault();
      shown[(shown.indexOf(event.target) + step + shown.length) % shown.length].focus();
    }
  });
  phone.addEventListener("pointerdown", (event) => {
    if (!menu.hidden && !menu.contains(event.target) && !opener.contains(event.target)) {
      close();
    }
  });

  function open() {
    for (const item of buttons) {
      item.hidden = item.dataset.only !== "" && item.dataset.only !== channel();
    }
    const name = profileName();
    buttons.at(-1).textContent = name === "" ? "Profile name" : `Profile name: ${name}`;
    menu.hidden = false;
    opener.ariaExpanded = "true";
    buttons[0].focus();
  }

  function close() {
    menu.hidden = true;
    opener.ariaExpanded = "false";
  }

  function choose(accept) {
    chooser.accept = accept;
    opener.focus();
    chooser.click();
  }

  chooser.addEventListener("change", () => {
    add([...chooser.files]);
    chooser.value = "";
  });
  text.addEventListener("paste", (event) => {
    if (event.clipboardData.files.length > 0) {
      event.preventDefault();
      add([...event.clipboardData.files]);
    }
  });
  phone.addEventListener("dragover", (event) => {
    if (event.dataTransfer.types.includes("Files")) {
      event.preventDefault();
      phone.classList.add("drop");
    }
  });
  phone.addEventListener("dragleave", () => phone.classList.remove("drop"));
  phone.addEventListener("drop", (event) => {
    phone.classList.remove("drop");
    if (event.dataTransfer.files.length > 0) {
      event.preventDefault();
      add([...event.dataTransfer.files]);
    }
  });

  /** Uploads files, one after the other, so that they keep their order. */
  async function add(files) {
    complaint.textContent = "";
    for (const file of files) {
      if (waiting.length === MOST) {
        complaint.textContent = `A message has at most ${MOST} files.`;
        break;
      }
      await upload(file);
    }
    text.focus();
  }

  async function upload(file) {
    const entry = { node: element("li", "", element("span", "name", `${file.name}: attaching…`)), file: null };
    waiting.push(entry);
    list.append(entry.node);
    onChange();
    const answer = await post(file, channel());
    if (answer.complaint) {
      complaint.textContent = `${file.name}: ${answer.complaint}`;
      remove(entry);
      return;
    }
    entry.file = answer.file;
    entry.node.replaceChildren(...preview(answer.file), removal(entry));
    onChange();
  }

  function removal(entry) {
    const node = button("remove", icon("M6 6l12 12M18 6L6 18"), () => {
      remove(entry);
      text.focus();
    });
    node.ariaLabel = `Remove ${entry.file.name}`;
    return node;
  }

  function remove(entry) {
    const at = waiting.indexOf(entry);
    if (at !== -1) {
      waiting.splice(at, 1);
    }
    entry.node.remove();
    onChange();
  }

  function profileName() {
    try {
      return localStorage.getItem(`ringback.name.${number}`) ?? "";
    } catch {
      return "";
    }
  }

  function keepProfileName(name) {
    try {
      localStorage.setItem(`ringback.name.${number}`, name);
    } catch {
      complaint.textContent = "This browser could not keep the name.";
    }
    text.focus();
  }

  return {
    /** Whether files wait and all of them are uploaded. */
    get isReady() {
      return waiting.length > 0 && waiting.every(({ file }) => file !== null);
    },

    /** Whether a file is still being uploaded. */
    get isBusy() {
      return waiting.some(({ file }) => file === null);
    },

    profileName,

    /** Returns the files that wait, and forgets them here. @returns {Attached[]} */
    take() {
      const files = waiting.splice(0).map(({ file }) => file);
      list.replaceChildren();
      complaint.textContent = "";
      return files;
    },
  };
}

function preview({ path, name, type }) {
  if (!type.startsWith("image/") || type === "image/svg+xml") {
    return [element("span", "name", name)];
  }
  const image = element("img", "");
  image.src = path;
  image.alt = "";
  return [image, element("span", "name", name)];
}

/** Uploads a file. @returns {Promise<{file: Attached} | {complaint: string}>} */
async function post(file, channel) {
  try {
    const response = await fetch(`/simulator/files?channel=${channel}`, {
      method: "POST",
      headers: {
        "Content-Type": file.type || UNKNOWN_TYPE,
        "X-File-Name": encodeURIComponent(file.name.slice(-200).toWellFormed()),
      },
      body: file,
    });
    if (response.ok) {
      return { file: await response.json() };
    }
    return { complaint: (await response.text()).trim() || `the service answered ${response.status}.` };
  } catch {
    return { complaint: "the service did not answer." };
  }
}
