// What the conversation waits for from a third party, with a button for each
// outcome: the page then is that third party, and posts the result as it would.

const $ = (id) => document.getElementById(id);

/**
 * Returns a function that shows what is waited for; `null` stands for nothing.
 * @param {() => void} onResize Called when the strip appears or goes.
 */
export function showCallback(onResize) {
  /** Posts a result, and shows why it was refused, if it was. */
  async function report(path, result) {
    $("callback-answer").textContent = "";
    try {
      const answer = await fetch(path, { method: "POST", body: JSON.stringify(result) });
      if (!answer.ok) {
        $("callback-answer").textContent = `${answer.status}: ${(await answer.text()).trim()}`;
      }
    } catch {
      $("callback-answer").textContent = "The service does not answer.";
    }
    $("text").focus();
  }

  function button(path, result) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = result.outcome;
    button.title = JSON.stringify(result);
    button.addEventListener("click", () => report(path, result));
    return button;
  }

  return (callback) => {
    const wasHidden = $("callback").hidden;
    $("callback").hidden = callback === null;
    $("callback-answer").textContent = "";
    if (callback !== null) {
      const { name, path, results } = callback;
      $("callback-words").textContent = `Waits for ${name}:`;
      $("callback-results").replaceChildren(...results.map((result) => button(path, result)));
      const json = JSON.stringify(results[0] ?? {}).replaceAll("'", String.raw`'\''`);
      $("callback-curl").textContent = `curl -d '${json}' ${location.origin}${path}`;
    }
    if ($("callback").hidden !== wasHidden) {
      onResize();
    }
  };
}
