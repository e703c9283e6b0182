// The list of events: the canvas in words, and a way to jump.
import { sightOf } from "./actors.js";
import { seenBy } from "./knowledge.js";
import { clock, groupOf, sentence } from "./words.js";

/** Entries shown around the present one. */
const AROUND = 30;

/**
 * The items that the list holds: those of the groups that are wanted, in order of time.
 * @param {import("./actors.js").Scene} scene
 * @param {import("./knowledge.js").Eyes} eyes
 * @param {Set<string>} groups
 * @param {import("./knowledge.js").Item[]} extra partings of two runs
 * @returns {import("./knowledge.js").Item[]}
 */
export function listed(scene, eyes, groups, extra) {
  const wanted = sightOf(scene, eyes).items.filter((item) => groups.has(groupOf(scene.run, item)));
  return extra.length ? [...wanted, ...extra].sort((a, b) => a.time - b.time) : wanted;
}

/**
 * What happens next, or happened before, at another time than now.
 * @param {import("./knowledge.js").Item[]} items
 * @param {number} time s
 * @param {1|-1} step
 * @returns {import("./knowledge.js").Item|undefined}
 */
export function neighbour(items, time, step) {
  return step > 0 ? items[seenBy(items, time)] : items[seenBy(items, time - 0.5) - 1];
}

/** @type {WeakMap<HTMLElement, {key: string, items: import("./knowledge.js").Item[]}>} what each list shows */
const written = new WeakMap();

/**
 * Write the part of the list around a time.
 * @param {HTMLElement} element
 * @param {import("./knowledge.js").Item[]} items
 * @param {{time: number, horizon: number}} view nothing after the horizon is written
 * @param {(item: import("./knowledge.js").Item) => string} say
 * @param {(item: import("./knowledge.js").Item) => void} jump
 */
export function writeList(element, items, view, say, jump) {
  const present = seenBy(items, view.time) - 1;
  const key = `${present}:${seenBy(items, view.horizon)}`;
  if (written.get(element)?.key === key && written.get(element)?.items === items) return;
  written.set(element, { key, items });
  const last = Math.min(seenBy(items, view.horizon), present + AROUND);
  const first = Math.max(0, present - AROUND);
  const rows = [];
  for (let n = first; n < last; n++) {
    const row = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    const time = document.createElement("time");
    time.textContent = clock(items[n].time);
    button.append(time, ` ${say(items[n])}`);
    if (n === present) button.setAttribute("aria-current", "step");
    if (n > present) row.className = "later";
    button.addEventListener("click", () => jump(items[n]));
    row.append(button);
    rows.push(row);
  }
  element.replaceChildren(...rows);
  const current = element.querySelector("[aria-current]");
  if (current instanceof HTMLElement && element.offsetParent) {
    element.scrollTop = current.offsetTop - element.clientHeight / 2;
  }
}

/**
 * Say what has been seen last.
 * @param {import("./actors.js").Scene} scene
 * @param {import("./knowledge.js").Item[]} items
 * @param {number} time s
 * @returns {string}
 */
export function latest(scene, items, time) {
  const item = items[seenBy(items, time) - 1];
  return item && item.type !== "parted" ? `Last, ${clock(item.time)}: ${sentence(scene.run, item)}.` : "";
}
