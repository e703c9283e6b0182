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
    if (reads && c["message.read"][i] >= 0)
      items.push({ time: c["message.read"][i], type: "read", index: i });
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
    return {
      segment: c["event.segment"][item.index],
      place: place < 0 ? 0.5 : place,
      across: c["event.across"][item.index],
    };
  }
  const post =
    item.type === "event"
      ? c["event.post"][item.index]
      : c["channel.reader"][c["message.channel"][item.index]];
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
  for (
    let i = upperBound(c["message.sent"], time) - 1;
    i >= 0 && c["message.sent"][i] > time - longest;
    i--
  ) {
    if (c["message.arrival"][i] > time && (eyes.kind === "truth" || writes(run, eyes, i))) found.push(i);
  }
  return found;
}
