// What posts have been told: finds, plans, and how long ago, by what they have read.

/** @typedef {import("./knowledge.js").Item} Item */
/** @typedef {import("./knowledge.js").Eyes} Eyes */

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
          time: item.time,
          reader,
          written: c["report.written"][report],
          author: c["report.author"][report],
          crime: c["find.crime"][f],
          segment: c["find.segment"][f],
          count: c["find.count"][f],
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
    const plans = [
      c["message.plan"][item.index],
      ...reportsIn(run, item.index).map((report) => c["report.plan"][report]),
    ];
    for (const plan of plans)
      if (plan >= 0) told.push({ time: item.time, author: c["plan.author"][plan], plan });
  }
  return told;
}

/**
 * The plan of each partner that has been read by a time: that for the shift under way, or else the
 * latest before it. Plans that were agreed for days to come wait for their shift.
 * @param {import("./decode.js").Run} run
 * @param {ToldPlan[]} told
 * @param {number} time s
 * @param {number} shift under way
 * @returns {Map<number, number>} partner to plan
 */
export function plansAt(run, told, time, shift) {
  /** @type {Map<number, number>} */
  const plans = new Map();
  for (const { time: read, author, plan } of told) {
    if (read > time) break;
    if (run.columns["plan.shift"][plan] > shift) continue;
    const known = plans.get(author);
    if (known === undefined || run.columns["plan.shift"][plan] >= run.columns["plan.shift"][known])
      plans.set(author, plan);
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
    across = run.meta.posts.map((/** @type {any} */ own) =>
      [...run.meta.posts.keys()].filter((other) => {
        const site = run.meta.posts[other];
        return (
          site.side !== own.side &&
          site.sector.some((/** @type {number} */ number) => own.sector.includes(number))
        );
      }),
    );
    acrossFrom.set(run, /** @type {number[][]} */ (across));
  }
  return /** @type {number[][]} */ (across)[post];
}

/** @type {WeakMap<import("./decode.js").Run, number[][]>} for each post those that face it */
const acrossFrom = new WeakMap();
