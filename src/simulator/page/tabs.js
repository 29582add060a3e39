// The list above the phones: it chooses a phone, or puts one away.

import { button } from "./elements.js";

/**
 * @param {HTMLElement} list
 * @param {{choose: (phone: string) => void, close: (phone: string) => void}} on
 */
export function createTabs(list, on) {
  function tab(phone, isCurrent, isAlone) {
    const item = document.createElement("li");
    const choose = button("tab", phone, () => on.choose(phone));
    choose.setAttribute("aria-current", String(isCurrent));
    item.append(choose);
    if (!isAlone) {
      const close = button("put-away", "×", () => on.close(phone));
      close.setAttribute("aria-label", `Put ${phone} away`);
      item.append(close);
    }
    return item;
  }

  let shown = "";

  return {
    /** @param {string[]} phones */
    show(phones, current) {
      const now = JSON.stringify([phones, current]);
      // A tab that has the focus must not be replaced without need.
      if (now === shown) {
        return;
      }
      shown = now;
      list.replaceChildren(...phones.map((phone) => tab(phone, phone === current, phones.length === 1)));
    },
  };
}
