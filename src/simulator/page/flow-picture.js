// A flow as a picture: builds it from the places that the service gives, and
// shows on it where a person waits and the way by which they came.

const SVG = "http://www.w3.org/2000/svg";

/** The size of the mark above a box, in pixels. */
const MARK = { width: 92, height: 18 };

/**
 * @typedef {{text: string, x: number, y: number, is_name: boolean}} Text
 * @typedef {{id: string, shape: string, steps: string[], name: string, x: number, y: number,
 *   width: number, height: number, outline: string, texts: Text[]}} Box
 * @typedef {{from: string, to: string, label: string, is_dotted: boolean, path: string,
 *   head: string, plate: number[] | null, texts: Text[]}} Line
 * @typedef {{name: string, width: number, height: number, boxes: Box[], lines: Line[]}} Drawing
 * @typedef {{flow: string, step: string}} At
 * @typedef {{flow: string | null, step: string | null, outcome: string | null, around: At[],
 *   way: At[]}} Place
 */

/**
 * Builds the picture of a flow.
 * @param {Drawing} drawing
 */
export function createPicture(drawing) {
  const { boxes, lines, width, height } = drawing;
  const groups = new Map();
  const svg = element("svg", { class: "flow-picture", viewBox: `0 0 ${width} ${height}` });
  // A screen reader gets the list of boxes in its place.
  svg.setAttribute("aria-hidden", "true");
  const marks = element("g", {});
  svg.append(...lines.map(drawLine), ...boxes.map(drawBox), marks);

  function drawLine(line) {
    const group = element("g", { class: line.is_dotted ? "line dotted" : "line" });
    group.append(element("path", { d: line.path }), element("path", { class: "head", d: line.head }));
    if (line.plate !== null) {
      const [x, y, width, height] = line.plate;
      group.append(element("rect", { class: "plate", x, y, width, height, rx: 3 }));
    }
    group.append(...line.texts.map(drawText));
    groups.set(line, group);
    return group;
  }

  function drawBox(box) {
    const group = element("g", { class: `box ${box.shape}` });
    group.dataset.box = box.id;
    const title = element("title", {});
    title.textContent = box.name;
    group.append(title, element("path", { d: box.outline }), ...box.texts.map(drawText));
    groups.set(box, group);
    return group;
  }

  /** Writes some words above a box, such as “waits here”. */
  function mark(box, words) {
    const [x, y] = [box.x + box.width / 2, box.y - MARK.height / 2];
    const group = element("g", { class: "mark" });
    const { width, height } = MARK;
    group.append(
      element("rect", { x: x - width / 2, y: y - height / 2 - 1, width, height, rx: height / 2 }),
      drawText({ text: words, x, y: y + 3, is_name: true }),
    );
    marks.append(group);
  }

  const boxOf = (step) => boxes.find((box) => box.steps.includes(step));
  const flag = (step) => (box) => box.shape === "elsewhere" && box.texts[0]?.text === step;

  /** Returns the parts of the picture between two boxes of the way: a line, and perhaps a flag. */
  function between(from, to, step) {
    const direct = lines.filter((line) => line.from === from.id && line.to === to.id);
    if (direct.length > 0) {
      return direct.slice(0, 1);
    }
    const flags = boxes.filter(flag(step));
    for (const line of lines.filter((line) => line.from === from.id)) {
      const found = flags.find((box) => box.id === line.to);
      if (found) {
        return [line, found];
      }
    }
    return lines.filter((line) => line.from === "commands" && line.to === to.id);
  }

  /** Returns the end of the flow to which a box leads with this outcome. */
  function endOf(from, outcome) {
    const ends = boxes.filter((box) => box.shape === "terminal" && box.texts[0]?.text === outcome);
    const line = lines.find((line) => line.from === from.id && ends.some((box) => box.id === line.to));
    return line && { line, box: ends.find((box) => box.id === line.to) };
  }

  return {
    svg,
    drawing,
    boxOf,

    /** Returns the box that a flag stands for. Any other box stands for itself. */
    behind: (box) => (box.shape === "elsewhere" ? (boxOf(box.texts[0]?.text) ?? box) : box),

    /** Puts a frame around a box, or removes it. @param {Box | undefined} chosen */
    choose(chosen) {
      boxes.forEach((box) => groups.get(box).classList.toggle("chosen", box === chosen));
    },

    /**
     * Shows where a person stands.
     * @param {Place | null} place
     * @returns {{here: Box | undefined, passed: Set<Box>}} The box in which they are, and those
     *   that they have passed.
     */
    show(place) {
      groups.forEach((group) => group.classList.remove("passed", "here"));
      marks.replaceChildren();
      const passed = new Set();
      const pass = (part) => {
        passed.add(part);
        groups.get(part).classList.add("passed");
      };
      const way = (place?.way ?? []).filter((at) => at.flow === drawing.name);
      let last = boxes.find((box) => box.id === "start");
      for (const { step } of way) {
        const box = boxOf(step);
        if (!box) {
          continue;
        }
        if (last && last !== box) {
          const parts = between(last, box, step);
          parts.forEach(pass);
          if (last.id === "start" && parts.length > 0) {
            pass(last);
          }
        }
        pass(box);
        last = box;
      }
      let here;
      const caller = place?.around.find((at) => at.flow === drawing.name);
      if (caller) {
        here = boxOf(caller.step);
        if (here) {
          mark(here, "runs now");
        }
      } else if (place?.flow === drawing.name && place.step !== null) {
        here = boxOf(place.step);
        if (here) {
          mark(here, "waits here");
        }
      } else if (place?.flow === drawing.name && place.outcome !== null && last) {
        const end = endOf(last, place.outcome);
        if (end) {
          pass(end.line);
          pass(end.box);
        }
        here = end?.box ?? (way.length > 0 ? last : undefined);
        if (here) {
          mark(here, "ended here");
        }
      }
      if (here) {
        groups.get(here).classList.add("here");
      }
      return { here, passed };
    },
  };
}

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, String(value)));
  return made;
}

function drawText({ text, x, y, is_name }) {
  const made = element("text", { x, y, class: is_name ? "name" : "words" });
  made.textContent = text;
  return made;
}
