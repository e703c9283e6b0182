// All that is not a canvas: clock, controls, figures, questions and the list.
import { SPEEDS, speedName } from "./address.js";
import { differences, knownFigures, truthFigures } from "./figures.js";
import { eyesKey } from "./knowledge.js";
import { latest, writeList } from "./list.js";
import { drawCrosser, drawEnding } from "./marks.js";
import { partingSentence } from "./partings.js";
import { clock, postName, sentence } from "./words.js";

/** @typedef {import("./player.js").Player} Player */

/** Least time between two writings of figures and list while playing, ms. */
const WRITE_EVERY = 250;

export class Panel {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    this.written = 0;
    /** @type {HTMLInputElement[]} */
    this.boxes = [];
    this.eyes = /** @type {HTMLSelectElement} */ (at("eyes"));
    this.posts = /** @type {HTMLSelectElement} */ (at("post"));
    this.scrub = /** @type {HTMLInputElement} */ (at("scrub"));
    this.scrub.max = String(player.end);
    this.scrub.addEventListener("input", () => player.seek(Number(this.scrub.value)));
    on("play", () => player.toggle());
    on("back", () => player.stepEvent(-1));
    on("on", () => player.stepEvent(1));
    on("slower", () => player.faster(-1));
    on("faster", () => player.faster(1));
    on("loop-from", () => player.mark("from"));
    on("loop-to", () => player.mark("to"));
    on("loop-off", () => player.unloop());
    on("closer", () => player.stage.zoom(1.5));
    on("wider", () => player.stage.zoom(1 / 1.5));
    on("reveal", () => player.reveal());
    on("go-on", () => player.play());
    this.fillEyes();
    this.fillPlaces();
    this.bindChoices();
    this.drawLegend();
    player.meta.stops.forEach((/** @type {any} */ stop, /** @type {number} */ n) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = `? day ${Math.floor(stop.hour / 24) + 1}`;
      button.setAttribute("aria-label", `Question ${n + 1}, ${clock(stop.hour * 3600)}`);
      button.addEventListener("click", () => player.ask(n));
      at("questions").append(button);
    });
    at("questions").hidden = player.meta.stops.length === 0;
  }

  /** Offer whose eyes to look through. */
  fillEyes() {
    const { player, eyes: select } = this;
    if (player.scenes[0].fates) select.append(new Option("Ground truth", "truth"));
    player.meta.sides.forEach((/** @type {any} */ side, /** @type {number} */ n) =>
      select.append(new Option(`${side.name} (${side.letter})`, `side-${n}`)),
    );
    select.append(new Option("The chosen post", "post"));
    select.addEventListener("change", () => {
      if (select.value === "truth") player.look({ kind: "truth" });
      else if (select.value === "post") player.look({ kind: "post", post: player.state.post });
      else player.look({ kind: "side", side: Number(select.value.slice(5)) });
    });
  }

  /** Offer posts to choose, and places to zoom to. */
  fillPlaces() {
    const { player, posts } = this;
    const { run } = player.scenes[0];
    run.meta.posts.forEach((/** @type {any} */ site, /** @type {number} */ n) =>
      posts.append(new Option(`${postName(run, n)}, ${site.province}`, String(n))),
    );
    posts.addEventListener("change", () => player.choose(Number(posts.value)));
    const places = /** @type {HTMLSelectElement} */ (at("place"));
    places.append(
      new Option("The whole line", "all"),
      new Option("The chosen post", "post"),
      new Option("The strip", "strip"),
    );
    const provinces = new Set(run.meta.segments.flatMap((/** @type {any} */ segment) => segment.provinces));
    for (const name of provinces) places.append(new Option(name, `province:${name}`));
    places.addEventListener("change", () => {
      this.goTo(places.value);
      places.value = "";
    });
  }

  /** @param {string} place */
  goTo(place) {
    const { stage, state } = this.player;
    const { run } = this.player.scenes[0];
    const all = [...run.meta.segments.keys()];
    if (place === "post") stage.fit(run.meta.posts[state.post].sector);
    else if (place === "strip")
      stage.fit(
        all.filter((n) => stage.course[n] >= stage.stretch.from && stage.course[n] <= stage.stretch.to),
      );
    else if (place.startsWith("province:"))
      stage.fit(all.filter((n) => run.meta.segments[n].provinces.includes(place.slice(9))));
    else stage.fit(all);
    if (place.startsWith("province:")) stage.showSegment(stage.fitted[0]);
    this.player.refresh();
  }

  bindChoices() {
    const { state } = this.player;
    const which = document.getElementById("which");
    if (which instanceof HTMLSelectElement) {
      which.addEventListener("change", () => {
        state.which = which.value === "1" ? 1 : 0;
        this.player.refresh();
      });
    }
    const steps = /** @type {HTMLInputElement} */ (at("steps"));
    steps.checked = state.steps;
    steps.addEventListener("change", () => {
      state.steps = steps.checked;
      this.player.pause();
    });
    const easy = /** @type {HTMLInputElement} */ (at("easy"));
    easy.addEventListener("change", () => {
      state.easy = easy.checked;
    });
    for (const box of document.querySelectorAll("input[name=group]")) {
      if (!(box instanceof HTMLInputElement)) continue;
      this.boxes.push(box);
      box.addEventListener("change", () => {
        if (box.checked) this.player.groups.add(box.value);
        else this.player.groups.delete(box.value);
        this.player.refresh();
      });
    }
  }

  /** Write everything; figures and list only now and then while playing. */
  write() {
    const { state, end } = this.player;
    at("clock").textContent = clock(Math.min(state.time, end - 1));
    at("speed").textContent = speedName(state.speed);
    at("play").textContent = state.playing ? "Pause" : state.steps ? "Next event" : "Play";
    this.scrub.value = String(state.time);
    this.scrub.setAttribute("aria-valuetext", clock(state.time));
    this.eyes.value = state.eyes.kind === "post" ? "post" : eyesKey(state.eyes);
    this.posts.value = String(state.post);
    for (const box of this.boxes) box.checked = this.player.groups.has(box.value);
    /** @type {HTMLButtonElement} */ (at("slower")).disabled = state.speed === SPEEDS[0];
    /** @type {HTMLButtonElement} */ (at("faster")).disabled = state.speed === SPEEDS[SPEEDS.length - 1];
    at("answer").hidden = this.player.hidden || state.asked < 0;
    at("reveal").hidden = !this.player.hidden || this.player.meta.trainee;
    const now = performance.now();
    if (state.playing && now - this.written < WRITE_EVERY) return;
    this.written = now;
    this.writeFigures();
    this.writeItems();
  }

  writeFigures() {
    const { player } = this;
    const { state, scenes } = player;
    const table = at("figures");
    const caption = document.createElement("caption");
    const rows = [];
    if (player.hidden && state.eyes.kind === "truth") {
      caption.textContent = "The truth is hidden until the question is answered";
    } else if (scenes.length > 1 && state.eyes.kind === "truth") {
      caption.textContent = "What happened so far";
      rows.push(row("th", ["", "A", "B", "B − A"]));
      for (const { field, name, first, second, change } of differences(scenes, state.time))
        rows.push(row("td", [name, first, second, change], field));
    } else {
      caption.textContent =
        state.eyes.kind === "truth" ? "What happened so far" : `What ${this.who()} knows so far`;
      const figures = scenes.map((scene) =>
        state.eyes.kind === "truth"
          ? truthFigures(scene, state.time)
          : knownFigures(scene, state.eyes, state.time),
      );
      if (scenes.length > 1) rows.push(row("th", ["", "A", "B"]));
      figures[0].forEach(({ name, value }, n) =>
        rows.push(row("td", [name, value, ...figures.slice(1).map((each) => each[n]?.value ?? "")])),
      );
    }
    table.replaceChildren(caption, ...rows);
  }

  writeItems() {
    const { player } = this;
    const { state } = player;
    const horizon = player.hidden && state.eyes.kind === "truth" ? -1 : player.horizon;
    const say = (/** @type {import("./knowledge.js").Item} */ item) =>
      item.type === "parted" && player.partings
        ? partingSentence(player.partings, player.scenes, item.index)
        : sentence(player.scenes[state.which].run, item);
    writeList(at("events"), player.items, { time: state.time, horizon }, say, (item) => player.jump(item));
  }

  /** @returns {string} whose eyes these are */
  who() {
    const { eyes } = this.player.state;
    const { run } = this.player.scenes[0];
    if (eyes.kind === "side") return run.meta.sides[eyes.side].name;
    return eyes.kind === "post" ? postName(run, eyes.post) : "everybody";
  }

  /** Show and say which part is played again and again. */
  showLoop() {
    const { from, to } = this.player.state.loop;
    const none = from === null && to === null;
    /** @type {HTMLButtonElement} */ (at("loop-off")).disabled = none;
    at("loop-from").setAttribute("aria-pressed", String(from !== null));
    at("loop-to").setAttribute("aria-pressed", String(to !== null));
    const [first, last] = [from, to].map((time) => (time === null ? "…" : clock(time)));
    this.announce(none ? "No loop" : `Loop from ${first} to ${last}`);
  }

  /** @param {number} stop */
  ask(stop) {
    const { text, question, answer } = this.player.meta.stops[stop];
    at("situation").textContent = text;
    at("asked").textContent = question;
    at("answer").textContent = answer ?? "";
    at("question").hidden = false;
    at(this.player.meta.trainee ? "go-on" : "reveal").focus();
    this.announce(`A question. ${text} ${question}`);
  }

  closeQuestion() {
    at("question").hidden = true;
  }

  /** @param {string} text is read out when motion has come to rest */
  announce(text) {
    this.player.untold = false;
    at("live").textContent = text;
  }

  /** Say where things stand. */
  tell() {
    const { player } = this;
    if (player.hidden) return;
    const eyes = player.state.eyes.kind === "truth" ? "Ground truth" : `Seen by ${this.who()}`;
    this.announce(
      `${clock(player.state.time)}. ${eyes}. ${latest(player.scenes[player.state.which], player.items, player.state.time)}`,
    );
  }

  /** Draw the marks of the legend. */
  drawLegend() {
    for (const canvas of document.querySelectorAll("canvas[data-mark]")) {
      if (!(canvas instanceof HTMLCanvasElement)) continue;
      const pen = canvas.getContext("2d");
      if (!pen) continue;
      pen.scale(2, 2);
      const mark = canvas.dataset.mark ?? "";
      if (mark === "crosser" || mark === "found") drawCrosser(pen, 9, 9, 4, mark === "found");
      else drawEnding(pen, mark, 9, 9, 5.5);
    }
  }
}

/** @param {string} id */
function at(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** @param {string} id @param {() => void} act */
function on(id, act) {
  at(id).addEventListener("click", act);
}

/** @param {"td"|"th"} kind @param {string[]} cells @param {string} [field] */
function row(kind, cells, field) {
  const element = document.createElement("tr");
  if (field) element.dataset.field = field;
  cells.forEach((text, n) => {
    const cell = document.createElement(n === 0 ? "th" : kind);
    cell.scope = n === 0 ? "row" : "col";
    cell.textContent = text;
    element.append(cell);
  });
  return element;
}
