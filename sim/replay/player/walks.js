// Where patrols are at any time: a pure function of the recorded legs.
import { upperBound } from "./search.js";

/** Seconds in which a patrol that was held up is drawn back to its round; the model has it jump. */
const GLIDE = 1800;

/**
 * @typedef {Object} Walk where a patrol is: between two places, `part` of the way from first to second
 * @property {number} leg index of its leg
 * @property {number} s1 segment of the first place
 * @property {number} p1 where along it, 0 to 1
 * @property {number} a1 0 on a beat, 1 at its post
 * @property {number} s2
 * @property {number} p2
 * @property {number} a2
 * @property {number} part
 * @property {boolean} busy whether it is in pursuit
 */

/** @returns {Walk} */
export function emptyWalk() {
  return { leg: -1, s1: 0, p1: 0, a1: 0, s2: 0, p2: 0, a2: 0, part: 0, busy: false };
}

/**
 * The shift under way at a time; the last one at the end.
 * @param {import("./decode.js").Run} run
 * @param {number} time s
 */
export function shiftAt(run, time) {
  const ends = run.columns["shift.end"];
  return Math.min(upperBound(ends, time), ends.length - 1);
}

/**
 * When the shift under way began, s.
 * @param {import("./decode.js").Run} run
 * @param {number} time s
 */
export function startOfShift(run, time) {
  const shift = shiftAt(run, time);
  return shift > 0 ? run.columns["shift.end"][shift - 1] : 0;
}

/**
 * Find where a patrol is.
 * @param {import("./decode.js").Run} run
 * @param {number} patrol
 * @param {number} shift as of `shiftAt`
 * @param {number} time s
 * @param {Walk} walk is filled in
 * @returns {boolean} false if it is off duty
 */
export function walkAt(run, patrol, shift, time, walk) {
  const c = run.columns;
  const from = c["leg.offsets"][patrol];
  const leg = upperBound(c["leg.shift"], shift, from, c["leg.offsets"][patrol + 1]) - 1;
  if (leg < from || c["leg.shift"][leg] !== shift) return false;
  const home = run.meta.posts[c["leg.post"][leg]];
  const arrive = c["leg.arrive"][leg];
  const leave = c["leg.leave"][leg];
  walk.leg = leg;
  walk.busy = false;
  walk.part = 0;
  atHome(walk, home, 1);
  atHome(walk, home, 2);
  if (leave <= arrive) return true;
  const access = Math.max(c["beat.access"][c["leg.beat"][leg]], 1);
  if (time < arrive) {
    onBeat(c, leg, arrive, walk, 2);
    walk.part = Math.max(0, 1 - (arrive - time) / access);
    return true;
  }
  if (time > leave) {
    onBeat(c, leg, leave, walk, 1);
    walk.part = Math.min(1, (time - leave) / access);
    return true;
  }
  onBeat(c, leg, time, walk, 1);
  onBeat(c, leg, time, walk, 2);
  const first = c["pause.offsets"][patrol];
  const pause = upperBound(c["pause.begin"], time, first, c["pause.offsets"][patrol + 1]) - 1;
  if (pause >= first && c["pause.end"][pause] > startOfShift(run, time)) {
    onBeat(c, leg, Math.max(c["pause.begin"][pause], arrive), walk, 1);
    const since = time - c["pause.end"][pause];
    walk.busy = since < 0;
    walk.part = Math.min(1, Math.max(0, since / GLIDE));
  }
  return true;
}

/**
 * @param {Walk} walk
 * @param {any} home
 * @param {1|2} end
 */
function atHome(walk, home, end) {
  if (end === 1) [walk.s1, walk.p1, walk.a1] = [home.segment, home.share, 1];
  else [walk.s2, walk.p2, walk.a2] = [home.segment, home.share, 1];
}

/**
 * Put one end of a walk to where the round is at a time: a triangle wave over the beat.
 * @param {Object<string, Int32Array|Float64Array>} c
 * @param {number} leg
 * @param {number} time
 * @param {Walk} walk
 * @param {1|2} end
 */
function onBeat(c, leg, time, walk, end) {
  const beat = c["leg.beat"][leg];
  const first = c["beat.offsets"][beat];
  const last = c["beat.offsets"][beat + 1] - 1;
  const slowdown = c["leg.slowdown"][leg];
  const length = Math.max(c["beat.end"][last] * slowdown, 1);
  const turn = (c["leg.phase"][leg] + time - c["leg.arrive"][leg]) % (2 * length);
  const walked = (turn <= length ? turn : 2 * length - turn) / slowdown;
  let at = first;
  while (at < last && walked > c["beat.end"][at]) at++;
  const low = at === first ? 0 : c["beat.end"][at - 1];
  const share = Math.min(1, (walked - low) / Math.max(c["beat.end"][at] - low, 1));
  if (end === 1) [walk.s1, walk.p1, walk.a1] = [c["beat.segment"][at], share, 0];
  else [walk.s2, walk.p2, walk.a2] = [c["beat.segment"][at], share, 0];
}
