// The canvases: map, strip and timeline, and what pointers do on them.
import { drawMap, postOnMap } from "./map.js";
import { cameraOn, segmentsIn, within } from "./places.js";
import { alongStrip, drawStrip } from "./strip.js";
import { drawTimeline } from "./timeline.js";
import { handOf } from "./places.js";

/** @typedef {import("./player.js").Player} Player */

/** Length of line that the strip shows at first, km. */
const CLOSE_KM = 90;

export class Stage {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    const { run, course } = player.scenes[0];
    this.run = run;
    this.course = course;
    this.maps = canvases("map");
    this.strips = canvases("strip");
    this.timeline = /** @type {HTMLCanvasElement} */ (document.getElementById("timeline"));
    this.stretch = within(course, { from: 0, to: CLOSE_KM });
    this.camera = { x: 0, y: 0, scale: 1 };
    this.fitted = [...run.meta.segments.keys()];
    this.maps.forEach((canvas) => this.bindMap(canvas));
    this.strips.forEach((canvas) => this.bindStrip(canvas));
    this.timeline.addEventListener("click", (event) => {
      player.seek((event.offsetX / this.timeline.clientWidth) * player.end);
    });
    new ResizeObserver(() => {
      if (this.fitted.length) this.fit(this.fitted);
      this.draw();
    }).observe(this.maps[0]);
    this.fit(this.fitted);
  }

  /**
   * Show some segments whole, and keep doing so when the window changes.
   * @param {number[]} segments
   */
  fit(segments) {
    this.fitted = segments;
    const canvas = this.maps[0];
    this.camera = cameraOn(this.run, segments, canvas.clientWidth, canvas.clientHeight);
    const most = 14 * this.run.meta.km_per_unit;
    this.camera.scale = Math.min(this.camera.scale, most);
  }

  /**
   * Zoom the map around a place on it.
   * @param {number} factor
   * @param {number} [x] px
   * @param {number} [y] px
   */
  zoom(factor, x, y) {
    const canvas = this.maps[0];
    const dx = (x ?? canvas.clientWidth / 2) - canvas.clientWidth / 2;
    const dy = (y ?? canvas.clientHeight / 2) - canvas.clientHeight / 2;
    const { camera } = this;
    const scale = Math.min(Math.max(camera.scale * factor, 0.2), 60 * this.run.meta.km_per_unit);
    camera.x += dx / camera.scale - dx / scale;
    camera.y += dy / camera.scale - dy / scale;
    camera.scale = scale;
    this.fitted = [];
    this.draw();
  }

  /**
   * Bring the strip to a post.
   * @param {number} post
   */
  showPost(post) {
    const site = this.run.meta.posts[post];
    const middle = this.course[site.segment] + site.share * this.run.meta.segments[site.segment].km;
    const half = (this.stretch.to - this.stretch.from) / 2;
    this.stretch = within(this.course, { from: middle - half, to: middle + half });
  }

  /**
   * Bring the strip to a segment.
   * @param {number} segment
   */
  showSegment(segment) {
    if (segmentsIn(this.course, this.stretch).includes(segment)) return;
    const half = (this.stretch.to - this.stretch.from) / 2;
    this.stretch = within(this.course, { from: this.course[segment] - half, to: this.course[segment] + half });
  }

  draw() {
    const { player } = this;
    const moment = player.moment;
    player.scenes.forEach((scene, which) => {
      const actors = player.actors(which);
      const parted = (/** @type {number} */ attempt) => (player.parted[which].get(attempt) ?? Infinity) <= moment.time;
      const common = { stretch: this.stretch, post: player.state.post, parted };
      const map = sharp(this.maps[which]);
      drawMap(map.pen, scene, moment, actors, { ...common, camera: this.camera, width: map.width, height: map.height });
      const strip = sharp(this.strips[which]);
      drawStrip(strip.pen, scene, moment, actors, { ...common, width: strip.width, height: strip.height });
    });
    const { pen, width, height } = sharp(this.timeline);
    const view = { time: moment.time, horizon: player.horizon, width, height, stops: player.meta.stops };
    drawTimeline(pen, player.scenes, moment.eyes, view);
  }

  /** @param {HTMLCanvasElement} canvas */
  bindMap(canvas) {
    bindDrag(canvas, (dx, dy) => {
      this.camera.x -= dx / this.camera.scale;
      this.camera.y -= dy / this.camera.scale;
      this.fitted = [];
      this.draw();
    });
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(1.2 ** (-event.deltaY / 100), event.offsetX, event.offsetY);
    }, { passive: false });
    canvas.addEventListener("click", (event) => {
      const view = { camera: this.camera, width: canvas.clientWidth, height: canvas.clientHeight, stretch: this.stretch, post: -1, parted: () => false };
      this.chooseNear(event, (post) => postOnMap(this.run, view, post), 14);
    });
  }

  /** @param {HTMLCanvasElement} canvas */
  bindStrip(canvas) {
    bindDrag(canvas, (dx) => {
      const km = (dx / canvas.clientWidth) * (this.stretch.to - this.stretch.from);
      this.stretch = within(this.course, { from: this.stretch.from - km, to: this.stretch.to - km });
      this.draw();
    });
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      const { from, to } = this.stretch;
      const at = from + (event.offsetX / canvas.clientWidth) * (to - from);
      const factor = 1.2 ** (event.deltaY / 100);
      this.stretch = within(this.course, { from: at - (at - from) * factor, to: at + (to - at) * factor });
      this.draw();
    }, { passive: false });
    canvas.addEventListener("click", (event) => {
      const scene = this.player.scenes[0];
      const view = { width: canvas.clientWidth, height: canvas.clientHeight, stretch: this.stretch, post: -1, parted: () => false };
      this.chooseNear(event, (post) => {
        const site = this.run.meta.posts[post];
        const up = 0.7 * handOf(this.run, site.side, site.segment);
        const high = canvas.clientHeight - 16;
        return [alongStrip(scene, view, site.segment, site.share), high / 2 - (up * high) / 2];
      }, 18);
    });
  }

  /**
   * Choose the post that a pointer is on.
   * @param {MouseEvent} event
   * @param {(post: number) => [number, number]} placeOf
   * @param {number} reach px
   */
  chooseNear(event, placeOf, reach) {
    let [best, least] = [-1, reach];
    for (const post of this.run.meta.posts.keys()) {
      const [x, y] = placeOf(post);
      const away = Math.hypot(x - event.offsetX, y - event.offsetY);
      if (away < least) [best, least] = [post, away];
    }
    if (best >= 0) this.player.choose(best);
  }
}

/** @param {string} name */
function canvases(name) {
  return [...document.querySelectorAll(`canvas.${name}`)].filter((each) => each instanceof HTMLCanvasElement);
}

/**
 * Give a canvas as many pixels as it has on the screen.
 * @param {HTMLCanvasElement} canvas
 */
function sharp(canvas) {
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { pen, width, height };
}

/**
 * Follow a pointer that is dragged; a drag is no click.
 * @param {HTMLCanvasElement} canvas
 * @param {(dx: number, dy: number) => void} move
 */
function bindDrag(canvas, move) {
  let moved = 0;
  canvas.addEventListener("pointerdown", (event) => {
    moved = 0;
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    moved += Math.abs(event.movementX) + Math.abs(event.movementY);
    move(event.movementX, event.movementY);
  });
  canvas.addEventListener("click", (event) => {
    if (moved > 4) event.stopImmediatePropagation();
  });
}
