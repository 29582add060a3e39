// The tab “Flow”: the flow of the phone that was used last, the step where its
// person waits, and the way by which they came.

import { createPicture } from "./flow-picture.js";
import { createView } from "./flow-view.js";
import { partsOf } from "./parts.js";

/**
 * @param {HTMLElement} root The view's element.
 * @param {{current: () => string, onCurrent: (callback: (phone: string) => void) => void,
 *   on: (event: string, callback: (data: object) => void) => void}} bench
 */
export function createFlow(root, bench) {
  const { element, part } = partsOf(document.getElementById("flow-template"));
  root.append(element);
  const chooser = part("flow-chooser");
  const follow = part("flow-follow");
  const list = part("flow-list");

  /** @type {Map<string, ReturnType<typeof createPicture>>} */
  let pictures = new Map();
  let version = null;
  let place = null;
  let picture = null;
  let loading = null;

  const view = createView(part("flow-view"), {
    onClick(target) {
      const id = target.closest("[data-box]")?.dataset.box;
      const box = picture?.drawing.boxes.find((box) => box.id === id);
      if (box) {
        choose(picture.behind(box), box.shape === "elsewhere");
      }
    },
    onZoom: (scale) => (part("flow-scale").textContent = `${Math.round(scale * 100)} %`),
    onMove: () => setFollowing(false),
  });
  part("flow-in").addEventListener("click", view.zoomIn);
  part("flow-out").addEventListener("click", view.zoomOut);
  part("flow-fit").addEventListener("click", view.fit);
  follow.addEventListener("click", () => {
    setFollowing(follow.getAttribute("aria-pressed") !== "true");
    show();
  });
  chooser.addEventListener("change", () => {
    setFollowing(false);
    open(chooser.value);
    show();
  });
  bench.on("place", (data) => {
    if (data.phone === bench.current()) {
      arrive(data);
    }
  });
  // The files have changed. If they have a mistake, the earlier flows stay.
  bench.on("flows", load);
  // After an interruption, another service with other flows may have taken over.
  bench.on("live", ({ phone }) => {
    if (phone === bench.current()) {
      load();
      ask();
    }
  });
  load();
  bench.onCurrent(look);

  function setFollowing(isFollowing) {
    follow.setAttribute("aria-pressed", String(isFollowing));
    if (!isFollowing) {
      view.rest();
    }
  }

  /** Turns to the current phone. */
  function look() {
    setFollowing(true);
    place = null;
    show();
    ask();
  }

  /** Asks where the phone stands. */
  async function ask() {
    const [phone, before] = [bench.current(), place];
    const found = await get(`/simulator/place?${new URLSearchParams({ phone })}`);
    // An event may have come first, or another phone may be the current one by now.
    if (found !== null && bench.current() === phone && place === before) {
      arrive(found);
    }
  }

  function arrive(found) {
    place = found;
    if (place.version !== version) {
      load();
    }
    show();
  }

  /** Loads the pictures. While they are being loaded, further calls do nothing. */
  function load() {
    loading ??= get("/simulator/flows").then((drawn) => {
      loading = null;
      if (drawn === null) {
        part("flow-words").textContent = "The flows could not be loaded.";
        return;
      }
      if (drawn.version === version) {
        return;
      }
      version = drawn.version;
      pictures = new Map(drawn.flows.map((drawing) => [drawing.name, createPicture(drawing)]));
      chooser.replaceChildren(...drawn.flows.map(({ name }) => new Option(name, name)));
      part("flow-choice").hidden = drawn.flows.length < 2;
      open(pictures.has(picture?.drawing.name) ? picture.drawing.name : drawn.flows[0]?.name);
      show();
    });
  }

  /** Opens the picture of a flow. */
  function open(name) {
    const next = pictures.get(name);
    if (!next || next === picture) {
      return;
    }
    const isSame = picture?.drawing.name === name;
    picture = next;
    chooser.value = name;
    part("flow-view").setAttribute("aria-label", `Picture of the flow ${name}`);
    view.show(picture.svg, picture.drawing, isSame);
    part("flow-count").textContent = `All ${picture.drawing.boxes.length} boxes as a list`;
    list.replaceChildren(...picture.drawing.boxes.map(entry));
  }

  /** Returns the entry of a box in the list. */
  function entry(box) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    const state = document.createElement("span");
    const leads = document.createElement("span");
    button.type = "button";
    button.textContent = box.name;
    state.className = "flow-state";
    leads.className = "flow-leads";
    leads.textContent = leadsTo(box);
    button.addEventListener("click", () => choose(picture.behind(box), true));
    item.dataset.box = box.id;
    item.append(button, state, leads);
    return item;
  }

  function leadsTo(box) {
    const { boxes, lines } = picture.drawing;
    const name = (id) => {
      const found = boxes.find((box) => box.id === id);
      return found?.steps[0] ?? found?.texts[0]?.text ?? "";
    };
    const ways = lines.filter((line) => line.from === box.id);
    return ways.map(({ to, label }) => `→ ${name(to)}${label && ` (${label})`}`).join(", ");
  }

  /** Frames a box. */
  function choose(box, isBrought) {
    picture.choose(box);
    if (isBrought) {
      setFollowing(false);
      view.bring(box);
    }
  }

  function show() {
    const isFollowing = follow.getAttribute("aria-pressed") === "true";
    if (isFollowing && place?.flow && pictures.has(place.flow)) {
      open(place.flow);
    }
    say(inWords(place));
    if (!picture) {
      return;
    }
    const { here, passed } = picture.show(place);
    picture.drawing.boxes.forEach((box, index) => {
      const item = list.children[index];
      const words = box === here ? "here" : passed.has(box) ? "passed" : "";
      item.querySelector(".flow-state").textContent = words;
      item.querySelector("button").setAttribute("aria-current", String(box === here));
    });
    if (isFollowing && here) {
      view.bring(here);
    }
  }

  /** Says something once: a screen reader reads what changes. */
  function say(words) {
    if (part("flow-words").textContent !== words) {
      part("flow-words").textContent = words;
    }
  }
}

/** Says where a person stands. */
function inWords(place) {
  if (!place?.flow) {
    return "No conversation has begun on this phone.";
  }
  const around = place.around.map(({ flow, step }) => `, which ${step} of ${flow} runs`).reverse();
  if (place.step !== null) {
    return `Waits at ${place.step} of ${place.flow}${around.join("")}.`;
  }
  return place.outcome === null
    ? `The conversation of ${place.flow} is over.`
    : `${place.flow} has ended with ${place.outcome}.`;
}

/** Returns an answer of the service, or `null` if there is none. */
async function get(path) {
  try {
    const response = await fetch(path);
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
