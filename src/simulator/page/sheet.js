// A sheet that rises over the lower part of a phone: a list or a small form. It
// leaves the other phones of the page alone.

import { button, element } from "./elements.js";

let count = 0;

/**
 * Opens a sheet, and returns a function that closes it.
 * @param {HTMLElement} phone Where it rises.
 * @param {string} title
 * @param {HTMLElement} content
 * @param {HTMLElement} opener What gets the focus back.
 */
export function openSheet(phone, title, content, opener) {
  phone.querySelector(":scope > .sheet")?.remove();
  const heading = element("h2", "", title);
  heading.id = `sheet-title-${(count += 1)}`;
  const sheet = element("div", "sheet", element("div", "sheet-bar", heading, button("close", "Close", close)), content);
  sheet.setAttribute("role", "dialog");
  sheet.setAttribute("aria-labelledby", heading.id);
  sheet.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
  });

  function close() {
    if (!sheet.isConnected) {
      return;
    }
    sheet.remove();
    // The element that opened the sheet may have gone with its question.
    (opener.isConnected ? opener : phone.querySelector("textarea")).focus();
  }

  phone.append(sheet);
  (content.querySelector("input, button") ?? content).focus();
  return close;
}
