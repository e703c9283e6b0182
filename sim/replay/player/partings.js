// Two runs on the same chance: where each attempt's two stories part.
import { endingOf } from "./fates.js";

/** Why two stories part, as in the recording. */
const CAUSES = [
  "chooses another place",
  "takes place in one run only",
  "goes at another time",
  "is noticed otherwise",
  "ends otherwise",
];

/**
 * When each attempt of one of the runs parts from its twin, s; those that never do are left out.
 * @param {import("./decode.js").Run} pack
 * @param {0|1} which run
 * @returns {Map<number, number>}
 */
export function partedAt(pack, which) {
  const attempts = pack.columns[which === 0 ? "parting.first" : "parting.second"];
  /** @type {Map<number, number>} */
  const times = new Map();
  attempts.forEach((/** @type {number} */ attempt, /** @type {number} */ n) => {
    if (attempt >= 0) times.set(attempt, pack.columns["parting.time"][n]);
  });
  return times;
}

/**
 * @param {import("./decode.js").Run} pack
 * @returns {import("./knowledge.js").Item[]}
 */
export function partingItems(pack) {
  return [...pack.columns["parting.time"]].map((time, index) => ({ time, type: "parted", index }));
}

/**
 * Say how two stories part, and how each ends if that is seen by now.
 * @param {import("./decode.js").Run} pack
 * @param {import("./actors.js").Scene[]} scenes
 * @param {number} n index of the parting
 */
export function partingSentence(pack, scenes, n) {
  const attempts = [pack.columns["parting.first"][n], pack.columns["parting.second"][n]];
  const which = attempts[0] >= 0 ? 0 : 1;
  const known = attempts[which] >= 0;
  const run = scenes[which].run;
  const crime = known ? run.meta.crimes[run.columns["attempt.crime"][attempts[which]]] : "attempt";
  const ends = attempts.map((attempt, k) => {
    if (attempt < 0) return "no crossing";
    const { columns } = scenes[k].run;
    const words = {
      passed: "passes",
      referred: "met and referred",
      caught: "intercepted",
      handedOver: "handed over",
      jointly: "intercepted jointly",
      "": "under way",
    };
    return `${words[endingOf(scenes[k].run, attempt)]} on segment ${columns["attempt.segment"][attempt]}`;
  });
  return `A and B part: ${crime} ${CAUSES[pack.columns["parting.cause"][n]]} (A: ${ends[0]}; B: ${ends[1]})`;
}
