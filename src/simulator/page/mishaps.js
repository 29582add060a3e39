// The menu “What can go wrong” of a phone: each entry lets one thing go wrong for
// this phone only, and says what the service did and why that is right.

import { element, elementWith } from "./elements.js";

/** The entries of the menu, once for all phones. */
let entries = null;

/** How many minutes pass at once. */
const MINUTES = 10;

const VERDICTS = {
  authentic: "the signature is right",
  refused: "the signature is refused",
  unsigned: "no signature is needed",
  unread: "the signature was not examined",
};

/**
 * Fills the menu of a phone.
 * @param {HTMLElement} root
 * @param {string} phone
 * @param {() => string} channel Returns the channel that is chosen.
 * @param {() => void} onResize Called when the result appears or goes.
 */
export function createMishaps(root, phone, channel, onResize) {
  const list = element("ul", "mishap-list");
  const summary = element("summary", "", "What can go wrong");
  const menu = element("details", "mishap-menu", summary, list);
  const result = elementWith("div", "mishap-result", { role: "status", hidden: true });
  root.prepend(menu);
  root.append(result);

  menu.addEventListener("toggle", async () => {
    if (!menu.open) {
      return;
    }
    putAway();
    if (list.childElementCount > 0) {
      return;
    }
    try {
      entries ??= await menuOf();
      fill(entries);
    } catch {
      entries = null;
      menu.open = false;
      tell("The service does not answer.");
    }
  });
  // The menu closes on Escape, and when something else is used.
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      event.preventDefault();
      close();
    }
  });
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget !== null && !menu.contains(relatedTarget)) {
      menu.open = false;
    }
  });

  function close() {
    menu.open = false;
    summary.focus();
  }

  function fill(entries) {
    if (list.childElementCount > 0) {
      return;
    }
    list.append(
      entry(`${MINUTES} minutes pass`, "For this phone only. Everything that falls due happens in its order.", null, pass),
      entry("Begin anew", "For this phone only. Its next message is that of a person who has never written.", null, anew),
      ...entries.map(({ what, label, does, unfit }) => entry(label, does, unfit, () => play(what, label))),
    );
  }

  function entry(label, does, unfit, act) {
    const button = elementWith("button", "", { type: "button", disabled: unfit !== null }, label);
    const about = element("span", "mishap-about", unfit === null ? does : `${unfit}.`);
    button.setAttribute("aria-description", about.textContent);
    button.addEventListener("click", () => {
      close();
      act();
    });
    return element("li", "", button, about);
  }

  /** Hides what became of the last choice. */
  function putAway() {
    result.hidden = true;
    result.replaceChildren();
    onResize();
  }

  async function pass() {
    tell(`${MINUTES} minutes pass…`);
    const response = await post("/simulator/now", { phone, minutes: MINUTES });
    tell(response?.ok ? `${MINUTES} minutes have passed for this phone.` : await complaint(response));
  }

  async function anew() {
    tell("This conversation ends…");
    const response = await post("/simulator/anew", { phone });
    tell(response?.ok ? "The next message is that of a person who has never written." : await complaint(response));
  }

  async function play(what, label) {
    tell(`${label}…`);
    const response = await post("/simulator/mishaps", { phone, channel: channel(), what });
    if (!response?.ok) {
      tell(await complaint(response));
      return;
    }
    const { status, took_ms, body, verdict, why, is_right, count } = await response.json();
    const many = count > 1 ? `${count} requests; the last one: ` : "";
    const did = `${label}: ${many}${status} in ${took_ms} ms, ${VERDICTS[verdict] ?? verdict}.`;
    const answer = element("details", "", element("summary", "", "Answer"), elementWith("pre", "", { dir: "auto" }, body));
    tell([element("strong", "", did), ` ${why}`], body === "" ? [] : [answer]);
    result.classList.toggle("is-other", !is_right);
  }

  /** Shows what became of the choice, with a button that puts this away. */
  function tell(words, rest = []) {
    const away = elementWith("button", "mishap-away", { type: "button", ariaLabel: "Put this away" }, "×");
    away.addEventListener("click", () => {
      putAway();
      summary.focus();
    });
    result.classList.remove("is-other");
    result.hidden = false;
    const said = element("p", "", ...[words].flat());
    result.replaceChildren(said, ...rest, away);
    onResize();
  }
}

async function menuOf() {
  const response = await fetch("/simulator/mishaps");
  if (!response.ok) {
    throw new Error(`${response.status}`);
  }
  return response.json();
}

/** Posts a request; `null` if no answer came. */
async function post(path, body) {
  try {
    return await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    return null;
  }
}

/** Returns a sentence that says why a request failed. */
async function complaint(response) {
  if (response === null) {
    return "The service does not answer.";
  }
  const words = (await response.text()).trim() || `the service answered ${response.status}`;
  return `${words[0].toUpperCase()}${words.slice(1)}${words.endsWith(".") ? "" : "."}`;
}
