// The view “Why”: each turn of the phone that was used last, with what explains it.
// The last conversation can be saved as a chat file from here.

import { createCopy } from "./copy.js";
import { button, element, elementWith } from "./elements.js";
import { createRefresh } from "./refresh.js";
import { parts as requestParts, section, table } from "./requests.js";

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit", second: "2-digit" });

/** What began a turn, if it was no message. */
const CAUSES = { silence: "Silence", call: "The answer of a call", callback: "A callback" };

/**
 * @typedef {{name: string, before: string | null, after: string | null}} Change
 * @typedef {{at: string, what: string, message: string | null, came: string, rules: string[], path: string,
 *   before: {state: string, language: string | null, tries: number},
 *   after: {state: string, language: string | null, tries: number}, variables: Change[],
 *   calls: {request: string, headers: [string, string][], body: string | null}[], costs: string[],
 *   lines: string[]}} Turn
 */

/**
 * Shows the turns in an element.
 * @param {HTMLElement} root
 * @param {{current: () => string, onCurrent: (callback: (phone: string) => void) => void,
 *   on: (event: string, callback: (data: object) => void) => void}} bench
 */
export function createWhy(root, bench) {
  const words = elementWith("p", "why-words", { role: "status" });
  const save = elementWith("a", "request-copy", { download: "" }, "Save as a chat file");
  const list = elementWith("ol", "requests", { ariaLabel: "Turns, newest first" });
  /** The turns that are shown, by what tells them apart. @type {Map<string, HTMLElement>} */
  const shown = new Map();
  /** The message whose turn is to be opened as soon as it is here. */
  let wanted = null;
  let phone = "";

  const look = createRefresh(ask, (hasFailed) => {
    if (hasFailed) {
      words.textContent = "The turns cannot be read at the moment.";
    }
  });
  root.append(element("div", "requests-bar", words, save), list);
  bench.onCurrent((current) => {
    phone = current;
    shown.clear();
    list.replaceChildren();
    save.href = `/simulator/chat?${new URLSearchParams({ phone })}`;
    look();
  });
  for (const event of ["turn", "text", "place", "live"]) {
    bench.on(event, (data) => {
      if (data.phone === phone) {
        look();
      }
    });
  }

  async function ask() {
    const asked = phone;
    const response = await fetch(`/simulator/turns?${new URLSearchParams({ phone: asked })}`);
    if (!response.ok) {
      throw new Error(`${response.status}`);
    }
    const { turns } = await response.json();
    if (asked === phone) {
      show(turns);
    }
  }

  /** @param {Turn[]} turns */
  function show(turns) {
    const keys = turns.map(({ at, what, message, after }) => `${at} ${message ?? what} ${after.state}`);
    for (const [key, item] of shown) {
      if (!keys.includes(key)) {
        item.remove();
        shown.delete(key);
      }
    }
    turns.forEach((turn, index) => {
      if (!shown.has(keys[index])) {
        const item = showTurn(turn);
        shown.set(keys[index], item);
        list.prepend(item);
      }
    });
    save.hidden = turns.length === 0;
    words.textContent =
      turns.length === 0
        ? `${phone} has sent nothing since the service started.`
        : `${turns.length} ${turns.length === 1 ? "turn" : "turns"} of ${phone}`;
    open();
    if (wanted !== null) {
      wanted = null;
      words.textContent = "The reasons of that turn are not known: it was taken before the service started, or by another process.";
    }
  }

  /** Opens the turn that is wanted, if it is here. */
  function open() {
    const item = wanted && list.querySelector(`[data-message="${CSS.escape(wanted)}"]`);
    if (!item) {
      return;
    }
    wanted = null;
    const details = item.querySelector("details");
    details.open = true;
    details.querySelector("summary").focus();
    item.scrollIntoView({ block: "start" });
  }

  return {
    /** Opens the turn of a message. @param {string} message Its id. */
    open(message) {
      wanted = message;
      open();
      look();
    },
  };
}

/** One turn: a line that opens to the rest, which is made when it is first opened. */
function showTurn(turn) {
  const what = turn.what === "message" ? turn.came || "(no text)" : CAUSES[turn.what];
  const moved = turn.before.state === turn.after.state ? turn.after.state : `${turn.before.state} → ${turn.after.state}`;
  const details = element(
    "details",
    "",
    element(
      "summary",
      "why-summary",
      elementWith("span", "request-said", { dir: "auto" }, what),
      element("span", "request-about", `${CLOCK.format(new Date(turn.at))} · ${moved}`),
    ),
  );
  details.addEventListener("toggle", () => details.append(...parts(turn)), { once: true });
  const item = element("li", "", details);
  if (turn.message !== null) {
    item.dataset.message = turn.message;
  }
  return item;
}

function parts(turn) {
  const { what, came, rules, path, before, after, variables, calls, costs, lines, message } = turn;
  const languages = before.language === after.language ? [] : [["Language", `${before.language ?? "none"} → ${after.language}`]];
  const tries = after.tries === 0 ? [] : [["Invalid answers", `${after.tries}`]];
  return [
    ...(what === "message" ? [] : section("What came", came === "" ? null : pre(came))),
    ...section("Rules", elementWith("ul", "why-rules", { ariaLabel: "Rules" }, ...rules.map((rule) => element("li", "", rule)))),
    ...(path === "" ? [] : section("Path", pre(path))),
    ...section("State", table([["Before", before.state], ["After", after.state], ...languages, ...tries], "State")),
    ...section("Variables", table(variables.map(changed), "Variables")),
    ...calls.flatMap(call),
    ...(costs.length === 0 ? [] : section("Replies", list(costs))),
    ...section("As lines of a chat file", pre(lines.join("\n")), createCopy("Copy the lines", lines.join("\n"))),
    ...(message === null ? [] : [requestOf(message)]),
  ];
}

/** A variable with its value, or with both values if the turn changed it. */
function changed({ name, before, after }) {
  if (before === after) {
    return [name, after];
  }
  return [name, before === null ? `${after} (new)` : after === null ? `${before} (gone)` : `${before} → ${after}`];
}

function call({ request, headers, body }) {
  return section(
    "Call",
    pre(request),
    headers.length === 0 ? null : table(headers, "Headers of the call"),
    body === null ? null : pre(body),
  );
}

/** A button that shows the request by which a message came. */
function requestOf(message) {
  const place = element("div", "why-request");
  const opener = button("request-copy", "Show its request", async () => {
    const request = await find(message);
    const complaint = element("p", "request-none", "The list of requests has forgotten it.");
    place.replaceChildren(...(request ? [element("h3", "", "Request"), ...requestParts(request)] : [complaint]));
  });
  place.append(opener);
  return place;
}

async function find(message) {
  try {
    const response = await fetch("/simulator/requests?after=0");
    const { requests } = await response.json();
    return requests.find(({ form }) => form?.some(([name, value]) => name === "MessageSid" && value === message));
  } catch {
    return undefined;
  }
}

function list(lines) {
  return element("ol", "why-rules", ...lines.map((line) => element("li", "", line)));
}

function pre(words) {
  return elementWith("pre", "", { dir: "auto" }, words);
}
