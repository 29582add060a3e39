// Makes copies of a template whose elements have ids.

/** How many copies there are of each template, by its id. @type {Map<string, number>} */
const copies = new Map();

/** Attributes that name ids. */
const REFERENCES = ["for", "aria-labelledby", "aria-describedby", "aria-controls"];

/**
 * Returns a copy, and a function that finds an element in it by the id that it
 * has in the template. The first copy keeps the ids. In a further copy, a number is
 * appended to them, and to the names of its radio buttons.
 * @param {HTMLTemplateElement} template
 */
export function partsOf(template) {
  const count = (copies.get(template.id) ?? 0) + 1;
  copies.set(template.id, count);
  const element = template.content.firstElementChild.cloneNode(true);
  const numbered = (name) => (count === 1 ? name : `${name}-${count}`);
  /** @type {Map<string, HTMLElement>} */
  const parts = new Map();
  for (const node of [element, ...element.querySelectorAll("*")]) {
    if (node.id !== "") {
      parts.set(node.id, node);
      node.id = numbered(node.id);
    }
    for (const name of REFERENCES.filter((name) => node.hasAttribute(name))) {
      node.setAttribute(name, node.getAttribute(name).split(" ").map(numbered).join(" "));
    }
    if (node.matches("input[type=radio]")) {
      node.name = numbered(node.name);
    }
  }
  return { element, part: (name) => parts.get(name) };
}
