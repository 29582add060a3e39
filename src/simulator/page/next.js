// What the bot will do by itself if nobody writes, and a button that lets the
// first of it come now. It moves this phone only, never the service's clock.

const NAMES = { nudge: "a nudge", timeout: "the timeout", call: "the end of the call", expiry: "the end" };

/** Units of time, largest first, with their seconds. */
const UNITS = [["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]];

const AGAIN_MILLISECONDS = 15_000;

const IN = new Intl.RelativeTimeFormat("en", { numeric: "always" });

/**
 * Returns a function that shows what comes by itself.
 * @param {(name: string) => HTMLElement} part A part of the phone.
 * @param {string} phone
 * @param {() => void} onResize Called when the strip appears or goes.
 */
export function showNext(part, phone, onResize) {
  /** @type {{what: string, at: string}[]} */
  let next = [];

  function show() {
    const after = (isPostponed) => (isPostponed ? ", after the quiet hours" : "");
    const words = next.map(
      ({ what, at, is_postponed }) => `${NAMES[what] ?? what} ${inWords(at)}${after(is_postponed)}`,
    );
    part("next-words").textContent = `By itself: ${words.join(", ")}`;
    const wasHidden = part("next").hidden;
    part("next").hidden = next.length === 0;
    if (part("next").hidden !== wasHidden) {
      onResize();
    }
  }

  part("now").addEventListener("click", async () => {
    part("now").disabled = true;
    try {
      const answer = await fetch("/simulator/now", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ phone }),
      });
      if (!answer.ok) {
        part("next-words").textContent = await answer.text();
      }
    } catch {
      part("next-words").textContent = "The service cannot be reached; try again.";
    } finally {
      part("now").disabled = false;
      part("text").focus();
    }
  });
  const again = setInterval(() => (part("next").isConnected ? show() : clearInterval(again)), AGAIN_MILLISECONDS);

  return (list) => {
    next = list;
    show();
  };
}

/** Such as “in 10 minutes”; never of the past. */
function inWords(at) {
  const seconds = Math.max(0, Math.round((Date.parse(at) - Date.now()) / 1000));
  const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? ["second", 1];
  return IN.format(Math.round(seconds / size), unit);
}
