// The window onto a picture: it scrolls like any other part of a page, and is
// also moved by dragging and zoomed by buttons, keys, and the wheel with Ctrl.

const SMALLEST = 0.1;
const LARGEST = 3;
const STEP = 1.25;

/** Below this scale, texts are too small to read, so a picture is larger at first. */
const READABLE = 0.8;

/** How far an arrow key moves the picture, and how far a click may move, in pixels. */
const ARROW = 60;
const CLICK = 4;

/** The room beside a box that is brought into view, in pixels. */
const ROOM = 40;

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * @param {HTMLElement} view The element that scrolls.
 * @param {{onClick: (target: Element) => void, onZoom: (scale: number) => void,
 *   onMove: () => void}} on `onMove`: the person has moved the picture.
 */
export function createView(view, on) {
  /** @type {SVGSVGElement | null} */
  let svg = null;
  let size = { width: 1, height: 1 };
  let scale = 1;
  let isPlaced = false;
  let isHidden = true;
  /** Shows the right part of the picture after the view was hidden. */
  let look = () => {};

  function setScale(wanted, at = { x: view.clientWidth / 2, y: view.clientHeight / 2 }) {
    const next = Math.min(LARGEST, Math.max(SMALLEST, wanted));
    const factor = next / scale;
    const [left, top] = [view.scrollLeft + at.x, view.scrollTop + at.y];
    scale = next;
    if (svg) {
      svg.style.width = `${size.width * scale}px`;
      svg.style.height = `${size.height * scale}px`;
    }
    view.scrollTo({ left: left * factor - at.x, top: top * factor - at.y, behavior: "instant" });
    on.onZoom(scale);
  }

  const fitting = () => Math.min(view.clientWidth / size.width, view.clientHeight / size.height);

  function fit() {
    setScale(Math.min(1, fitting()));
    on.onMove();
  }

  function zoom(factor, at) {
    setScale(scale * factor, at);
    on.onMove();
  }

  /** Gives a picture its first size, as soon as the view has a size. */
  function place() {
    const wasHidden = isHidden;
    isHidden = view.clientWidth === 0 || view.clientHeight === 0;
    if (isHidden || !svg || (isPlaced && !wasHidden)) {
      return;
    }
    if (!isPlaced) {
      isPlaced = true;
      setScale(Math.min(1, Math.max(READABLE, view.clientWidth / size.width)));
      view.scrollTo({ left: (view.scrollWidth - view.clientWidth) / 2, top: 0, behavior: "instant" });
    }
    look();
  }

  /** Brings a box into view. */
  function bring({ x, y, width, height }) {
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const go = (behavior) => {
      // A picture that is smaller than the view stands in its middle.
      const [outer, inner] = [view.getBoundingClientRect(), svg.getBoundingClientRect()];
      const left = inner.left - outer.left + view.scrollLeft + x * scale;
      const top = inner.top - outer.top + view.scrollTop + y * scale;
      const spare = view.clientWidth - width * scale;
      view.scrollTo({
        left: left - Math.max(ROOM / 2, spare / 2),
        top: top + (height * scale - view.clientHeight) / 2,
        behavior,
      });
    };
    look = () => go("instant");
    if (isPlaced && !isHidden) {
      go(isStill ? "instant" : "smooth");
    }
  }

  view.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const arrow = ARROWS[event.key];
    if (arrow) {
      view.scrollBy({ left: arrow[0] * ARROW, top: arrow[1] * ARROW, behavior: "instant" });
      on.onMove();
    } else if (event.key === "+" || event.key === "=") {
      zoom(STEP);
    } else if (event.key === "-") {
      zoom(1 / STEP);
    } else if (event.key === "0") {
      fit();
    } else {
      return;
    }
    event.preventDefault();
  });

  view.addEventListener(
    "wheel",
    (event) => {
      if (event.ctrlKey) {
        event.preventDefault();
        const { left, top } = view.getBoundingClientRect();
        zoom(STEP ** (-event.deltaY / 100), { x: event.clientX - left, y: event.clientY - top });
      } else {
        on.onMove();
      }
    },
    { passive: false },
  );

  // The browser itself scrolls with a finger.
  let grip = null;
  let wasDragged = false;
  view.addEventListener("pointerdown", (event) => {
    wasDragged = false;
    if (event.pointerType === "mouse" && event.button === 0) {
      grip = { x: event.clientX, y: event.clientY, left: view.scrollLeft, top: view.scrollTop };
    }
  });
  view.addEventListener("pointermove", (event) => {
    if (grip === null) {
      return;
    }
    const [x, y] = [event.clientX - grip.x, event.clientY - grip.y];
    if (!wasDragged && Math.hypot(x, y) > CLICK) {
      wasDragged = true;
      view.setPointerCapture(event.pointerId);
      view.classList.add("dragged");
      on.onMove();
    }
    if (wasDragged) {
      view.scrollTo({ left: grip.left - x, top: grip.top - y, behavior: "instant" });
    }
  });
  const release = () => {
    grip = null;
    view.classList.remove("dragged");
  };
  view.addEventListener("pointerup", release);
  view.addEventListener("pointercancel", release);
  view.addEventListener("click", (event) => {
    if (!wasDragged) {
      on.onClick(event.target);
    }
  });
  new ResizeObserver(place).observe(view);

  return {
    /** Shows another picture. A picture of the same flow stays where it is. */
    show(next, { width, height }, isSame) {
      const { scrollLeft, scrollTop } = view;
      svg = next;
      size = { width, height };
      view.replaceChildren(svg);
      if (isSame && isPlaced) {
        setScale(scale);
        view.scrollTo({ left: scrollLeft, top: scrollTop, behavior: "instant" });
      } else {
        isPlaced = false;
        look = () => {};
        place();
      }
    },
    bring,
    /** Leaves the picture where the person has moved it. */
    rest() {
      look = () => {};
    },
    fit,
    zoomIn: () => zoom(STEP),
    zoomOut: () => zoom(1 / STEP),
  };
}
