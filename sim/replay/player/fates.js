// What becomes of attempts: the truth, as of a time.
import { upperBound } from "./search.js";

/** Over how long attempts are averaged, s: four weeks. */
const RATE_OVER = 28 * 86400;

/** How an attempt ended, as in the recording. */
export const OUTCOME = { underWay: 0, passed: 1, caught: 2, handedOver: 3, jointly: 4 };

/**
 * @typedef {Object} Counts of attempts up to a time; each that ended counts in one place only
 * @property {number} begun
 * @property {number} underWay
 * @property {number} found
 * @property {number} caught intercepted by the side that found it
 * @property {number} handedOver
 * @property {number} jointly
 * @property {number} referred
 * @property {number} passed
 * @property {number} seized all three kinds of interception
 * @property {number|null} rate share of crimes that ended which were intercepted
 */

/**
 * @typedef {Object} Fates sorted times of what becomes of attempts
 * @property {Object<string, number[]>} times
 * @property {number} longest time from begin to end of any, s
 */

/**
 * Sort the times at which attempts end, once.
 * @param {import("./decode.js").Run} run
 * @returns {Fates|null} null if the file holds no truth
 */
export function fatesOf(run) {
  const c = run.columns;
  if (!c["attempt.begin"]) return null;
  /** @type {Object<string, number[]>} */
  const times = {
    found: [],
    caught: [],
    handedOver: [],
    jointly: [],
    referred: [],
    passed: [],
    crimePassed: [],
  };
  let longest = 0;
  for (let i = 0; i < c["attempt.begin"].length; i++) {
    if (c["attempt.found"][i] >= 0) times.found.push(c["attempt.found"][i]);
    const stopped = c["attempt.stopped"][i];
    longest = Math.max(longest, c["attempt.end"][i] - c["attempt.begin"][i], stopped - c["attempt.begin"][i]);
    if (stopped < 0) continue;
    const name = endingOf(run, i);
    if (name) times[name].push(stopped);
    if (name === "passed" && !run.meta.referred[c["attempt.crime"][i]]) times.crimePassed.push(stopped);
  }
  for (const some of Object.values(times)) some.sort((a, b) => a - b);
  return { times, longest };
}

/**
 * Name the way in which an attempt ends.
 * @param {import("./decode.js").Run} run
 * @param {number} i index of the attempt
 * @returns {"passed"|"referred"|"caught"|"handedOver"|"jointly"|""}
 */
export function endingOf(run, i) {
  const outcome = run.columns["attempt.outcome"][i];
  if (outcome === OUTCOME.passed) return "passed";
  if (outcome > OUTCOME.passed && run.meta.referred[run.columns["attempt.crime"][i]]) return "referred";
  if (outcome === OUTCOME.caught) return "caught";
  if (outcome === OUTCOME.handedOver) return "handedOver";
  return outcome === OUTCOME.jointly ? "jointly" : "";
}

/**
 * Count what has become of attempts by a time.
 * @param {import("./decode.js").Run} run
 * @param {Fates} fates
 * @param {number} time s
 * @returns {Counts}
 */
export function countsAt(run, fates, time) {
  const by = (/** @type {string} */ name) => upperBound(fates.times[name], time);
  const begun = upperBound(run.columns["attempt.begin"], time);
  const [caught, handedOver, jointly] = [by("caught"), by("handedOver"), by("jointly")];
  const [referred, passed, crimePassed] = [by("referred"), by("passed"), by("crimePassed")];
  const seized = caught + handedOver + jointly;
  const ended = seized + crimePassed;
  return {
    begun,
    caught,
    handedOver,
    jointly,
    referred,
    passed,
    seized,
    found: by("found"),
    underWay: begun - seized - referred - passed,
    rate: ended ? seized / ended : null,
  };
}

/**
 * Attempts under way, or ended a short while ago.
 * @param {import("./decode.js").Run} run
 * @param {Fates} fates
 * @param {number} time s
 * @param {number} fade for how long those that ended stay, s
 * @returns {number[]} indices, in order of begin
 */
export function attemptsAt(run, fates, time, fade) {
  const c = run.columns;
  const shown = [];
  for (let i = upperBound(c["attempt.begin"], time) - 1; i >= 0; i--) {
    if (c["attempt.begin"][i] < time - fates.longest - fade) break;
    const stopped = c["attempt.stopped"][i];
    if (stopped < 0 || stopped > time - fade) shown.push(i);
  }
  return shown.reverse();
}

/**
 * Attempts a day on each segment in the weeks before a time; in the first weeks, since the start.
 * @param {import("./decode.js").Run} run
 * @param {number} time s
 * @returns {Float64Array} by segment
 */
export function ratesBefore(run, time) {
  const c = run.columns;
  const since = Math.max(time - RATE_OVER, 0);
  const rates = new Float64Array(run.meta.segments.length);
  const days = Math.max((time - since) / 86400, 1);
  for (let i = upperBound(c["attempt.begin"], time) - 1; i >= 0 && c["attempt.begin"][i] > since; i--) {
    rates[c["attempt.segment"][i]] += 1 / days;
  }
  return rates;
}

/**
 * How far to the left of the line an attempt is: -1 to 1, 0 on the line.
 * @param {import("./decode.js").Run} run
 * @param {number} i index of the attempt
 * @param {number} time s
 */
export function acrossAt(run, i, time) {
  const c = run.columns;
  const stopped = c["attempt.stopped"][i];
  const now = stopped >= 0 ? Math.min(time, stopped) : time;
  const line = c["attempt.line"][i];
  const before = line - c["attempt.begin"][i];
  const after = c["attempt.end"][i] - line;
  const depth = (now - line) / Math.max(now < line ? before : after, 1);
  const hand = c.hand[c["attempt.destination"][i] * run.meta.segments.length + c["attempt.segment"][i]];
  return Math.max(-1, Math.min(1, depth)) * hand;
}
