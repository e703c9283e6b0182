// The map: the line in its true shape, with who is on it.
import { beliefsAt, knows } from "./knowledge.js";
import {
  DIM,
  INK,
  PAPER,
  PINK,
  READ,
  disc,
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
import { labelProvinces } from "./labels.js";
import { handOf, offsetsOn, segmentsIn } from "./places.js";
import { onMap, postOnMap, toTheRight } from "./projection.js";

/** @typedef {import("./projection.js").MapView} MapView */

/**
 * Draw what stands still through a shift: the line, provinces, gates, ties, posts, beliefs.
 * @param {import("./marks.js").Pen} pen
 * @param {import("./actors.js").Scene} scene
 * @param {import("./actors.js").Moment} moment
 * @param {MapView} view
 */
export function drawMapGround(pen, scene, moment, view) {
  const { run } = scene;
  drawLine(pen, scene, moment, view);
  drawTies(pen, run, moment, view);
  drawPosts(pen, run, moment, view);
  drawScale(pen, run, view);
}

/**
 * @param {import("./marks.js").Pen} pen
 * @param {import("./actors.js").Scene} scene
 * @param {import("./actors.js").Moment} moment
 * @param {MapView} view
 */
function drawLine(pen, scene, moment, view) {
  const { run } = scene;
  const { near } = offsetsOn(run, view.camera);
  const near_strip = new Set(segmentsIn(scene.course, view.stretch));
  const believed = moment.eyes.kind === "truth" ? null : beliefsAt(run, moment.eyes, moment.time);
  pen.lineCap = "round";
  pen.lineJoin = "round";
  run.meta.segments.forEach((/** @type {any} */ segment, /** @type {number} */ number) => {
    const rate = believed?.get(number);
    if (near_strip.has(number)) traceSegment(pen, run, view, number, "#E3E8EE", 26 * near);
    if (rate !== undefined)
      traceSegment(pen, run, view, number, `rgba(204,121,167,${Math.min(0.15 + rate * 1.2, 0.9)})`, 9 * near);
  });
  run.meta.segments.forEach((/** @type {any} */ segment, /** @type {number} */ number) => {
    traceSegment(pen, run, view, number, INK, 1.2 + 0.4 * near);
    if (segment.gate) drawGate(pen, run, view, number, near);
  });
  labelProvinces(pen, run, view);
}

/**
 * @param {import("./marks.js").Pen} pen
 * @param {import("./decode.js").Run} run
 * @param {MapView} view
 * @param {number} number
 * @param {string} colour
 * @param {number} width
 */
function traceSegment(pen, run, view, number, colour, width) {
  const { points } = run.meta;
  pen.beginPath();
  for (let k = 0; k < points; k++) pen.lineTo(...onMap(run, view, number, k / (points - 1), 0));
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.stroke();
}

/**
 * @param {import("./marks.js").Pen} pen
 * @param {import("./decode.js").Run} run
 * @param {MapView} view
 * @param {number} number
 * @param {number} near
 */
function drawGate(pen, run, view, number, near) {
  const [x, y] = onMap(run, view, number, 0.5, 0);
  const size = 2.4 + near;
  pen.fillStyle = "#FFFFFF";
  pen.strokeStyle = INK;
  pen.lineWidth = 1.2;
  pen.fillRect(x - size, y - size, 2 * size, 2 * size);
  pen.strokeRect(x - size, y - size, 2 * size, 2 * size);
  pen.beginPath();
  pen.moveTo(x, y - size);
  pen.lineTo(x, y + size);
  pen.stroke();
}

/**
 * @param {import("./marks.js").Pen} pen
 * @param {import("./decode.js").Run} run
 * @param {import("./actors.js").Moment} moment
 * @param {MapView} view
 */
function drawTies(pen, run, moment, view) {
  pen.strokeStyle = "rgba(91,100,112,0.45)";
  pen.lineWidth = 1;
  for (const [first, second] of run.meta.ties) {
    const known = knows(run, moment.eyes, first) || knows(run, moment.eyes, second);
    if (moment.eyes.kind !== "truth" && !known) continue;
    pen.beginPath();
    pen.moveTo(...postOnMap(run, view, first));
    pen.lineTo(...postOnMap(run, view, second));
    pen.stroke();
  }
}

/**
 * @param {import("./marks.js").Pen} pen
 * @param {import("./decode.js").Run} run
 * @param {import("./actors.js").Moment} moment
 * @param {MapView} view
 */
function drawPosts(pen, run, moment, view) {
  const { near } = offsetsOn(run, view.camera);
  const size = Math.min(1.2 + 3 * near, 10);
  /** @type {[number, number, number][]} */
  const taken = [];
  run.meta.posts.forEach((/** @type {any} */ site, /** @type {number} */ post) => {
    const [x, y] = postOnMap(run, view, post);
    if (x < -40 || x > view.width + 40 || y < -40 || y > view.height + 40) return;
    pen.globalAlpha = moment.eyes.kind === "truth" || knows(run, moment.eyes, post) ? 1 : 0.45;
    drawPost(pen, run.meta.sides[site.side], x, y, size, post === view.post);
    pen.globalAlpha = 1;
    if (near > 1.7 || post === view.post) {
      const toRight = toTheRight(run, site.side, site.segment, site.share);
      pen.font = `${post === view.post ? 600 : 400} 11px system-ui, sans-serif`;
      const width = pen.measureText(site.name).width + size + 5;
      const [left, right] = toRight ? [x, x + width] : [x - width, x];
      const free = taken.every(([l, r, at]) => left > r || right < l || Math.abs(at - y) > 12);
      if (!free && post !== view.post) return;
      taken.push([left, right, y]);
      pen.textAlign = toRight ? "left" : "right";
      pen.textBaseline = "middle";
      pen.fillStyle = INK;
      pen.fillText(site.name, x + (toRight ? size + 5 : -size - 5), y);
    }
  });
}

/**
 * Draw what moves; where many patrols of a side are close to each other, one and their number.
 * @param {import("./marks.js").Pen} pen
 * @param {import("./decode.js").Run} run
 * @param {import("./actors.js").Actors} actors
 * @param {MapView} view
 */
export function drawMapActors(pen, run, actors, view) {
  const offsets = offsetsOn(run, view.camera);
  const size = 1 + 1.6 * offsets.near;
  const mark = Math.max(size * 1.15, 3.2);
  /** @type {Map<number, {x: number, y: number, side: number, count: number}>} */
  const crowds = new Map();
  const crowded = crowdsOn(actors, run, view);
  for (const { walk, side, company } of actors.patrols) {
    const from = alongWay(run, view, walk.s1, walk.p1, walk.a1, side, offsets);
    const to = alongWay(run, view, walk.s2, walk.p2, walk.a2, side, offsets);
    const x = from[0] + walk.part * (to[0] - from[0]);
    const y = from[1] + walk.part * (to[1] - from[1]);
    const key = walk.s1 * 16 + side;
    if (company >= 0) {
      drawJoint(
        pen,
        run.meta.sides[side],
        run.meta.sides[run.meta.posts[company].side],
        x,
        y,
        size,
        walk.busy,
      );
    } else if (crowded.has(key)) {
      const crowd = crowds.get(key) ?? { x, y, side, count: 0 };
      crowd.count += 1;
      crowds.set(key, crowd);
    } else drawPatrol(pen, run.meta.sides[side], x, y, size, walk.busy);
  }
  for (const { x, y, side, count } of crowds.values()) {
    drawPatrol(pen, run.meta.sides[side], x, y, size * 1.2, false);
    pen.font = "600 10px system-ui, sans-serif";
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    pen.fillStyle = INK;
    pen.fillText(String(count), x + size * 1.6, y);
  }
  for (const { side, segment, rank, alpha } of actors.planned) {
    pen.globalAlpha = alpha;
    const [x, y] = onMap(
      run,
      view,
      segment,
      0.35 + 0.15 * (rank % 3),
      offsets.patrols * handOf(run, side, segment),
    );
    drawPlanned(pen, run.meta.sides[side], x, y, size);
  }
  for (const told of actors.told) {
    const [x, y] = onMap(run, view, told.segment, told.place, told.hand * offsets.patrols * 1.6);
    pen.globalAlpha = Math.max(told.alpha, 0.15);
    drawTold(pen, run.meta.sides[told.side], x, y, mark);
  }
  for (const each of actors.endings) {
    const [x, y] = onMap(run, view, each.segment, each.place, each.across * offsets.reach);
    pen.globalAlpha = Math.max(each.alpha, 0.1);
    if (view.parted(each.attempt)) ring(pen, x, y, mark * 1.8, PINK, 2.4);
    drawEnding(pen, each.ending, x, y, mark);
  }
  pen.globalAlpha = 1;
  for (const each of actors.crossers) {
    const [x, y] = onMap(run, view, each.segment, each.place, each.across * offsets.reach);
    if (view.parted(each.attempt)) ring(pen, x, y, mark * 1.9, PINK, 2.4);
    drawCrosser(pen, x, y, mark * 0.8, each.found);
  }
  drawLetters(pen, run, actors, view);
}

/**
 * Point at a place.
 * @param {import("./marks.js").Pen} pen
 * @param {import("./decode.js").Run} run
 * @param {{segment: number, place: number, across: number}} place
 * @param {MapView} view
 */
export function pointOnMap(pen, run, place, view) {
  const { reach } = offsetsOn(run, view.camera);
  const [x, y] = onMap(run, view, place.segment, place.place, place.across * reach);
  ring(pen, x, y, 17, PAPER, 5);
  ring(pen, x, y, 17, INK, 1.8);
}

/**
 * @param {import("./marks.js").Pen} pen
 * @param {import("./decode.js").Run} run
 * @param {import("./actors.js").Actors} actors
 * @param {MapView} view
 */
function drawLetters(pen, run, actors, view) {
  const { near } = offsetsOn(run, view.camera);
  for (const { from, to, part, alpha } of actors.letters) {
    const first = postOnMap(run, view, from);
    const last = postOnMap(run, view, to);
    pen.globalAlpha = alpha;
    pen.beginPath();
    pen.moveTo(...first);
    pen.lineTo(...last);
    pen.lineWidth = part >= 1 ? 2 : 1;
    pen.strokeStyle = part >= 1 ? READ : DIM;
    pen.stroke();
    const [x, y] = [first[0] + part * (last[0] - first[0]), first[1] + part * (last[1] - first[1])];
    if (near > 0.7) drawEnvelope(pen, x, y, 4.5);
    else disc(pen, x, y, 1.8, part >= 1 ? READ : DIM);
  }
  pen.globalAlpha = 1;
}

/**
 * Segments on which more patrols of a side are than can be told apart, by segment·16 + side.
 * @param {import("./actors.js").Actors} actors
 * @param {import("./decode.js").Run} run
 * @param {MapView} view
 */
function crowdsOn(actors, run, view) {
  const counts = new Map();
  for (const { walk, side } of actors.patrols) {
    const key = walk.s1 * 16 + side;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const pxPerKm = view.camera.scale / run.meta.km_per_unit;
  const crowded = new Set();
  for (const [key, count] of counts) {
    const px = run.meta.segments[key >> 4].km * pxPerKm;
    if (count > 2 && px / count < 9) crowded.add(key);
  }
  return crowded;
}

/**
 * @param {import("./decode.js").Run} run
 * @param {MapView} view
 * @param {number} segment
 * @param {number} share
 * @param {number} away
 * @param {number} side
 * @param {{patrols: number, posts: number}} offsets
 */
function alongWay(run, view, segment, share, away, side, offsets) {
  const off = offsets.patrols * (1 - away) + offsets.posts * away;
  return onMap(run, view, segment, share, off * handOf(run, side, segment));
}

/**
 * @param {import("./marks.js").Pen} pen
 * @param {import("./decode.js").Run} run
 * @param {MapView} view
 */
function drawScale(pen, run, view) {
  const most = (110 / view.camera.scale) * run.meta.km_per_unit;
  const unit = 10 ** Math.floor(Math.log10(most));
  const km = unit * ([5, 2, 1].find((step) => step * unit <= most) ?? 1);
  const length = (km / run.meta.km_per_unit) * view.camera.scale;
  const y = view.height - 12;
  pen.beginPath();
  pen.moveTo(12, y - 4);
  pen.lineTo(12, y);
  pen.lineTo(12 + length, y);
  pen.lineTo(12 + length, y - 4);
  pen.strokeStyle = DIM;
  pen.lineWidth = 1.2;
  pen.stroke();
  pen.fillStyle = DIM;
  pen.font = "11px system-ui, sans-serif";
  pen.textAlign = "left";
  pen.textBaseline = "bottom";
  pen.fillText(`${km} km`, 16, y - 2);
}
