// WhatsApp's formatting: *bold*, _italic_, ~struck~, `code` and ```code```.
// The marks become elements of this page's own, and everything between them
// stays text.

import { element } from "./elements.js";

/** Which element a mark makes. */
const MARKS = { "*": "strong", "_": "em", "~": "del", "`": "code" };

/** How deep marks may be nested. */
const DEEPEST = 4;

const FENCE = "```";

/**
 * Returns a text with its formatting, as nodes.
 * @param {string} text
 * @returns {Node[]}
 */
export function richText(text) {
  return formatted(text, DEEPEST);
}

function formatted(text, depth) {
  const nodes = [];
  let plain = "";
  let at = 0;

  function take(tag, content, end) {
    nodes.push(document.createTextNode(plain), element(tag, "", ...content));
    plain = "";
    at = end;
  }

  while (at < text.length) {
    const fenceEnd = text.startsWith(FENCE, at) ? text.indexOf(FENCE, at + FENCE.length) : -1;
    const end = depth > 0 && fenceEnd === -1 ? endOfMark(text, at) : -1;
    if (fenceEnd > at + FENCE.length) {
      take("code", [text.slice(at + FENCE.length, fenceEnd)], fenceEnd + FENCE.length);
    } else if (end !== -1) {
      const tag = MARKS[text[at]];
      const inside = text.slice(at + 1, end);
      take(tag, tag === "code" ? [inside] : formatted(inside, depth - 1), end + 1);
    } else {
      plain += text[at];
      at += 1;
    }
  }
  nodes.push(document.createTextNode(plain));
  return nodes.filter((node) => node.textContent !== "");
}

/**
 * Returns the end of the mark that begins here, or -1 if none does. A mark stands
 * at the edge of words, and both of its halves stand in one line: `2*3*4` and
 * `* a *` are plain.
 */
function endOfMark(text, begin) {
  const mark = text[begin];
  if (!Object.hasOwn(MARKS, mark) || isWord(text[begin - 1]) || !isInk(text[begin + 1])) {
    return -1;
  }
  for (let at = begin + 2; at < text.length && text[at] !== "\n"; at += 1) {
    if (text[at] === mark && isInk(text[at - 1]) && text[at - 1] !== mark && !isWord(text[at + 1])) {
      return at;
    }
  }
  return -1;
}

function isWord(character) {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character);
}

function isInk(character) {
  return character !== undefined && !/\s/u.test(character);
}
