// The strip: a stretch of the line, straightened, where things are seen close.
import { ratesBefore } from "./fates.js";
import { beliefsAt, knows } from "./knowledge.js";
import {
  DIM,
  INK,
  PAPER,
  PINK,
  READ,
  drawCrosser,
  drawEnding,
  drawEnvelope,
  drawJoint,
  drawPatrol,
  drawPlanned,
  drawPost,
  drawTold,
  ring,
} from "./marks.js";
import { handOf, segmentsIn } from "./places.js";
import { startOfShift } from "./walks.js";

/**
 * @typedef {Object} StripView
 * @property {number} width px
 * @property {number} height px
 * @property {import("./places.js").Stretch} stretch
 * @property {number} post the chosen post, -1 if none
 * @property {(attempt: number) => boolean} parted
 */

/**
 * Where along the strip a place on the line is, px.
 * @param {import("./actors.js").Scene} scene
 * @param {StripView} view
 * @param {number} segment
 * @param {number} share
 */
export function alongStrip(scene, view, segment, share) {
  const km = scene.course[segment] + share * scene.run.meta.segments[segment].km;
  return ((km - view.stretch.from) / (view.stretch.to - view.stretch.from)) * view.width;
}

/**
 * How far up things are drawn: patrols, posts and crossers, as shares of half the height.
 */
const LEVELS = { patrols: 0.2, lane: 0.13, posts: 0.7, reach: 0.62 };

/**
 * Draw what stands still through a shift: the line, sectors, posts, beliefs.
 * @param {import("./marks.js").Pen} pen
 * @param {import("./actors.js").Scene} scene
 * @param {import("./actors.js").Moment} moment
 * @param {StripView} view
 */
export function drawStripGround(pen, scene, moment, view) {
  drawGround(pen, scene, moment, view, segmentsIn(scene.course, view.stretch));
  drawSectors(pen, scene, moment, view);
}

/**
 * Draw what moves.
 * @param {import("./marks.js").Pen} pen
 * @param {import("./actors.js").Scene} scene
 * @param {import("./actors.js").Actors} actors
 * @param {StripView} view
 */
export function drawStripActors(pen, scene, actors, view) {
  drawWalkers(pen, scene, actors, view);
  drawOthers(pen, scene, actors, view);
}

/** @param {StripView} view @param {number} up to the left of the line, -1 to 1 */
function level(view, up) {
  return (view.height - 16) / 2 - (up * (view.height - 16)) / 2;
}

/**
 * @param {import("./actors.js").Scene} scene
 * @param {StripView} view
 * @param {number} post
 * @returns {[number, number]}
 */
export function postOnStrip(scene, view, post) {
  const site = scene.run.meta.posts[post];
  const up = LEVELS.posts * handOf(scene.run, site.side, site.segment);
  return [alongStrip(scene, view, site.segment, site.share), level(view, up)];
}

/**
 * @param {import("./marks.js").Pen} pen
 * @param {import("./actors.js").Scene} scene
 * @param {import("./actors.js").Moment} moment
 * @param {StripView} view
 * @param {number[]} shown
 */
function drawGround(pen, scene, moment, view, shown) {
  const { run } = scene;
  const middle = level(view, 0);
  const truth = moment.eyes.kind === "truth";
  const whose = truth ? /** @type {const} */ ({ kind: "post", post: view.post }) : moment.eyes;
  const believed = truth && view.post < 0 ? new Map() : beliefsAt(run, whose, moment.time);
  const begun = startOfShift(run, moment.time);
  const true_rates = truth && !moment.hidden && scene.fates ? ratesBefore(run, begun) : null;
  pen.textBaseline = "alphabetic";
  pen.font = "10px system-ui, sans-serif";
  for (const number of shown) {
    const left = alongStrip(scene, view, number, 0);
    const right = alongStrip(scene, view, number, 1);
    if (true_rates)
      drawRate(pen, view, left, right, true_rates[number], true, `${figure(true_rates[number])}/day`);
    const rate = believed.get(number);
    const told = truth ? `believed ${figure(rate)}` : `${figure(rate)}/day`;
    if (rate !== undefined) drawRate(pen, view, left, right, rate, false, told, truth);
    pen.fillStyle = INK;
    pen.fillRect(left, middle - 1.2, right - left, 2.4);
    pen.fillRect(left, middle - 5, 1, 10);
    const { gate } = run.meta.segments[number];
    if (gate) {
      pen.fillStyle = PAPER;
      pen.strokeStyle = INK;
      pen.lineWidth = 1.2;
      pen.fillRect((left + right) / 2 - 5, middle - 5, 10, 10);
      pen.strokeRect((left + right) / 2 - 5, middle - 5, 10, 10);
      if (right - left > 60 && left > 0 && right < view.width) {
        pen.fillStyle = DIM;
        pen.textAlign = "center";
        pen.fillText(`${gate} gate`, (left + right) / 2, middle + 26);
      }
    }
  }
  drawRuler(pen, view);
}

/**
 * Draw attempts a day as a bar on both sides of the line: what is true in grey, a belief in pink,
 * and that as an outline where it is set against the truth.
 * @param {import("./marks.js").Pen} pen
 * @param {StripView} view
 * @param {number} left px
 * @param {number} right px
 * @param {number} rate attempts a day
 * @param {boolean} isTrue
 * @param {string} told
 * @param {boolean} [outline]
 */
function drawRate(pen, view, left, right, rate, isTrue, told, outline = false) {
  const middle = level(view, 0);
  const high = Math.min(Math.sqrt(rate) * view.height * 0.3, view.height * 0.4);
  if (outline) {
    pen.strokeStyle = PINK;
    pen.lineWidth = 1.6;
    pen.strokeRect(left + 2, middle - high, right - left - 4, 2 * high);
  } else {
    pen.fillStyle = isTrue ? "rgba(91,100,112,0.2)" : "rgba(204,121,167,0.35)";
    pen.fillRect(left + 1, middle - high, right - left - 2, 2 * high);
  }
  if (rate <= 0 || pen.measureText(told).width > right - left - 4) return;
  pen.fillStyle = isTrue ? DIM : "#7A3F60";
  pen.textAlign = "center";
  pen.fillText(told, (left + right) / 2, outline ? middle + 12 : middle - 5);
}

/** @param {number|undefined} rate */
function figure(rate = 0) {
  return rate < 0.095 ? rate.toFixed(2) : rate.toFixed(1);
}

/** @param {import("./marks.js").Pen} pen @param {StripView} view */
function drawRuler(pen, view) {
  const { from, to } = view.stretch;
  const step =
    [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find(
      (each) => (to - from) / each <= Math.max(view.width / 90, 2),
    ) ?? 2000;
  pen.fillStyle = DIM;
  pen.textAlign = "center";
  pen.font = "10px system-ui, sans-serif";
  for (let km = Math.ceil(from / step) * step; km <= to; km += step) {
    const x = ((km - from) / (to - from)) * view.width;
    pen.fillRect(x, view.height - 16, 1, 4);
    if (x > 22 && x < view.width - 22) pen.fillText(`km ${km}`, x, view.height - 2);
  }
}

/**
 * Draw each post with the bracket of its sector and its name.
 * @param {import("./marks.js").Pen} pen
 * @param {import("./actors.js").Scene} scene
 * @param {import("./actors.js").Moment} moment
 * @param {StripView} view
 */
function drawSectors(pen, scene, moment, view) {
  const { run } = scene;
  run.meta.posts.forEach((/** @type {any} */ site, /** @type {number} */ post) => {
    const ends = site.sector.flatMap((/** @type {number} */ each) => [
      alongStrip(scene, view, each, 0),
      alongStrip(scene, view, each, 1),
    ]);
    const low = Math.max(Math.min(...ends) + 2, -20);
    const high = Math.min(Math.max(...ends) - 2, view.width + 20);
    if (high < 0 || low > view.width) return;
    const side = run.meta.sides[site.side];
    const hand = handOf(run, site.side, site.segment);
    const [x, y] = postOnStrip(scene, view, post);
    pen.globalAlpha = moment.eyes.kind === "truth" || knows(run, moment.eyes, post) ? 1 : 0.45;
    pen.beginPath();
    pen.moveTo(low, y + hand * 7);
    pen.lineTo(low, y);
    pen.lineTo(high, y);
    pen.lineTo(high, y + hand * 7);
    pen.strokeStyle = side.colour;
    pen.lineWidth = post === view.post ? 2.6 : 1.4;
    pen.stroke();
    drawPost(pen, side, x, y, 9, post === view.post);
    pen.font = `${post === view.post ? 600 : 400} 11px system-ui, sans-serif`;
    const left = x < 0 ? Math.max(low, 26) : x + 13;
    if (left + pen.measureText(site.name).width < Math.min(high, view.width - 4)) {
      pen.fillStyle = INK;
      pen.textAlign = "left";
      pen.textBaseline = "middle";
      pen.fillText(site.name, left, y - hand * 9);
    }
    pen.globalAlpha = 1;
  });
}

/**
 * @param {import("./marks.js").Pen} pen
 * @param {import("./actors.js").Scene} scene
 * @param {import("./actors.js").Actors} actors
 * @param {StripView} view
 */
function drawWalkers(pen, scene, actors, view) {
  const { run } = scene;
  const kmPx = view.width / (view.stretch.to - view.stretch.from);
  const size = kmPx < 2 ? 3.5 : 5;
  for (const { walk, patrol, side, company } of actors.patrols) {
    const x1 = alongStrip(scene, view, walk.s1, walk.p1);
    const x2 = alongStrip(scene, view, walk.s2, walk.p2);
    const x = x1 + walk.part * (x2 - x1);
    if (x < -20 || x > view.width + 20) continue;
    const away = walk.a1 + walk.part * (walk.a2 - walk.a1);
    const near = LEVELS.patrols + LEVELS.lane * (patrol % 3);
    const up = handOf(run, side, walk.s2) * (near * (1 - away) + LEVELS.posts * away);
    if (company >= 0) {
      drawJoint(
        pen,
        run.meta.sides[side],
        run.meta.sides[run.meta.posts[company].side],
        x,
        level(view, 0),
        size,
        walk.busy,
      );
    } else drawPatrol(pen, run.meta.sides[side], x, level(view, up), size, walk.busy);
  }
}

/**
 * Point at a place.
 * @param {import("./marks.js").Pen} pen
 * @param {import("./actors.js").Scene} scene
 * @param {{segment: number, place: number, across: number}} place
 * @param {StripView} view
 */
export function pointOnStrip(pen, scene, place, view) {
  const x = alongStrip(scene, view, place.segment, place.place);
  const y = level(view, place.across * LEVELS.reach);
  ring(pen, x, y, 17, PAPER, 5);
  ring(pen, x, y, 17, INK, 1.8);
}

/**
 * @param {import("./marks.js").Pen} pen
 * @param {import("./actors.js").Scene} scene
 * @param {import("./actors.js").Actors} actors
 * @param {StripView} view
 */
function drawOthers(pen, scene, actors, view) {
  const { run } = scene;
  const place = (/** @type {number} */ segment, /** @type {number} */ share, /** @type {number} */ up) =>
    /** @type {[number, number]} */ ([
      alongStrip(scene, view, segment, share),
      level(view, up * LEVELS.reach),
    ]);
  for (const { side, segment, rank, alpha } of actors.planned) {
    pen.globalAlpha = alpha;
    const x = alongStrip(scene, view, segment, 0.35 + 0.15 * (rank % 3));
    drawPlanned(pen, run.meta.sides[side], x, level(view, LEVELS.patrols * handOf(run, side, segment)), 5);
  }
  for (const each of actors.told) {
    pen.globalAlpha = Math.max(each.alpha, 0.15);
    const [x, y] = place(each.segment, each.place, each.hand * 0.5);
    drawTold(pen, run.meta.sides[each.side], x, y, 6);
  }
  for (const each of actors.endings) {
    pen.globalAlpha = Math.max(each.alpha, 0.1);
    const [x, y] = place(each.segment, each.place, each.across);
    if (view.parted(each.attempt)) ring(pen, x, y, 10, PINK, 3);
    drawEnding(pen, each.ending, x, y, 6);
  }
  pen.globalAlpha = 1;
  for (const each of actors.crossers) {
    const [x, y] = place(each.segment, each.place, each.across);
    if (view.parted(each.attempt)) ring(pen, x, y, 11, PINK, 3);
    drawCrosser(pen, x, y, 5, each.found);
  }
  for (const { from, to, part, alpha } of actors.letters) {
    const [first, last] = [from, to].map((post) => postOnStrip(scene, view, post));
    if (Math.max(first[0], last[0]) < 0 || Math.min(first[0], last[0]) > view.width) continue;
    pen.globalAlpha = alpha;
    pen.beginPath();
    pen.moveTo(first[0], first[1]);
    pen.lineTo(last[0], last[1]);
    pen.lineWidth = part >= 1 ? 2.4 : 1.2;
    pen.strokeStyle = part >= 1 ? READ : DIM;
    pen.stroke();
    drawEnvelope(pen, first[0] + part * (last[0] - first[0]), first[1] + part * (last[1] - first[1]), 6);
  }
  pen.globalAlpha = 1;
}
