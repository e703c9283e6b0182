// Who and what is to be seen at a moment, through somebody's eyes; not yet where on a canvas.
import { acrossAt, attemptsAt, endingOf, fatesOf } from "./fates.js";
import { eyesKey, itemsOf, knows, seenBy, underWay } from "./knowledge.js";
import { plansAt, toldFinds, toldPlans } from "./told.js";
import { emptyWalk, shiftAt, walkAt } from "./walks.js";
import { courseOf } from "./places.js";
import { kindName } from "./words.js";

const HOUR = 3600;
/** Most marks of what is over; older ones are left out when much happens in a second. */
const MOST_MARKS = 90;
/** Most messages that are drawn in truth; of more, some are left out, evenly. */
const MOST_LETTERS = 60;
/** For how long a find that was read of stays on the map, s. */
const TOLD_FOR = 7 * 24 * HOUR;

/**
 * @typedef {Object} Scene a run, made ready to be looked at
 * @property {import("./decode.js").Run} run
 * @property {import("./fates.js").Fates|null} fates
 * @property {number[]} course km at which each segment begins
 * @property {number} end s
 * @property {number} longest time that a message is under way, s
 * @property {Map<string, Sight>} sights
 */

/**
 * @typedef {Object} Sight what somebody's eyes see in the whole run
 * @property {import("./knowledge.js").Item[]} items
 * @property {import("./told.js").Told[]} told
 * @property {import("./told.js").ToldPlan[]} toldPlans
 * @property {{key: string, plans: Map<number, number>}} plans those of the time looked at last
 */

/**
 * @typedef {Object} Moment
 * @property {number} time s
 * @property {import("./knowledge.js").Eyes} eyes
 * @property {number} speed simulated s to a second
 * @property {boolean} hidden whether the truth is hidden, because a question waits
 */

/**
 * @typedef {Object} Actors
 * @property {{walk: import("./walks.js").Walk, patrol: number, post: number, side: number, company: number}[]} patrols
 * @property {{segment: number, place: number, across: number, found: boolean, attempt: number}[]} crossers
 * @property {{ending: string, segment: number, place: number, across: number, alpha: number, attempt: number}[]} endings
 * @property {{side: number, segment: number, place: number, hand: number, alpha: number}[]} told
 * @property {{side: number, segment: number, rank: number, alpha: number}[]} planned
 * @property {{from: number, to: number, part: number, alpha: number}[]} letters
 */

/**
 * @param {import("./decode.js").Run} run
 * @returns {Scene}
 */
export function sceneOf(run) {
  const c = run.columns;
  let longest = 1;
  for (let i = 0; i < c["message.sent"].length; i++) {
    longest = Math.max(longest, c["message.arrival"][i] - c["message.sent"][i] + 1);
  }
  const end = Math.ceil(run.meta.hours * HOUR);
  return { run, fates: fatesOf(run), course: courseOf(run), end, longest, sights: new Map() };
}

/**
 * What somebody's eyes see in the whole run, looked for once.
 * @param {Scene} scene
 * @param {import("./knowledge.js").Eyes} eyes
 * @returns {Sight}
 */
export function sightOf(scene, eyes) {
  const key = eyesKey(eyes);
  let sight = scene.sights.get(key);
  if (!sight) {
    const items = itemsOf(scene.run, eyes);
    sight = {
      items,
      told: toldFinds(scene.run, items, eyes),
      toldPlans: toldPlans(scene.run, items, eyes),
      plans: { key: "", plans: new Map() },
    };
    scene.sights.set(key, sight);
  }
  return sight;
}

/**
 * @param {Scene} scene
 * @param {Moment} moment
 * @returns {Actors}
 */
export function actorsAt(scene, moment) {
  const truth = moment.eyes.kind === "truth";
  const fade = Math.max(12 * HOUR, 0.8 * moment.speed);
  /** @type {Actors} */
  const actors = {
    patrols: patrolsAt(scene, moment),
    crossers: [],
    endings: [],
    told: [],
    planned: [],
    letters: lettersAt(scene, moment),
  };
  if (truth) {
    if (!moment.hidden) addTruth(scene, moment.time, fade, actors);
  } else {
    addSeen(scene, moment, fade, actors);
    addTold(scene, moment, actors);
    addPlanned(scene, moment, actors);
  }
  return actors;
}

/** @param {Scene} scene @param {Moment} moment */
function patrolsAt(scene, moment) {
  const { run } = scene;
  const patrols = [];
  const shift = shiftAt(run, moment.time);
  const count = run.columns["leg.offsets"].length - 1;
  let walk = emptyWalk();
  for (let patrol = 0; patrol < count; patrol++) {
    if (!walkAt(run, patrol, shift, moment.time, walk)) continue;
    const post = run.columns["leg.post"][walk.leg];
    const company = run.columns["leg.company"][walk.leg];
    const { eyes } = moment;
    if (eyes.kind !== "truth" && !knows(run, eyes, post) && !knows(run, eyes, company)) continue;
    patrols.push({ walk, patrol, post, side: run.meta.posts[post].side, company });
    walk = emptyWalk();
  }
  return patrols;
}

/** @param {Scene} scene @param {number} time @param {number} fade @param {Actors} actors */
function addTruth(scene, time, fade, actors) {
  const { run, fates } = scene;
  if (!fates) return;
  const c = run.columns;
  const shown = attemptsAt(run, fates, time, fade);
  for (const i of shown) {
    const stopped = c["attempt.stopped"][i];
    const place = {
      segment: c["attempt.segment"][i],
      place: c["attempt.place"][i],
      across: acrossAt(run, i, time),
      attempt: i,
    };
    if (stopped < 0 || stopped > time) {
      const found = c["attempt.found"][i] >= 0 && c["attempt.found"][i] <= time;
      actors.crossers.push({ ...place, found });
    } else {
      actors.endings.push({ ...place, ending: endingOf(run, i), alpha: 1 - (time - stopped) / fade });
    }
  }
  actors.endings.splice(0, Math.max(0, actors.endings.length - MOST_MARKS));
}

/** How an ending that a post knows of is drawn, by kind of event. */
const KNOWN_ENDINGS = {
  intercepted: "caught",
  handed_over: "handedOver",
  intercepted_jointly: "jointly",
  learned_later: "passed",
};

/** @param {Scene} scene @param {Moment} moment @param {number} fade @param {Actors} actors */
function addSeen(scene, moment, fade, actors) {
  const { run } = scene;
  const c = run.columns;
  const { items } = sightOf(scene, moment.eyes);
  const done = new Set();
  for (let n = seenBy(items, moment.time) - 1; n >= 0 && items[n].time > moment.time - fade; n--) {
    if (items[n].type !== "event" || actors.endings.length >= MOST_MARKS) continue;
    const i = items[n].index;
    const name = kindName(run, c["event.kind"][i]);
    const attempt = c["event.attempt"][i];
    const spot = {
      segment: c["event.segment"][i],
      attempt,
      place: c["event.place"][i] < 0 ? 0.5 : c["event.place"][i],
      across: c["event.across"][i],
    };
    if (name in KNOWN_ENDINGS) {
      const kind = /** @type {keyof typeof KNOWN_ENDINGS} */ (name);
      const referred = name !== "learned_later" && run.meta.referred[c["event.crime"][i]];
      const ending = referred ? "referred" : KNOWN_ENDINGS[kind];
      actors.endings.push({ ...spot, ending, alpha: 1 - (moment.time - items[n].time) / fade });
      done.add(attempt);
    } else if ((name === "detected" || name === "alerted") && !done.has(attempt)) {
      actors.crossers.push({ ...spot, found: name === "detected" });
      done.add(attempt);
    }
  }
}

/** @param {Scene} scene @param {Moment} moment @param {Actors} actors */
function addTold(scene, moment, actors) {
  const { run } = scene;
  for (const find of sightOf(scene, moment.eyes).told) {
    if (find.time > moment.time) break;
    if (find.time < moment.time - TOLD_FOR) continue;
    const side = run.meta.posts[find.author].side;
    const hand = run.columns.hand[side * run.meta.segments.length + find.segment];
    // A report tells the segment and no more; finds on one segment are set apart a little.
    const place = 0.3 + 0.1 * ((find.crime + find.author) % 5);
    actors.told.push({
      side,
      segment: find.segment,
      place,
      hand,
      alpha: 1 - (moment.time - find.time) / TOLD_FOR,
    });
  }
}

/**
 * Add where partners said that their patrols would be; the older the plan, the fainter.
 * @param {Scene} scene
 * @param {Moment} moment
 * @param {Actors} actors
 */
function addPlanned(scene, moment, actors) {
  const { run } = scene;
  const c = run.columns;
  const sight = sightOf(scene, moment.eyes);
  const shift = shiftAt(run, moment.time);
  const key = `${shift}|${seenBy(sight.items, moment.time)}`;
  if (sight.plans.key !== key)
    sight.plans = { key, plans: plansAt(run, sight.toldPlans, moment.time, shift) };
  const shifts = c["shift.end"];
  for (const [author, plan] of sight.plans.plans) {
    const age = Math.max(0, shifts[shift] - shifts[Math.min(c["plan.shift"][plan], shifts.length - 1)]);
    const alpha = Math.max(0.15, 1 - age / TOLD_FOR);
    for (let k = c["plan.offsets"][plan]; k < c["plan.offsets"][plan + 1]; k++) {
      actors.planned.push({
        side: run.meta.posts[author].side,
        segment: c["plan.segment"][k],
        rank: k - c["plan.offsets"][plan],
        alpha,
      });
    }
  }
}

/** @param {Scene} scene @param {Moment} moment */
function lettersAt(scene, moment) {
  const { run } = scene;
  const c = run.columns;
  const letters = underWay(run, moment.eyes, moment.time, scene.longest).map((i) => {
    const [from, to] = endsOf(run, i);
    const way = c["message.arrival"][i] - c["message.sent"][i];
    return { from, to, part: (moment.time - c["message.sent"][i]) / Math.max(way, 1), alpha: 1 };
  });
  const flash = Math.max(HOUR, 0.6 * moment.speed);
  const { items } = sightOf(scene, moment.eyes);
  for (let n = seenBy(items, moment.time) - 1; n >= 0 && items[n].time > moment.time - flash; n--) {
    if (items[n].type !== "read") continue;
    const [from, to] = endsOf(run, items[n].index);
    letters.push({ from, to, part: 1, alpha: 1 - (moment.time - items[n].time) / flash });
  }
  if (moment.eyes.kind !== "truth" || letters.length <= MOST_LETTERS) return letters;
  const every = letters.length / MOST_LETTERS;
  return letters.filter((_, n) => Math.floor(n / every) !== Math.floor((n - 1) / every));
}

/**
 * The posts between which a message goes; of several authors, the first.
 * @param {import("./decode.js").Run} run
 * @param {number} message
 */
function endsOf(run, message) {
  const channel = run.columns["message.channel"][message];
  return [
    run.columns["channel.author"][run.columns["channel.offsets"][channel]],
    run.columns["channel.reader"][channel],
  ];
}
