// The small forms of the attach menu: a place, a contact card, a profile name.

import { element } from "./elements.js";
import { openSheet } from "./sheet.js";

/** The place that is suggested: the Brandenburg Gate. */
const PLACE = {
  latitude: "52.5163",
  longitude: "13.3777",
  label: "Brandenburger Tor",
  address: "Pariser Platz, 10117 Berlin",
};

let count = 0;

/**
 * Asks for some texts, and passes them on.
 * @param {{phone: HTMLElement, opener: HTMLElement}} where
 * @param {string} title
 * @param {{name: string, label: string, value?: string, limit?: number, pattern?: [string, string], isOptional?: boolean}[]} fields
 * @param {string} words On the button.
 * @param {(values: Record<string, string>) => void} done
 */
function ask({ phone, opener }, title, fields, words, done) {
  const form = element("form", "fields");
  for (const { name, label, value = "", limit = 200, pattern, isOptional = false } of fields) {
    const input = element("input", "");
    input.id = `field-${(count += 1)}`;
    Object.assign(input, { name, value, maxLength: limit, required: !isOptional, autocomplete: "off" });
    if (pattern) {
      [input.pattern, input.title] = pattern;
    }
    const caption = element("label", "", label);
    caption.htmlFor = input.id;
    form.append(caption, input);
  }
  const submit = element("button", "primary", words);
  form.append(submit);
  const close = openSheet(phone, title, form, opener);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const values = Object.fromEntries([...new FormData(form)].map(([name, text]) => [name, text.trim()]));
    close();
    done(values);
  });
}

const DEGREES = [String.raw`\s*-?[0-9]{1,3}(\.[0-9]{1,10})?\s*`, "Degrees, such as 52.5163 or -0.1276"];

/** Asks for a place. @param {(place: object) => void} done */
export function askForPlace(where, done) {
  const fields = [
    { name: "latitude", label: "Latitude", value: PLACE.latitude, limit: 20, pattern: DEGREES },
    { name: "longitude", label: "Longitude", value: PLACE.longitude, limit: 20, pattern: DEGREES },
    { name: "label", label: "Name", value: PLACE.label, isOptional: true },
    { name: "address", label: "Address", value: PLACE.address, isOptional: true },
  ];
  ask(where, "Send a place", fields, "Send the place", (values) => {
    done({ ...values, latitude: Number(values.latitude), longitude: Number(values.longitude) });
  });
}

/** Asks for a person, and makes a card of them. @param {(card: File) => void} done */
export function askForContact(where, done) {
  const fields = [
    { name: "name", label: "Name", value: "Anna Example" },
    { name: "number", label: "Phone number", value: "+14155550123", limit: 40 },
  ];
  ask(where, "Attach a contact card", fields, "Attach the card", ({ name, number }) => {
    done(new File([card(name, number)], `${name}.vcf`, { type: "text/vcard" }));
  });
}

/** Asks for the name that WhatsApp shows. @param {(name: string) => void} done */
export function askForProfileName(where, known, done) {
  const fields = [{ name: "name", label: "Name (empty: none)", value: known, isOptional: true }];
  ask(where, "Profile name on WhatsApp", fields, "Keep the name", ({ name }) => done(name));
}

/** A vCard (RFC 6350). The signs that have a meaning in it are escaped. */
export function card(name, number) {
  const escaped = (text) => text.replace(/[\\,;]/g, String.raw`\$&`).replace(/\r\n|\r|\n/g, String.raw`\n`);
  const lines = ["BEGIN:VCARD", "VERSION:3.0", `N:${escaped(name)};;;;`, `FN:${escaped(name)}`, `TEL;TYPE=CELL:${escaped(number)}`];
  return [...lines, "END:VCARD", ""].join("\r\n");
}
