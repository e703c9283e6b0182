// The canvases: map, strip and timeline, and what pointers do on them.
import { eyesKey } from "./knowledge.js";
import { bindPointers } from "./pointers.js";
import { drawMapActors, drawMapGround, pointOnMap } from "./map.js";
import { postOnMap } from "./projection.js";
import { cameraOn, segmentsIn, within } from "./places.js";
import { drawStripActors, drawStripGround, pointOnStrip, postOnStrip } from "./strip.js";
import { drawPlayhead, drawTimeline } from "./timeline.js";
import { shiftAt } from "./walks.js";
import { postName } from "./words.js";

/** @typedef {import("./player.js").Player} Player */

/** Pixels to a kilometre on the strip at first. */
const CLOSE = 10;

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
    this.stretch = within(course, {
      from: 0,
      to: Math.min(Math.max(this.strips[0].clientWidth / CLOSE, 50), 120),
    });
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
    this.stretch = within(this.course, {
      from: this.course[segment] - half,
      to: this.course[segment] + half,
    });
  }

  draw() {
    const { player } = this;
    const { moment, pointed } = player;
    const still = [
      eyesKey(moment.eyes),
      shiftAt(this.run, moment.time),
      player.state.post,
      this.stretch.from,
      this.stretch.to,
    ];
    player.scenes.forEach((scene, which) => {
      const actors = player.actors(which);
      const parted = (/** @type {number} */ attempt) => player.hasParted(which, attempt);
      const common = { stretch: this.stretch, post: player.state.post, parted };
      const { x, y, scale } = this.camera;
      onGround(
        this.maps[which],
        [...still, x, y, scale],
        (pen, size) => {
          drawMapGround(pen, scene, moment, { ...common, ...size, camera: this.camera });
        },
        (pen, size) => {
          const view = { ...common, ...size, camera: this.camera };
          drawMapActors(pen, scene.run, actors, view);
          if (pointed && which === player.state.which) pointOnMap(pen, scene.run, pointed, view);
        },
      );
      onGround(
        this.strips[which],
        [...still, Number(moment.hidden)],
        (pen, size) => {
          drawStripGround(pen, scene, moment, { ...common, ...size });
        },
        (pen, size) => {
          drawStripActors(pen, scene, actors, { ...common, ...size });
          if (pointed && which === player.state.which)
            pointOnStrip(pen, scene, pointed, { ...common, ...size });
        },
      );
    });
    const { horizon } = player;
    onGround(
      this.timeline,
      [eyesKey(moment.eyes), horizon],
      (pen, size) => {
        drawTimeline(pen, player.scenes, moment.eyes, { ...size, horizon, stops: player.meta.stops });
      },
      (pen, size) => drawPlayhead(pen, { ...size, time: moment.time, end: player.end }),
    );
  }

  /** @param {HTMLCanvasElement} canvas */
  bindMap(canvas) {
    const zoom = (/** @type {number} */ factor, /** @type {number} */ x, /** @type {number} */ y) =>
      this.zoom(factor, x, y);
    bindPointers(canvas, zoom, (dx, dy) => {
      this.camera.x -= dx / this.camera.scale;
      this.camera.y -= dy / this.camera.scale;
      this.fitted = [];
      this.draw();
    });
    const near = (/** @type {MouseEvent} */ event) => {
      const view = {
        camera: this.camera,
        width: canvas.clientWidth,
        height: canvas.clientHeight,
        stretch: this.stretch,
        post: -1,
        parted: () => false,
      };
      return this.postNear(event, (post) => postOnMap(this.run, view, post), 14);
    };
    this.bindPosts(canvas, near);
  }

  /** @param {HTMLCanvasElement} canvas */
  bindStrip(canvas) {
    bindPointers(
      canvas,
      (factor, x) => {
        const { from, to } = this.stretch;
        const at = from + (x / canvas.clientWidth) * (to - from);
        this.stretch = within(this.course, { from: at - (at - from) / factor, to: at + (to - at) / factor });
        this.draw();
      },
      (dx) => {
        const km = (dx / canvas.clientWidth) * (this.stretch.to - this.stretch.from);
        this.stretch = within(this.course, { from: this.stretch.from - km, to: this.stretch.to - km });
        this.draw();
      },
    );
    const near = (/** @type {MouseEvent} */ event) => {
      const scene = this.player.scenes[0];
      const view = {
        width: canvas.clientWidth,
        height: canvas.clientHeight,
        stretch: this.stretch,
        post: -1,
        parted: () => false,
      };
      return this.postNear(event, (post) => postOnStrip(scene, view, post), 18);
    };
    this.bindPosts(canvas, near);
  }

  /**
   * Let a pointer name posts, and choose them.
   * @param {HTMLCanvasElement} canvas
   * @param {(event: MouseEvent) => number} near gives the post that the pointer is on, -1 if none
   */
  bindPosts(canvas, near) {
    canvas.addEventListener("click", (event) => {
      const post = near(event);
      if (post >= 0) this.player.choose(post);
    });
    canvas.addEventListener("pointermove", (event) => {
      const post = near(event);
      canvas.title = post < 0 ? "" : `${postName(this.run, post)}, ${this.run.meta.posts[post].province}`;
      canvas.style.cursor = post < 0 ? "" : "pointer";
    });
  }

  /**
   * Find the post that a pointer is on.
   * @param {MouseEvent} event
   * @param {(post: number) => [number, number]} placeOf
   * @param {number} reach px
   * @returns {number} -1 if it is on none
   */
  postNear(event, placeOf, reach) {
    let [best, least] = [-1, reach];
    for (const post of this.run.meta.posts.keys()) {
      const [x, y] = placeOf(post);
      const away = Math.hypot(x - event.offsetX, y - event.offsetY);
      if (away < least) [best, least] = [post, away];
    }
    return best;
  }
}

/** @param {string} name */
function canvases(name) {
  return [...document.querySelectorAll(`canvas.${name}`)].filter((each) => each instanceof HTMLCanvasElement);
}

/**
 * @typedef {Object} Ground what stands still on a canvas, drawn once and copied
 * @property {HTMLCanvasElement} canvas
 * @property {string} key what it depends on
 */

/** @type {WeakMap<HTMLCanvasElement, Ground>} */
const grounds = new WeakMap();

/** @typedef {(pen: CanvasRenderingContext2D, size: {width: number, height: number}) => void} Draw */

/**
 * Draw on a canvas over what stands still, which is drawn anew only when what it depends on changes.
 * @param {HTMLCanvasElement} canvas
 * @param {(string|number)[]} depends
 * @param {Draw} drawStill
 * @param {Draw} drawMoving
 */
function onGround(canvas, depends, drawStill, drawMoving) {
  const size = { width: canvas.clientWidth, height: canvas.clientHeight };
  const ground = grounds.get(canvas) ?? { canvas: document.createElement("canvas"), key: "" };
  grounds.set(canvas, ground);
  const key = [...depends, size.width, size.height, devicePixelRatio].join();
  if (ground.key !== key) {
    ground.key = key;
    for (const each of [canvas, ground.canvas]) {
      const ratio = Math.min(devicePixelRatio || 1, 2);
      each.width = Math.max(Math.round(size.width * ratio), 1);
      each.height = Math.max(Math.round(size.height * ratio), 1);
    }
    drawStill(penOf(ground.canvas, size.width), size);
  }
  const pen = penOf(canvas, size.width);
  pen.clearRect(0, 0, size.width, size.height);
  pen.drawImage(ground.canvas, 0, 0, size.width, size.height);
  drawMoving(pen, size);
}

/**
 * A pen that draws in pixels of the page.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width px of the page
 */
function penOf(canvas, width) {
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const ratio = canvas.width / Math.max(width, 1);
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  return pen;
}
