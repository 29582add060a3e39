// Makes elements. Strings among their children become text, never markup.

/** An element; strings among its children become text. */
export function element(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className !== "") {
    node.className = className;
  }
  node.append(...children);
  return node;
}

/** The same with properties, such as `hidden` or `ariaLabel`. */
export function elementWith(tag, className, properties, ...children) {
  return Object.assign(element(tag, className, ...children), properties);
}

/** A button that submits nothing. */
export function button(className, words, onClick) {
  const node = element("button", className, words);
  node.type = "button";
  node.addEventListener("click", onClick);
  return node;
}

/** A drawing of one line, which screen readers pass over. */
export function icon(path) {
  const names = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(names, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(names, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}
