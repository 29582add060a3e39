// The panel beside the phones: one view at a time, chosen by the switches above.

import { createFlow } from "./flow.js";
import { createRequests } from "./requests.js";
import { createWhy } from "./why.js";

const $ = (id) => document.getElementById(id);

/**
 * The views, in the order of their switches. `create` gets the view's element and
 * the bench once, when the view is first opened.
 * @type {{name: string, title: string, create: (root: HTMLElement, bench: object) => object | void}[]}
 */
const VIEWS = [
  { name: "flow", title: "Flow", create: createFlow },
  { name: "why", title: "Why", create: createWhy },
  { name: "requests", title: "Requests", create: createRequests },
];

/** Makes the switches and the panel. @param {object} bench What the views may use of the page. */
export function createPanel(bench) {
  /** The views that were opened, by their names. @type {Map<string, HTMLElement>} */
  const opened = new Map();
  /** What these views can do, by their names. @type {Map<string, object | void>} */
  const views = new Map();
  let isOpen = "";

  const switches = VIEWS.map(({ name, title }) => {
    const node = document.createElement("button");
    node.type = "button";
    node.id = `open-${name}`;
    node.textContent = title;
    node.setAttribute("aria-controls", "panel");
    node.setAttribute("aria-expanded", "false");
    node.addEventListener("click", () => show(isOpen === name ? "" : name));
    return node;
  });
  $("panel-switches").append(...switches);
  $("panel-close").addEventListener("click", () => {
    const name = isOpen;
    show("");
    $(`open-${name}`)?.focus();
  });
  $("panel").addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) {
      $("panel-close").click();
    }
  });

  function show(name) {
    isOpen = name;
    const view = VIEWS.find((view) => view.name === name);
    $("panel").hidden = view === undefined;
    document.body.classList.toggle("has-panel", view !== undefined);
    for (const node of switches) {
      node.setAttribute("aria-expanded", String(node.id === `open-${name}`));
    }
    if (view !== undefined) {
      $("panel-title").textContent = view.title;
      if (!opened.has(name)) {
        const root = document.createElement("div");
        root.className = `view view-${name}`;
        $("panel-views").append(root);
        opened.set(name, root);
        views.set(name, view.create(root, bench));
      }
    }
    opened.forEach((root, known) => {
      root.hidden = known !== name;
    });
  }

  return {
    /** Opens a view, and returns what it can do. @param {string} name */
    open(name) {
      show(name);
      return views.get(name);
    },
  };
}
