// The bench: the phones of this page side by side, and the panel beside them.
// Asks for a number if the address names none.

import { addressOf, phonesIn } from "./address.js";
import { createFeed } from "./feed.js";
import { watchFlowFiles } from "./flow-files.js";
import { askForNumber, chooseAnother } from "./number-form.js";
import { createPanel } from "./panel.js";
import { createPhone } from "./phone.js";
import { createTabs } from "./tabs.js";

const $ = (id) => document.getElementById(id);

/** The most phones of one page; the service has the same limit. */
const MOST = 32;

const named = phonesIn(location.search);
if (named.phones.length > 0) {
  openBench(named.phones);
} else {
  askForNumber(named.text, named.complaint);
}

/** @param {{phone: string, channel: string}[]} wanted */
function openBench(wanted) {
  /** The phones by number, in the order in which they stand. @type {Map<string, ReturnType<createPhone>>} */
  const phones = new Map();
  /** The listeners, by the names of their events. @type {Map<string, ((data: object) => void)[]>} */
  const listeners = new Map();
  /** The listeners to changes of the current phone. @type {((phone: string) => void)[]} */
  const watchers = [];
  let current = "";

  const feed = createFeed(
    (name, data) => {
      phones.get(data.phone)?.hear(name, data);
      listeners.get(name)?.forEach((listener) => listener(data));
    },
    (isRefused) => phones.forEach((phone) => phone.away(isRefused)),
  );
  const tabs = createTabs($("tabs"), {
    choose(phone) {
      phones.get(phone)?.focus();
      phones.get(phone)?.element.scrollIntoView({ inline: "nearest", block: "nearest" });
    },
    close: remove,
  });

  /** The parts of the page that the views of the panel may use. */
  const bench = {
    /** The number of the phone that was used last. */
    current: () => current,
    /** Calls back with the current phone, now and whenever another one is used. */
    onCurrent(callback) {
      watchers.push(callback);
      callback(current);
    },
    /** Calls back with the data of each event of this name. */
    on(name, callback) {
      listeners.set(name, [...(listeners.get(name) ?? []), callback]);
    },
  };

  function add({ phone, channel }) {
    if (!phones.has(phone)) {
      const added = createPhone(phone, channel, { onChannel: arranged, onWhy: (id) => explain(phone, id) });
      added.element.addEventListener("focusin", () => use(phone));
      added.element.addEventListener("pointerdown", () => use(phone));
      phones.set(phone, added);
      $("phones").append(added.element);
    }
  }

  /** Opens the reasons of a turn beside the phones. */
  function explain(phone, id) {
    use(phone);
    panel.open("why").open(id);
  }

  function remove(phone) {
    phones.get(phone).element.remove();
    phones.delete(phone);
    arrange();
    const [next] = phones.keys();
    phones.get(current === phone ? next : current).focus();
  }

  function use(phone) {
    if (current !== phone) {
      current = phone;
      arranged();
      watchers.forEach((watcher) => watcher(phone));
    }
  }

  /** Follows the phones that are there now. */
  function arrange() {
    feed.follow([...phones.keys()]);
    arranged();
  }

  /** Shows which phones there are: in the tabs, and in the address, for a reload. */
  function arranged() {
    const all = [...phones.values()].map(({ phone, channel }) => ({ phone, channel: channel() }));
    document.title = `${all.map(({ phone }) => phone).join(", ")} · Ringback`;
    document.body.dataset.phones = all.length === 1 ? "one" : "several";
    tabs.show(all.map(({ phone }) => phone), current);
    $("add").hidden = all.length >= MOST;
    history.replaceState(null, "", addressOf(all));
  }

  watchFlowFiles(bench);
  wanted.slice(0, MOST).forEach(add);
  $("bench-bar").hidden = false;
  $("phones").hidden = false;
  arrange();
  phones.values().next().value.focus();
  const panel = createPanel(bench);

  chooseAnother($("add"), (phone) => {
    add({ phone, channel: phones.get(current)?.channel() ?? "sms" });
    arrange();
    phones.get(phone).focus();
  });
}
