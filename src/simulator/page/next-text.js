// What the page's own Twilio does with the next text by REST: a choice for one
// text of this phone, after which texts are delivered again.

/** What can become of a text: its name, what the list says, and what it means. */
const CHOICES = [
  ["delivered", "delivered", "Twilio takes the text and reports it as sent, then as delivered."],
  ["failed", "failed (30003)", "Twilio takes it, then reports that the phone is not reachable."],
  ["answer_lost", "answer lost", "It is sent, but no answer comes: unknown, until a report settles it."],
  ["lost", "answer lost, not sent", "Nothing is sent, and no answer comes: it stays unknown."],
  ["refused", "refused (21610)", "Twilio refuses it: this person has opted out, until they send START."],
];

/**
 * Returns a function that shows what becomes of the next text by REST; `null`
 * says that the page does not get such texts.
 * @param {(name: string) => HTMLElement} part A part of the phone.
 * @param {string} phone
 */
export function chooseNextText(part, phone) {
  const list = part("becomes");
  let known = null;

  list.append(...CHOICES.map(([name, words]) => new Option(words, name)));

  function show(becomes) {
    const [name, , means] = CHOICES.find(([name]) => name === becomes) ?? CHOICES[0];
    list.value = name;
    if (part("becomes-means").textContent !== means) {
      part("becomes-means").textContent = means;
    }
    // It stays while the choice is not used, though nothing may come by itself now.
    part("next-text").classList.toggle("chosen", becomes !== "delivered");
  }

  list.addEventListener("change", async () => {
    const becomes = list.value;
    show(becomes);
    part("next-text").ariaBusy = "true";
    try {
      const response = await fetch("/simulator/next-text", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ phone, becomes }),
      });
      if (!response.ok) {
        show(known);
      }
    } catch {
      // The service cannot be reached, which the page says above the chat.
      show(known);
    } finally {
      part("next-text").ariaBusy = null;
    }
  });

  return (becomes) => {
    known = becomes;
    part("next-text").hidden = becomes === null;
    show(becomes ?? "delivered");
  };
}
