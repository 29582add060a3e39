// Asks for a number. For the first phone this is a page of its own, for a further
// phone it is a dialog.

import { readNumber } from "./number.js";

const $ = (id) => document.getElementById(id);

/** Shows a complaint about the number in a field, or none. */
function complain(input, words) {
  $(`${input.id}-complaint`).textContent = words;
  input.setAttribute("aria-invalid", String(words !== ""));
}

/** Forgets the complaint as soon as somebody corrects the number. */
function listen(input) {
  input.addEventListener("input", () => {
    $(`${input.id}-complaint`).textContent = "";
    input.removeAttribute("aria-invalid");
  });
}

/** Asks which phone this is. The form opens the address of the phone. */
export function askForNumber(text, complaint) {
  const input = $("number");

  $("number-form").addEventListener("submit", (event) => {
    const { phone, complaint } = readNumber(input.value);
    if (complaint) {
      event.preventDefault();
      complain(input, complaint);
      input.focus();
    } else {
      input.value = phone;
    }
  });
  listen(input);
  $("example").addEventListener("click", (event) => {
    input.value = event.target.textContent;
    input.focus();
  });

  $("start").hidden = false;
  input.value = text;
  complain(input, complaint);
  input.focus();
}

/**
 * Lets a button ask for a further phone, and suggests a number that nobody has.
 * @param {HTMLButtonElement} button
 * @param {(phone: string) => void} onPhone
 */
export function chooseAnother(button, onPhone) {
  const [dialog, input] = [$("add-dialog"), $("add-number")];

  button.addEventListener("click", () => {
    complain(input, "");
    input.removeAttribute("aria-invalid");
    input.value = anyNumber();
    dialog.showModal();
    input.select();
  });
  listen(input);
  $("add-cancel").addEventListener("click", () => dialog.close());
  $("add-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const { phone, complaint } = readNumber(input.value);
    if (complaint) {
      complain(input, complaint);
      input.focus();
    } else {
      dialog.close();
      onPhone(phone);
    }
  });
}

/** One of the numbers that are kept for fiction: +1 415 555 0100 to 0199. */
function anyNumber() {
  const [random] = crypto.getRandomValues(new Uint8Array(1));
  return `+1415555${String(100 + (random % 100)).padStart(4, "0")}`;
}
