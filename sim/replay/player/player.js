// The player: state, clock and controls. What is drawn depends on the state alone.
import { actorsAt, sceneOf, sightOf } from "./actors.js";
import { SPEEDS, fromHash, speedName, toHash } from "./address.js";
import { bindKeys } from "./keys.js";
import { Notes } from "./notes.js";
import { looped, marked, paceAt } from "./pace.js";
import { partedAt, partingItems } from "./partings.js";
import { Panel } from "./panel.js";
import { Stage } from "./stage.js";
import { listed, neighbour } from "./list.js";
import { seenBy, whereabouts } from "./knowledge.js";

const HOUR = 3600;
/** How long nothing must change before it is said where things stand, ms. */
const REST = 250;

/**
 * @typedef {Object} State all that the picture depends on
 * @property {number} time s
 * @property {import("./knowledge.js").Eyes} eyes
 * @property {number} speed simulated s to a second
 * @property {boolean} playing
 * @property {boolean} steps whether play goes from event to event, without motion
 * @property {boolean} easy whether play is slower near events
 * @property {import("./pace.js").Loop} loop
 * @property {number} post the chosen post
 * @property {0|1} which of two runs the list is of
 * @property {number} asked index of the stop that is open, -1 if none
 * @property {Set<number>} revealed stops whose answer has been shown
 */

export class Player {
  /**
   * @param {import("./decode.js").Run[]} runs one, or two on the same chance
   * @param {import("./decode.js").Run|null} partings
   */
  constructor(runs, partings) {
    this.scenes = runs.map(sceneOf);
    this.partings = partings;
    this.parted = [0, 1].map((which) =>
      partings ? partedAt(partings, /** @type {0|1} */ (which)) : new Map(),
    );
    this.extra = partings ? partingItems(partings) : [];
    this.meta = runs[0].meta;
    this.end = this.scenes[0].end;
    /** @type {State} */
    this.state = {
      time: 0,
      eyes: this.scenes[0].fates ? { kind: "truth" } : { kind: "side", side: 0 },
      speed: 3600,
      playing: false,
      steps: matchMedia("(prefers-reduced-motion: reduce)").matches,
      easy: false,
      loop: { from: null, to: null },
      post: 0,
      which: 0,
      asked: -1,
      revealed: new Set(),
    };
    this.state.post = busiestPost(this.scenes[0]);
    // In truth there are hundreds of reports a day; to a post, they are what it lives by.
    this.wanted = {
      truth: new Set(["attempts", "finds", "cooperation"]),
      known: new Set(["attempts", "finds", "reports", "cooperation"]),
    };
    const most = { sides: this.meta.sides.length, posts: this.meta.posts.length, end: this.end };
    const { eyes, ...told } = fromHash(location.hash, most);
    Object.assign(this.state, told);
    if (eyes) this.look(eyes, false);
    this.itemsKey = "";
    /** @type {import("./knowledge.js").Item[]} */
    this.kept = [];
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.settling = undefined;
    /** Whether nothing has been said since time last moved. */
    this.untold = false;
    this.stage = new Stage(this);
    this.panel = new Panel(this);
    this.notes = new Notes(this);
    bindKeys(this);
    this.last = 0;
    this.frames = 0;
    this.stage.showPost(this.state.post);
    this.refresh();
    requestAnimationFrame((now) => this.frame(now));
  }

  /** Groups of events in the list. */
  get groups() {
    return this.state.eyes.kind === "truth" ? this.wanted.truth : this.wanted.known;
  }

  /** The items of the list, as seen by the eyes in use. */
  get items() {
    const key = `${this.state.which}|${JSON.stringify(this.state.eyes)}|${[...this.groups].join()}`;
    if (this.itemsKey !== key) {
      this.itemsKey = key;
      const extra = this.state.eyes.kind === "truth" && this.groups.has("attempts") ? this.extra : [];
      this.kept = listed(this.scenes[this.state.which], this.state.eyes, this.groups, extra);
    }
    return this.kept;
  }

  /** Until when something may be shown: in truth to the next question, to other eyes until now. */
  get horizon() {
    if (this.state.eyes.kind !== "truth") return this.state.time;
    if (this.hidden) return 0;
    const next = this.meta.stops.find(
      (/** @type {any} */ stop, /** @type {number} */ n) =>
        stop.hour * HOUR >= this.state.time && !this.state.revealed.has(n),
    );
    return next ? Math.min(next.hour * HOUR, this.end) : this.end;
  }

  /** Whether a question waits for its answer, so that the truth is hidden. */
  get hidden() {
    return this.state.asked >= 0 && !this.state.revealed.has(this.state.asked);
  }

  /** @returns {import("./actors.js").Moment} */
  get moment() {
    return { time: this.state.time, eyes: this.state.eyes, speed: this.state.speed, hidden: this.hidden };
  }

  /**
   * Whether an attempt has gone another way than in the other run by now; which only truth can tell.
   * @param {number} which run
   * @param {number} attempt
   */
  hasParted(which, attempt) {
    if (this.state.eyes.kind !== "truth") return false;
    return (this.parted[which].get(attempt) ?? Infinity) <= this.state.time;
  }

  /** @param {number} which run */
  actors(which) {
    return actorsAt(this.scenes[which], this.moment);
  }

  /** Simulated seconds to a second, now: slower near events of the list, if that is wanted. */
  get pace() {
    const { easy, time, speed, eyes } = this.state;
    return easy ? paceAt(this.items, time, speed, eyes.kind === "truth") : speed;
  }

  /** @param {number} now ms */
  frame(now) {
    const passed = Math.min((now - this.last) / 1000, 0.1);
    this.last = now;
    if (this.state.playing) {
      this.advance(this.state.time + passed * this.pace);
      this.frames += 1;
    }
    requestAnimationFrame((next) => this.frame(next));
  }

  /**
   * Go on to a time, or to the question that comes before it.
   * @param {number} target s
   */
  advance(target) {
    const { time, revealed } = this.state;
    const stop = this.meta.stops.findIndex(
      (/** @type {any} */ each, /** @type {number} */ n) =>
        each.hour * HOUR <= target &&
        (each.hour * HOUR > time || (time === 0 && each.hour === 0)) &&
        !revealed.has(n),
    );
    if (stop >= 0) {
      this.ask(stop);
      return;
    }
    this.state.time = Math.min(looped(this.state.loop, time, target), this.end);
    if (this.state.time >= this.end) this.pause();
    this.refresh();
  }

  /** @param {number} stop index of the question */
  ask(stop) {
    this.state.time = Math.min(this.meta.stops[stop].hour * HOUR, this.end);
    this.state.asked = stop;
    this.state.revealed.delete(stop);
    this.pause();
    this.panel.ask(stop);
    this.refresh();
  }

  /** Show what the open question asks for. */
  reveal() {
    this.state.revealed.add(this.state.asked);
    this.refresh();
  }

  /** Close the open question. */
  dismiss() {
    if (this.state.asked >= 0) this.state.revealed.add(this.state.asked);
    this.state.asked = -1;
    this.panel.closeQuestion();
    this.refresh();
  }

  play() {
    if (this.state.asked >= 0) this.dismiss();
    if (this.state.time >= this.end) this.state.time = 0;
    if (this.state.steps) {
      this.stepEvent(1);
      return;
    }
    this.state.playing = true;
    this.refresh();
  }

  pause() {
    const was = this.state.playing;
    this.state.playing = false;
    if (was) this.settle();
    this.refresh();
  }

  toggle() {
    if (this.state.playing) this.pause();
    else this.play();
  }

  /**
   * Jump to a time; a question on the way is passed over.
   * @param {number} time s
   */
  seek(time) {
    this.state.asked = -1;
    this.panel.closeQuestion();
    this.state.time = Math.min(Math.max(time, 0), this.end);
    this.refresh();
    if (!this.state.playing) this.settle();
  }

  /**
   * Let the part to be played again and again begin or end here.
   * @param {"from"|"to"} end
   */
  mark(end) {
    this.state.loop = marked(this.state.loop, end, this.state.time);
    this.panel.showLoop();
  }

  unloop() {
    this.state.loop = { from: null, to: null };
    this.panel.showLoop();
  }

  /** @param {1|-1} step */
  stepEvent(step) {
    this.state.playing = false;
    if (this.state.asked >= 0) this.dismiss();
    const item = neighbour(this.items, this.state.time, step);
    if (!item) {
      this.panel.announce(step > 0 ? "Nothing more happens." : "Nothing happened before.");
      this.refresh();
      return;
    }
    this.follow(item);
    if (step > 0) this.advance(item.time);
    else this.seek(item.time);
    this.settle();
  }

  /** @param {import("./knowledge.js").Item} item that was chosen from the list */
  jump(item) {
    this.follow(item);
    this.seek(item.time);
  }

  /**
   * Bring the strip to where something happens.
   * @param {import("./knowledge.js").Item} item
   */
  follow(item) {
    const { segment } = whereabouts(this.scenes[this.state.which].run, item);
    if (segment >= 0) this.stage.showSegment(segment);
  }

  /** Where what has just happened is, for it to be pointed at while nothing moves. */
  get pointed() {
    const item = this.items[seenBy(this.items, this.state.time) - 1];
    if (!item || this.state.playing || this.hidden || this.state.time - item.time > 1) return null;
    const place = whereabouts(this.scenes[this.state.which].run, item);
    return place.segment >= 0 ? place : null;
  }

  /** @param {number} step places up or down in the list of speeds */
  faster(step) {
    const at = Math.min(Math.max(SPEEDS.indexOf(this.state.speed) + step, 0), SPEEDS.length - 1);
    this.state.speed = SPEEDS[at];
    this.refresh();
    this.settle();
    this.panel.announce(`Speed ${speedName(this.state.speed)}`);
  }

  /**
   * Look through somebody's eyes.
   * @param {import("./knowledge.js").Eyes} eyes
   * @param {boolean} [drawn] whether there is something to draw on yet
   */
  look(eyes, drawn = true) {
    if (eyes.kind === "truth" && !this.scenes[0].fates) return;
    this.state.eyes = eyes;
    const moves = eyes.kind === "post" && eyes.post !== this.state.post;
    if (eyes.kind === "post") this.state.post = eyes.post;
    if (!drawn) return;
    if (moves) this.stage.showPost(this.state.post);
    this.refresh();
    this.settle();
  }

  /** @param {number} post */
  choose(post) {
    this.state.post = post;
    if (this.state.eyes.kind === "post") this.state.eyes = { kind: "post", post };
    this.stage.showPost(post);
    this.refresh();
    this.settle();
  }

  /**
   * Say where things stand, and put it into the address, once motion has come to rest: browsers
   * refuse an address that changes often, and nobody listens to a voice that does. What is said
   * in the meantime is the newer, and stays.
   */
  settle() {
    clearTimeout(this.settling);
    this.untold = true;
    this.settling = setTimeout(() => {
      if (this.untold) this.panel.tell();
      history.replaceState(null, "", toHash(this.state.time, this.state.eyes, this.state.speed));
    }, REST);
  }

  /** Draw and write everything as the state is. */
  refresh() {
    if (!this.stage || !this.panel) return;
    this.stage.draw();
    this.panel.write();
  }
}

/**
 * The post with most to show; in a copy without truth the first one, which gives nothing away.
 * @param {import("./actors.js").Scene} scene
 */
function busiestPost(scene) {
  if (!scene.fates) return 0;
  const counts = new Array(scene.run.meta.posts.length).fill(0);
  for (const { type, index } of sightOf(scene, { kind: "truth" }).items) {
    const post = type === "event" ? scene.run.columns["event.post"][index] : -1;
    if (post >= 0) counts[post] += 1;
  }
  return counts.indexOf(Math.max(...counts));
}
