// Reads a phone number as a person writes it. The page shows an example next to
// each error.

/**
 * Returns the number in E.164, or what is wrong with it.
 * @param {string} text
 * @returns {{phone: string} | {complaint: string}}
 */
export function readNumber(text) {
  const compact = text
    .trim()
    .replace(/[\s().\/\u2010-\u2015-]/g, "")
    .replace(/^00/, "+");
  const digits = compact.slice(1);
  if (compact === "") {
    return { complaint: "Enter a phone number." };
  }
  if (!compact.startsWith("+")) {
    return { complaint: "Begin with + and the country code." };
  }
  if (!/^[0-9]*$/.test(digits)) {
    return { complaint: "Write only digits after the +." };
  }
  if (digits.startsWith("0")) {
    return { complaint: "A country code does not begin with 0." };
  }
  if (digits.length < 7 || digits.length > 15) {
    return { complaint: `A number has 7 to 15 digits, and this one has ${digits.length}.` };
  }
  return { phone: compact };
}
