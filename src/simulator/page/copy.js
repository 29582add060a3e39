// A button that copies a text.

import { button, element, elementWith } from "./elements.js";

/**
 * Returns the button. Where the clipboard cannot be used, it shows the text.
 * @param {string} label
 * @param {string} words What is copied.
 */
export function createCopy(label, words) {
  const said = elementWith("span", "request-copied", { role: "status" });
  const shown = elementWith("pre", "", { hidden: true }, words);
  const copy = button("request-copy", label, async () => {
    try {
      await navigator.clipboard.writeText(words);
      said.textContent = "Copied.";
    } catch {
      // Not every address may use the clipboard. The person can then copy it by hand.
      said.textContent = "Copy it from here:";
      shown.hidden = false;
    }
  });
  return element("div", "request-curl", copy, " ", said, shown);
}
