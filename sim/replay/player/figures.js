// The numbers beside the map: what is counted in truth, or known to somebody.
import { sightOf } from "./actors.js";
import { countsAt } from "./fates.js";
import { knows, seenBy } from "./knowledge.js";
import { facing, heardFrom } from "./told.js";
import { kindName, postName, span } from "./words.js";

/**
 * @typedef {Object} Figure
 * @property {string} name
 * @property {string} value
 * @property {string} [key] which mark of the legend it is
 */

const TRUTH = [
  ["begun", "attempts begun", ""],
  ["underWay", "under way", "crosser"],
  ["found", "found by somebody", "found"],
  ["caught", "intercepted", "caught"],
  ["handedOver", "handed over", "handedOver"],
  ["jointly", "intercepted jointly", "jointly"],
  ["referred", "met and referred", "referred"],
  ["passed", "passed", "passed"],
];

/**
 * What is counted in truth.
 * @param {import("./actors.js").Scene} scene
 * @param {number} time s
 * @returns {Figure[]}
 */
export function truthFigures(scene, time) {
  if (!scene.fates) return [];
  const counts = /** @type {any} */ (countsAt(scene.run, scene.fates, time));
  const rows = TRUTH.map(([field, name, key]) => ({ name, value: shown(counts[field]), key }));
  return [{ name: "interdiction rate", value: percent(counts.rate), key: "" }, ...rows];
}

/** @param {number} count */
function shown(count) {
  return count.toLocaleString("en");
}

/** @param {number|null} share */
function percent(share) {
  return share === null ? "–" : `${(100 * share).toFixed(1)} %`;
}

/**
 * @typedef {Object} Difference a row of the table of two runs; `change` is the second less the first
 * @property {string} field
 * @property {string} name
 * @property {string} first
 * @property {string} second
 * @property {string} change
 */

/**
 * What is counted in two runs, and the difference.
 * @param {import("./actors.js").Scene[]} scenes
 * @param {number} time s
 * @returns {Difference[]}
 */
export function differences(scenes, time) {
  const [a, b] = scenes.map(
    (scene) => /** @type {any} */ (scene.fates && countsAt(scene.run, scene.fates, time)),
  );
  if (!a || !b) return [];
  const signed = (/** @type {number} */ n, digits = 0) => {
    const text = Math.abs(n).toFixed(digits);
    return (Number(text) === 0 ? "±" : n > 0 ? "+" : "−") + text;
  };
  const rows = TRUTH.map(([field, name]) => ({
    field,
    name,
    first: String(a[field]),
    second: String(b[field]),
    change: signed(b[field] - a[field]),
  }));
  const change = a.rate === null || b.rate === null ? "–" : `${signed(100 * (b.rate - a.rate), 1)} pts`;
  return [
    { field: "rate", name: "interdiction rate", first: percent(a.rate), second: percent(b.rate), change },
    ...rows,
  ];
}

const KNOWN = [
  ["detected", "attempts found", "found"],
  ["community_report", "of them told by people", ""],
  ["alerted", "alerts received", "crosser"],
  ["intercepted", "intercepted or referred", "caught"],
  ["handed_over", "taken over after an alert", "handedOver"],
  ["intercepted_jointly", "ended by joint patrols", "jointly"],
  ["learned_later", "learned of later: got through", "passed"],
  ["lawful_stopped", "lawful people stopped", ""],
];

/**
 * What somebody's eyes have seen.
 * @param {import("./actors.js").Scene} scene
 * @param {import("./knowledge.js").Eyes} eyes
 * @param {number} time s
 * @returns {Figure[]}
 */
export function knownFigures(scene, eyes, time) {
  const { run } = scene;
  const { items } = sightOf(scene, eyes);
  /** @type {Object<string, number>} */
  const counts = { sent: 0, read: 0, lost: 0 };
  const found = new Set();
  for (const item of items.slice(0, seenBy(items, time))) {
    if (item.type !== "event") {
      counts[item.type] += 1;
      continue;
    }
    const name = kindName(run, run.columns["event.kind"][item.index]);
    const people = name === "lawful_stopped" ? Math.round(run.columns["event.value"][item.index]) : 1;
    counts[name] = (counts[name] ?? 0) + people;
    if (name === "detected") found.add(run.columns["event.attempt"][item.index]);
  }
  counts.detected = found.size;
  const rows = KNOWN.map(([field, name, key]) => ({ name, value: shown(counts[field] ?? 0), key }));
  return [
    ...rows,
    { name: "reports and plans sent", value: shown(counts.sent) },
    { name: "reports and plans read", value: shown(counts.read) },
    { name: "missed", value: shown(counts.lost) },
    ...ageFigures(scene, eyes, items, time),
  ];
}

/**
 * How old the information about partners is.
 * @param {import("./actors.js").Scene} scene
 * @param {import("./knowledge.js").Eyes} eyes
 * @param {import("./knowledge.js").Item[]} items
 * @param {number} time
 * @returns {Figure[]}
 */
function ageFigures(scene, eyes, items, time) {
  const { run } = scene;
  if (eyes.kind === "post") {
    return [...heardFrom(run, items, eyes.post, time)].map(([partner, written]) => ({
      name: `latest from ${postName(run, partner)}`,
      value: written < 0 ? "nothing yet" : `${span(time - written)} old`,
    }));
  }
  /** @type {Map<string, number>} */
  const latest = new Map();
  const c = run.columns;
  for (const item of items.slice(0, seenBy(items, time))) {
    if (item.type !== "read") continue;
    const reader = c["channel.reader"][c["message.channel"][item.index]];
    for (let k = c["message.offsets"][item.index]; k < c["message.offsets"][item.index + 1]; k++) {
      const report = c["message.report"][k];
      const key = `${reader}:${c["report.author"][report]}`;
      latest.set(key, Math.max(latest.get(key) ?? 0, c["report.written"][report]));
    }
  }
  let [sum, pairs] = [0, 0];
  for (const post of run.meta.posts.keys()) {
    if (!knows(run, eyes, post)) continue;
    for (const partner of facing(run, post)) {
      sum += time - (latest.get(`${post}:${partner}`) ?? 0);
      pairs += 1;
    }
  }
  return [{ name: "age of information on partners, mean", value: pairs ? span(sum / pairs) : "–" }];
}
