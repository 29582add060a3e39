// The phones that the page's address names: each as `phone=…`, followed by its
// `channel=…`.

import { readNumber } from "./number.js";

/**
 * Returns the phones of an address, each once. If there are none, `text` is the
 * text in the place of a number, and `complaint` says what is wrong with it.
 * @param {string} search
 * @returns {{phones: {phone: string, channel: string}[], text: string, complaint: string}}
 */
export function phonesIn(search) {
  const phones = [];
  let [text, complaint] = ["", ""];
  for (const [name, value] of new URLSearchParams(search)) {
    if (name === "phone") {
      // People type `?phone=+1415…` without encoding, and in an address a `+` means a space.
      const written = value.replace(/^ /, "+");
      const read = readNumber(written);
      if (read.phone && !phones.some(({ phone }) => phone === read.phone)) {
        phones.push({ phone: read.phone, channel: "" });
      } else if (read.complaint) {
        [text, complaint] = [written, read.complaint];
      }
    } else if (name === "channel" && phones.length > 0) {
      phones.at(-1).channel = value;
    }
  }
  // If there is only one phone, its channel may also come first.
  const [first] = phones;
  if (phones.length === 1 && first.channel === "") {
    first.channel = new URLSearchParams(search).get("channel") ?? "";
  }
  return { phones, text, complaint };
}

/** Returns the address of these phones. @param {{phone: string, channel: string}[]} phones */
export function addressOf(phones) {
  const query = phones.flatMap(({ phone, channel }) => [["phone", phone], ["channel", channel]]);
  return `/?${new URLSearchParams(query)}`;
}
