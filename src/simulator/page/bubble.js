// Draws one message: its text, its files, its place. Everything that a person or
// the bot wrote becomes text, never markup.

import { element, icon } from "./elements.js";
import { richText } from "./rich-text.js";

const PIN = "M12 21s7-6.5 7-11.5a7 7 0 1 0-14 0C5 14.5 12 21 12 21zM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z";

const PAPER = "M7 3h7l4 4v14H7zM14 3v4h4";

/**
 * @typedef {{url?: string, path?: string, type?: string, name?: string}} Media
 * @typedef {{latitude: string, longitude: string, label?: string, address?: string}} Place
 * @typedef {{text: string, channel: string, media?: Media[], place?: Place}} Content
 */

/**
 * One message: its speaker (for screen readers) and its content.
 * @param {"mine" | "theirs"} side
 * @param {string} speaker
 * @param {Content} content
 */
export function bubble(side, speaker, { text, channel, media = [], place = null }) {
  const node = element("div", `bubble ${side}`, element("span", "unseen", `${speaker}: `));
  node.append(...media.map(mediaNode));
  if (place) {
    node.append(placeNode(place));
  }
  if (text !== "") {
    const words = channel === "whatsapp" ? richText(text) : [text];
    const paragraph = element("p", "text", ...words);
    paragraph.dir = "auto";
    // Pictures stand above the words on a phone, and links to elsewhere below.
    const link = node.querySelector(":scope > .link");
    node.insertBefore(paragraph, link);
  }
  return node;
}

/** A file: shown if the page itself attached it, otherwise only its address. */
function mediaNode({ url = "", path, type = "", name }) {
  if (!path) {
    return mediaLink(url);
  }
  const kind = type.split("/")[0];
  const words = name ?? "a file";
  if (kind === "image" && type !== "image/svg+xml") {
    return picture(path, words);
  }
  if (kind === "audio" || kind === "video") {
    const player = element(kind, `media ${kind}`);
    player.controls = true;
    player.preload = "metadata";
    player.ariaLabel = `${kind === "audio" ? "Voice note" : "Film"}: ${words}`;
    player.addEventListener("error", () => player.replaceWith(download(path, words)), { once: true });
    player.src = path;
    return player;
  }
  return download(path, words);
}

function picture(path, words) {
  const image = element("img", "");
  image.alt = `Picture: ${words}`;
  const link = element("a", "media picture", image);
  link.href = path;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  image.addEventListener("error", () => link.replaceWith(download(path, words)), { once: true });
  image.src = path;
  return link;
}

/** A file of another type, or one that the browser cannot show. It may be forgotten by now. */
function download(path, words) {
  const link = element("a", "media file", icon(PAPER), words);
  link.href = path;
  link.download = words;
  return link;
}

/** Media of others is never fetched. The address is shown, as a link if it is safe to follow. */
function mediaLink(address) {
  const isWeb = /^https?:\/\//i.test(address) && URL.canParse(address);
  const node = element(isWeb ? "a" : "span", "media link", address);
  if (isWeb) {
    node.href = address;
    node.target = "_blank";
    node.rel = "noopener noreferrer";
  }
  return node;
}

function placeNode({ latitude, longitude, label, address }) {
  const words = element("span", "");
  for (const [className, text] of [["label", label], ["", address], ["numbers", `${latitude}, ${longitude}`]]) {
    if (text) {
      words.append(element("span", className, text), " ");
    }
  }
  return element("p", "place", icon(PIN), element("span", "unseen", "Place: "), words);
}
