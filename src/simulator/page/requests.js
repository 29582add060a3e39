// The tab “Requests”: what came in, newest first. Each request opens to its
// parameters, the verdict on its signature with the advice, and the answer.
// Everything that a request brought becomes text nodes, never markup.

import { createCopy } from "./copy.js";
import { element, elementWith } from "./elements.js";
import { createRefresh } from "./refresh.js";

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit", second: "2-digit" });

/** The most requests that are shown: as many as the service keeps. */
const MOST = 100;

/** How many characters of a message are shown before its request is opened. */
const MOST_PREVIEW = 120;

const VERDICTS = {
  authentic: "authentic",
  refused: "not authentic",
  unsigned: "needs no signature",
  unread: "signature not examined",
};

/**
 * @typedef {{text: string, is_utf8: boolean, length: number, is_cut: boolean}} Body
 * @typedef {{number: number, at: string, method: string, target: string, from: string,
 *   headers: [string, string][], signature: string | null, form: [string, string][] | null, body: Body,
 *   verdict: string, why: string | null, advice: string | null, outcome: string | null, status: number,
 *   took_ms: number, answer_type: string, answer: Body}} Request
 */

/**
 * Shows the requests in an element.
 * @param {HTMLElement} root
 * @param {{on: (event: string, callback: (data: object) => void) => void}} bench
 */
export function createRequests(root, bench) {
  const only = elementWith("input", "", { type: "checkbox" });
  const count = element("p", "requests-count");
  const complaint = elementWith("p", "requests-complaint", { role: "status" });
  const list = elementWith("ol", "requests", { ariaLabel: "Requests, newest first" });
  /** Shown requests by their numbers. @type {Map<number, HTMLElement>} */
  const shown = new Map();
  let began = null;
  let after = 0;

  const look = createRefresh(ask, (hasFailed) => {
    complaint.textContent = hasFailed ? "The list cannot be read at the moment." : "";
  });
  const filter = element("label", "requests-filter", only, " Only refused");
  root.append(element("div", "requests-bar", count, filter), complaint, list);
  only.addEventListener("change", () => {
    list.classList.toggle("only-refused", only.checked);
    tell();
  });
  bench.on("requests", look);
  bench.on("live", look);
  look();

  async function ask() {
    const response = await fetch(`/simulator/requests?${new URLSearchParams({ after })}`);
    if (!response.ok) {
      throw new Error(`${response.status}`);
    }
    const news = await response.json();
    if (news.began !== began) {
      // After another start there is another list, which counts from 1.
      const wasOther = began !== null && after > 0;
      began = news.began;
      shown.clear();
      list.replaceChildren();
      after = 0;
      if (wasOther) {
        look();
        return;
      }
    }
    for (const request of news.requests) {
      const item = show(request);
      shown.set(request.number, item);
      list.prepend(item);
      after = Math.max(after, request.number);
    }
    for (const [number, item] of shown) {
      if (shown.size > MOST || number < (news.oldest ?? 0)) {
        item.remove();
        shown.delete(number);
      }
    }
    tell();
  }

  /** Says how many requests there are. */
  function tell() {
    const refused = list.querySelectorAll(".is-refused").length;
    count.textContent =
      shown.size === 0
        ? "Nothing has come in yet."
        : `${shown.size} ${shown.size === 1 ? "request" : "requests"}, ${refused} refused`;
    list.hidden = shown.size === 0 || (only.checked && refused === 0);
  }
}

/** One request: a line that opens to the rest, which is made when it is first opened. */
function show(request) {
  const isRefused = request.status >= 400;
  const details = element(
    "details",
    "",
    element(
      "summary",
      "",
      element("span", "request-status", `${request.status}`),
      element("code", "request-target", `${request.method} ${request.target}`),
      element("span", "request-about", about(request)),
      ...preview(request),
    ),
  );
  details.addEventListener("toggle", () => details.append(...parts(request)), { once: true });
  return element("li", isRefused ? "is-refused" : "", details);
}

/** Such as “12:30:05 · the page · 3.2 ms · authentic”. */
function about({ at, from, took_ms, verdict, outcome }) {
  const words = [
    CLOCK.format(new Date(at)),
    from === "page" ? "this page" : "somebody else",
    `${took_ms} ms`,
    VERDICTS[verdict] ?? verdict,
  ];
  return [...words, ...(outcome && outcome !== "answered" ? [outcome] : [])].join(" · ");
}

/** The beginning of the message's text, by which a reader knows the request. */
function preview({ form }) {
  const said = form?.find(([name]) => name === "Body")?.[1] ?? "";
  return said === "" ? [] : [elementWith("span", "request-said", { dir: "auto" }, said.slice(0, MOST_PREVIEW))];
}

/** What a request opens to. @param {Request} request */
export function parts(request) {
  const { why, advice, form, body, headers, signature, verdict, answer } = request;
  const isUnread = verdict === "unread" && body.length === 0;
  const shortened = signature?.endsWith("…") ? " (shortened, since somebody else made it)" : "";
  const signed = signature === null ? [] : [["x-twilio-signature", `${signature}${shortened}`]];
  const nodes = [
    element("p", "request-why", why ?? ""),
    ...(advice ? [element("p", "request-advice", advice)] : []),
    ...(isUnread
      ? section("Body", element("p", "request-none", "The service did not read it."))
      : form === null
        ? section("Body", text(body))
        : section("Parameters", table(form, "Parameters"), cutNote(body))),
    ...section("Headers", table([...headers, ...signed], "Headers")),
    ...section("Answer", text(answer)),
  ];
  const curl = asCurl(request);
  return curl === null ? nodes : [...nodes, createCopy("Copy as curl", curl)];
}

/** A heading with what belongs to it. */
export function section(title, ...children) {
  return [element("h3", "", title), ...children.filter((child) => child !== null)];
}

/** Names and values, in the order in which they came. */
export function table(rows, label) {
  if (rows.length === 0) {
    return element("p", "request-none", "None.");
  }
  const body = element("tbody", "");
  for (const [name, value] of rows) {
    const head = elementWith("th", "", { scope: "row" }, name === "" ? "(no name)" : name);
    const cell = elementWith("td", "", { dir: "auto" }, value);
    body.append(element("tr", "", head, cell));
  }
  return elementWith("table", "", { ariaLabel: label }, body);
}

function text(body) {
  if (body.length === 0) {
    return element("p", "request-none", "Empty.");
  }
  const pre = elementWith("pre", "", { dir: "auto" }, body.text);
  return element("div", "", pre, ...[cutNote(body)].filter((note) => note !== null));
}

function cutNote({ is_cut, length }) {
  return is_cut ? element("p", "request-none", `Cut at 16 KiB of ${Math.ceil(length / 1024)} KiB.`) : null;
}

/**
 * Returns the command that makes the request again. Returns `null` if a part of it
 * is not known: the signature of somebody else, or the end of a long body.
 */
export function asCurl({ method, target, headers, signature, verdict, body }) {
  const isWhole = !body.is_cut && body.is_utf8 && !target.endsWith("…");
  if (method !== "POST" || !isWhole || verdict === "unread" || signature?.endsWith("…")) {
    return null;
  }
  if (verdict !== "unsigned" && signature === null) {
    return null;
  }
  const type = headers.find(([name]) => name === "content-type")?.[1];
  const given = [
    ...(type === undefined ? [] : [`Content-Type: ${type}`]),
    ...(signature === null ? [] : [`X-Twilio-Signature: ${signature}`]),
  ];
  const lines = [
    `curl ${quoted(`${location.origin}${target}`)}`,
    ...given.map((header) => `-H ${quoted(header)}`),
    `--data-raw ${quoted(body.text)}`,
  ];
  return lines.join(" \\\n  ");
}

/** Quotes a text so that a shell takes it literally. */
function quoted(words) {
  return `'${words.replaceAll("'", String.raw`'\''`)}'`;
}
