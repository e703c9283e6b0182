// Whose eyes: what one side or one post knows at a time, and nothing else.
//
// The eyes of a side or post see rows that name one of its posts, from the moment on that the row
// tells; messages by its posts from when they are sent, messages to them from when they are read.
import { sortedBy, upperBound } from "./search.js";
import { shiftAt } from "./walks.js";

/**
 * @typedef {{kind: "truth"} | {kind: "side", side: number} | {kind: "post", post: number}} Eyes
 */

/**
 * @typedef {Object} Item something that eyes can see happen
 * @property {number} time s
 * @property {"event"|"sent"|"read"|"lost"|"parted"} type
 * @property {number} index of the event, the message or the parting
 */

/**
 * Whether what a post knows is known to somebody's eyes.
 * @param {import("./decode.js").Run} run
 * @param {Eyes} eyes
 * @param {number} post -1 is nobody
 */
export function knows(run, eyes, post) {
  if (post < 0) return false;
  if (eyes.kind === "side") return run.meta.posts[post].side === eyes.side;
  return eyes.kind === "post" && post === eyes.post;
}

/** @param {Eyes} eyes */
export function eyesKey(eyes) {
  if (eyes.kind === "side") return `side-${eyes.side}`;
  return eyes.kind === "post" ? `post-${eyes.post}` : "truth";
}

/**
 * All that somebody's eyes see happen in the whole run, in order of time.
 * @param {import("./decode.js").Run} run
 * @param {Eyes} eyes
 * @returns {Item[]}
 */
export function itemsOf(run, eyes) {
  const c = run.columns;
  const truth = eyes.kind === "truth";
  /** @type {Item[]} */
  const items = [];
  const inject = run.meta.kinds.inject;
  for (let i = 0; i < c["event.time"].length; i++) {
    // A tip has a row for each post that is told, and one for the truth.
    const seen = truth
      ? c["event.kind"][i] !== inject || c["event.post"][i] < 0
      : knows(run, eyes, c["event.post"][i]) || knows(run, eyes, c["event.other"][i]);
    if (seen) items.push({ time: c["event.time"][i], type: "event", index: i });
  }
  for (let i = 0; i < c["message.sent"].length; i++) {
    const reads = truth || knows(run, eyes, c["channel.reader"][c["message.channel"][i]]);
    if (truth || writes(run, eyes, i)) items.push({ time: c["message.sent"][i], type: "sent", index: i });
    if (reads && c["message.read"][i] >= 0) items.push({ time: c["message.read"][i], type: "read", index: i });
    if (reads && c["message.lost"][i]) items.push({ time: c["message.arrival"][i], type: "lost", index: i });
  }
  const order = sortedBy([...items.keys()], (i) => items[i].time);
  return order.map((i) => items[i]);
}

/**
 * Whether a message carries the report of somebody whose eyes these are.
 * @param {import("./decode.js").Run} run
 * @param {Eyes} eyes
 * @param {number} message
 */
export function writes(run, eyes, message) {
  const c = run.columns;
  const channel = c["message.channel"][message];
  for (let k = c["channel.offsets"][channel]; k < c["channel.offsets"][channel + 1]; k++) {
    if (knows(run, eyes, c["channel.author"][k])) return true;
  }
  return false;
}

/**
 * @typedef {Object} Told a find that a report told of, once it was read
 * @property {number} time when it was read, s
 * @property {number} written when it was written, s
 * @property {number} author
 * @property {number} reader
 * @property {number} crime
 * @property {number} segment
 * @property {number} count
 */

/**
 * Finds of others that have been read of, in order of reading.
 * @param {import("./decode.js").Run} run
 * @param {Item[]} items what the eyes see
 * @param {Eyes} eyes
 * @returns {Told[]}
 */
export function toldFinds(run, items, eyes) {
  const c = run.columns;
  /** @type {Told[]} */
  const told = [];
  for (const item of items) {
    if (item.type !== "read" || eyes.kind === "truth") continue;
    const reader = c["channel.reader"][c["message.channel"][item.index]];
    for (const report of reportsIn(run, item.index)) {
      for (let f = c["find.offsets"][report]; f < c["find.offsets"][report + 1]; f++) {
        told.push({
          time: item.time, reader, written: c["report.written"][report], author: c["report.author"][report],
          crime: c["find.crime"][f], segment: c["find.segment"][f], count: c["find.count"][f],
        });
      }
    }
  }
  return told;
}

/**
 * @typedef {Object} ToldPlan where a partner said that its patrols would be, once that was read
 * @property {number} time when it was read, s
 * @property {number} author
 * @property {number} plan
 */

/**
 * Plans of others that have been read, in order of reading.
 * @param {import("./decode.js").Run} run
 * @param {Item[]} items what the eyes see
 * @param {Eyes} eyes
 * @returns {ToldPlan[]}
 */
export function toldPlans(run, items, eyes) {
  const c = run.columns;
  /** @type {ToldPlan[]} */
  const told = [];
  for (const item of items) {
    if (item.type !== "read" || eyes.kind === "truth") continue;
    const plans = [c["message.plan"][item.index], ...reportsIn(run, item.index).map((report) => c["report.plan"][report])];
    for (const plan of plans) if (plan >= 0) told.push({ time: item.time, author: c["plan.author"][plan], plan });
  }
  return told;
}

/**
 * The latest plan of each partner that has been read by a time; an earlier one does not replace it.
 * @param {import("./decode.js").Run} run
 * @param {ToldPlan[]} told
 * @param {number} time s
 * @returns {Map<number, number>} partner to plan
 */
export function plansAt(run, told, time) {
  /** @type {Map<number, number>} */
  const plans = new Map();
  for (const { time: read, author, plan } of told) {
    if (read > time) break;
    const known = plans.get(author);
    if (known === undefined || run.columns["plan.shift"][plan] >= run.columns["plan.shift"][known]) plans.set(author, plan);
  }
  return plans;
}

/**
 * Indices of the reports in a message.
 * @param {import("./decode.js").Run} run
 * @param {number} message
 * @returns {number[]}
 */
export function reportsIn(run, message) {
  const c = run.columns;
  return [...c["message.report"].slice(c["message.offsets"][message], c["message.offsets"][message + 1])];
}

/**
 * For each partner across the line: until when a post knows of it, by what it has read.
 * @param {import("./decode.js").Run} run
 * @param {Item[]} items what the post's eyes see
 * @param {number} post
 * @param {number} time s
 * @returns {Map<number, number>} partner to time of its latest report, s; -1 if none was read
 */
export function heardFrom(run, items, post, time) {
  const c = run.columns;
  /** @type {Map<number, number>} */
  const heard = new Map(facing(run, post).map((partner) => [partner, -1]));
  for (const item of items) {
    if (item.time > time) break;
    if (item.type !== "read" || c["channel.reader"][c["message.channel"][item.index]] !== post) continue;
    for (const report of reportsIn(run, item.index)) {
      const author = c["report.author"][report];
      heard.set(author, Math.max(heard.get(author) ?? -1, c["report.written"][report]));
    }
  }
  return heard;
}

/**
 * Posts of other sides that hold some of the same line; everybody knows who they are.
 * @param {import("./decode.js").Run} run
 * @param {number} post
 * @returns {number[]}
 */
export function facing(run, post) {
  let across = acrossFrom.get(run);
  if (!across) {
    across = run.meta.posts.map((/** @type {any} */ own) => [...run.meta.posts.keys()].filter((other) => {
      const site = run.meta.posts[other];
      return site.side !== own.side && site.sector.some((/** @type {number} */ number) => own.sector.includes(number));
    }));
    acrossFrom.set(run, /** @type {number[][]} */ (across));
  }
  return /** @type {number[][]} */ (across)[post];
}

/** @type {WeakMap<import("./decode.js").Run, number[][]>} for each post those that face it */
const acrossFrom = new WeakMap();

/**
 * What posts believed when the shift under way began: attempts a day, by segment.
 * @param {import("./decode.js").Run} run
 * @param {Eyes} eyes of a side or post
 * @param {number} time s
 * @returns {Map<number, number>} segment to attempts a day; of several posts the one that holds it
 */
export function beliefsAt(run, eyes, time) {
  const c = run.columns;
  const shifts = c["shift.end"].length;
  const shift = shiftAt(run, time);
  const { lowest, step } = run.meta.belief;
  /** @type {Map<number, number>} */
  const believed = new Map();
  run.meta.posts.forEach((/** @type {any} */ site, /** @type {number} */ post) => {
    if (!knows(run, eyes, post)) return;
    for (let k = c["belief.offsets"][post]; k < c["belief.offsets"][post + 1]; k++) {
      const segment = c["belief.segment"][k];
      const mine = eyes.kind === "post" || site.sector.includes(segment);
      if (mine) believed.set(segment, lowest * step ** c["belief.level"][k * shifts + shift]);
    }
  });
  return believed;
}

/**
 * Where on the line an item is; segment -1 if it is nowhere.
 * @param {import("./decode.js").Run} run
 * @param {Item} item
 * @returns {{segment: number, place: number, across: number}}
 */
export function whereabouts(run, item) {
  const c = run.columns;
  if (item.type === "parted") return { segment: -1, place: 0, across: 0 };
  if (item.type === "event" && c["event.segment"][item.index] >= 0) {
    const place = c["event.place"][item.index];
    return { segment: c["event.segment"][item.index], place: place < 0 ? 0.5 : place, across: c["event.across"][item.index] };
  }
  const post = item.type === "event" ? c["event.post"][item.index] : c["channel.reader"][c["message.channel"][item.index]];
  const site = run.meta.posts[post];
  if (!site) return { segment: -1, place: 0, across: 0 };
  const hand = c.hand[site.side * run.meta.segments.length + site.segment];
  return { segment: site.segment, place: site.share, across: hand };
}

/**
 * How many items there are up to a time.
 * @param {Item[]} items
 * @param {number} time s
 */
export function seenBy(items, time) {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (items[middle].time <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Messages under way that somebody's eyes can see: by one's own posts, and all of them in truth.
 * @param {import("./decode.js").Run} run
 * @param {Eyes} eyes
 * @param {number} time s
 * @param {number} longest time that any message is under way, s
 * @returns {number[]}
 */
export function underWay(run, eyes, time, longest) {
  const c = run.columns;
  const found = [];
  for (let i = upperBound(c["message.sent"], time) - 1; i >= 0 && c["message.sent"][i] > time - longest; i--) {
    if (c["message.arrival"][i] > time && (eyes.kind === "truth" || writes(run, eyes, i))) found.push(i);
  }
  return found;
}
