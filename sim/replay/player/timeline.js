// The timeline: what was met and what passed, through somebody's eyes, and what a scenario lets happen.
import { sightOf } from "./actors.js";
import { eyesKey } from "./knowledge.js";
import { DIM, INK, PAPER, VERMILION } from "./marks.js";
import { upperBound } from "./search.js";
import { DAY, kindName } from "./words.js";

/**
 * @typedef {Object} Ticks sorted times, s
 * @property {number[]} met attempts that ended in an interception or a referral
 * @property {number[]} other in truth those that passed, else finds
 */

/** @type {WeakMap<import("./actors.js").Scene, Map<string, Ticks>>} */
const known = new WeakMap();

const MET = ["intercepted", "handed_over", "intercepted_jointly"];

/**
 * @param {import("./actors.js").Scene} scene
 * @param {import("./knowledge.js").Eyes} eyes
 * @returns {Ticks}
 */
export function ticksOf(scene, eyes) {
  const kept = known.get(scene) ?? new Map();
  known.set(scene, kept);
  const key = eyesKey(eyes);
  if (!kept.has(key)) {
    const ticks = { met: /** @type {number[]} */ ([]), other: /** @type {number[]} */ ([]) };
    const second = eyes.kind === "truth" ? "passed" : "detected";
    for (const item of sightOf(scene, eyes).items) {
      if (item.type !== "event") continue;
      const name = kindName(scene.run, scene.run.columns["event.kind"][item.index]);
      if (MET.includes(name)) ticks.met.push(item.time);
      else if (name === second) ticks.other.push(item.time);
    }
    kept.set(key, ticks);
  }
  return kept.get(key);
}

/**
 * Draw the timeline up to a horizon: beyond it nothing is shown.
 * @param {import("./marks.js").Pen} pen
 * @param {import("./actors.js").Scene[]} scenes
 * @param {import("./knowledge.js").Eyes} eyes
 * @param {{horizon: number, width: number, height: number, stops: any[]}} view
 */
export function drawTimeline(pen, scenes, eyes, view) {
  const { width, height, horizon } = view;
  const { end, run } = scenes[0];
  const x = (/** @type {number} */ time) => (time / end) * width;
  const base = height - 14;
  if (eyes.kind === "truth") drawInjects(pen, run, x, base, horizon);
  drawDays(pen, end, x, base, height, width);
  if (scenes.length > 1) drawDifference(pen, scenes, eyes, x, view, base);
  else drawBars(pen, ticksOf(scenes[0], eyes), eyes.kind === "truth" ? VERMILION : DIM, view, end, base);
  for (const stop of view.stops) {
    const at = Math.min(Math.max(x(stop.hour * 3600), 6), width - 6);
    pen.fillStyle = INK;
    pen.font = "700 11px system-ui, sans-serif";
    pen.textAlign = "center";
    pen.textBaseline = "top";
    pen.fillText("?", at, 1);
    pen.fillRect(x(stop.hour * 3600) - 0.5, 13, 1, base - 13);
  }
}

/**
 * Draw where in time one is.
 * @param {import("./marks.js").Pen} pen
 * @param {{time: number, end: number, width: number, height: number}} view
 */
export function drawPlayhead(pen, view) {
  pen.fillStyle = INK;
  pen.fillRect((view.time / view.end) * view.width - 1, 0, 2, view.height - 14);
}

/**
 * @param {import("./marks.js").Pen} pen
 * @param {import("./decode.js").Run} run
 * @param {(time: number) => number} x
 * @param {number} base
 * @param {number} horizon
 */
function drawInjects(pen, run, x, base, horizon) {
  pen.font = "10px system-ui, sans-serif";
  pen.textBaseline = "top";
  pen.textAlign = "left";
  run.meta.injects.forEach((/** @type {any} */ inject, /** @type {number} */ row) => {
    const from = inject.hour * 3600;
    if (from > Math.min(horizon, run.meta.hours * 3600)) return;
    const to = Math.min(from + inject.hours * 3600, horizon);
    pen.fillStyle = "rgba(86,180,233,0.25)";
    pen.fillRect(x(from), 0, Math.max(x(to) - x(from), 2), base);
    pen.fillStyle = DIM;
    pen.fillText(inject.title || inject.kind.replaceAll("_", " "), x(from) + 3, 2 + 11 * (row % 2));
  });
}

/**
 * @param {import("./marks.js").Pen} pen
 * @param {number} end
 * @param {(time: number) => number} x
 * @param {number} base
 * @param {number} height
 * @param {number} width
 */
function drawDays(pen, end, x, base, height, width) {
  const days = end / DAY;
  const step = [0.25, 0.5, 1, 2, 5, 7, 10, 14, 30, 60, 90].find((each) => days / each <= width / 60) ?? 365;
  pen.strokeStyle = "#C9CDD3";
  pen.fillStyle = DIM;
  pen.font = "10px system-ui, sans-serif";
  pen.textBaseline = "bottom";
  for (let day = 0; day <= days; day += step) {
    const at = x(day * DAY);
    pen.fillRect(at, base, 1, 3);
    pen.textAlign = day === 0 ? "left" : "center";
    if (at < width - 16) pen.fillText(day === 0 ? "day 1" : `${day + 1}`, at, height);
  }
  pen.fillRect(0, base, width, 1);
}

/**
 * Bars upward for what was met, hollow ones downward from the top of the axis for the rest.
 * @param {import("./marks.js").Pen} pen
 * @param {Ticks} ticks
 * @param {string} colour of the second kind
 * @param {{horizon: number, width: number}} view
 * @param {number} end
 * @param {number} base
 */
function drawBars(pen, ticks, colour, view, end, base) {
  const bins = Math.max(Math.min(Math.floor(view.width / 5), Math.ceil(end / (6 * 3600))), 1);
  const span = end / bins;
  const wide = view.width / bins;
  const count = (/** @type {number[]} */ times, /** @type {number} */ bin) =>
    upperBound(times, Math.min((bin + 1) * span, view.horizon) - 1e-6) - upperBound(times, bin * span - 1e-6);
  // The scale must not tell of a future that is not shown, so it is that of what is.
  let most = 1;
  for (let bin = 0; bin * span < view.horizon; bin++)
    most = Math.max(most, count(ticks.met, bin) + count(ticks.other, bin));
  const unit = (base - 16) / most;
  for (let bin = 0; bin * span < view.horizon; bin++) {
    const met = count(ticks.met, bin) * unit;
    const other = count(ticks.other, bin) * unit;
    pen.fillStyle = INK;
    pen.fillRect(bin * wide + 0.5, base - met, Math.max(wide - 1, 1), met);
    if (other <= 0) continue;
    pen.fillStyle = PAPER;
    pen.fillRect(bin * wide + 0.5, base - met - other, Math.max(wide - 1, 1), other);
    pen.strokeStyle = colour;
    pen.lineWidth = 1;
    pen.strokeRect(
      bin * wide + 1,
      base - met - other + 0.5,
      Math.max(wide - 2, 0.5),
      Math.max(other - 1, 0.5),
    );
  }
}

/**
 * The difference in attempts met between two runs, as it grows.
 * @param {import("./marks.js").Pen} pen
 * @param {import("./actors.js").Scene[]} scenes
 * @param {import("./knowledge.js").Eyes} eyes
 * @param {(time: number) => number} x
 * @param {{horizon: number, width: number}} view
 * @param {number} base
 */
function drawDifference(pen, scenes, eyes, x, view, base) {
  const [first, second] = scenes.map((scene) => ticksOf(scene, eyes).met);
  const steps = Math.max(Math.floor(x(view.horizon)), 1);
  const at = (/** @type {number} */ k) => {
    const time = (k / steps) * view.horizon;
    return upperBound(second, time) - upperBound(first, time);
  };
  let most = 1;
  for (let k = 0; k <= steps; k++) most = Math.max(most, Math.abs(at(k)));
  const middle = base / 2;
  pen.fillStyle = "#C9CDD3";
  pen.fillRect(0, middle, view.width, 1);
  pen.beginPath();
  for (let k = 0; k <= steps; k++)
    pen.lineTo(x((k / steps) * view.horizon), middle - (at(k) / most) * (middle - 6));
  pen.strokeStyle = INK;
  pen.lineWidth = 1.8;
  pen.stroke();
  pen.fillStyle = DIM;
  pen.font = "10px system-ui, sans-serif";
  pen.textAlign = "right";
  pen.textBaseline = "top";
  pen.fillText(`met: B − A, up to ±${most}`, view.width - 4, 2);
}
