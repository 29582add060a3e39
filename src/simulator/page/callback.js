// What the conversation waits for from a third party, with a button for each
// outcome: the page then is that third party, and posts the result as it would.

import { button } from "./elements.js";

/**
 * Returns a function that shows what is waited for; `null` stands for nothing.
 * @param {(name: string) => HTMLElement} part A part of the phone.
 * @param {() => void} onResize Called when the strip appears or goes.
 */
export function showCallback(part, onResize) {
  /** Posts a result, and shows why it was refused, if it was. */
  async function report(path, result) {
    part("callback-answer").textContent = "";
    try {
      const answer = await fetch(path, { method: "POST", body: JSON.stringify(result) });
      if (!answer.ok) {
        part("callback-answer").textContent = `${answer.status}: ${(await answer.text()).trim()}`;
      }
    } catch {
      part("callback-answer").textContent = "The service does not answer.";
    }
    part("text").focus();
  }

  function choice(path, result) {
    const node = button("", result.outcome, () => report(path, result));
    node.title = JSON.stringify(result);
    return node;
  }

  return (callback) => {
    const wasHidden = part("callback").hidden;
    part("callback").hidden = callback === null;
    part("callback-answer").textContent = "";
    if (callback !== null) {
      const { name, path, results } = callback;
      part("callback-words").textContent = `Waits for ${name}:`;
      part("callback-results").replaceChildren(...results.map((result) => choice(path, result)));
      const json = JSON.stringify(results[0] ?? {}).replaceAll("'", String.raw`'\''`);
      part("callback-curl").textContent = `curl -d '${json}' ${location.origin}${path}`;
    }
    if (part("callback").hidden !== wasHidden) {
      onResize();
    }
  };
}
