// Where the page begins: what it holds is read, and the player started.
import { unpack } from "./decode.js";
import { Player } from "./player.js";
import { clock } from "./words.js";

/**
 * Whether the line is rather high than wide, so that the map is better beside the strip.
 * @param {import("./decode.js").Run} run
 */
function isTall(run) {
  const extent = (/** @type {ArrayLike<number>} */ column) => {
    let [low, high] = [Infinity, -Infinity];
    for (let i = 0; i < column.length; i++)
      [low, high] = [Math.min(low, column[i]), Math.max(high, column[i])];
    return high - low;
  };
  return extent(run.columns.line_y) > 0.8 * extent(run.columns.line_x);
}

/** Read what the page holds, and start. */
async function main() {
  const note = /** @type {HTMLElement} */ (document.getElementById("live"));
  try {
    const texts = [...document.querySelectorAll("script[data-run]")].map((each) => each.textContent ?? "");
    const packs = await Promise.all(texts.map(unpack));
    const runs = packs.filter((each) => each.meta.posts);
    const partings = packs.find((each) => !each.meta.posts) ?? null;
    document.body.classList.add(runs.length > 1 ? "two" : isTall(runs[0]) ? "tall" : "wide");
    const player = new Player(runs, partings);
    Object.assign(window, { bordersim: player });
    document.body.dataset.ready = String(Math.round(performance.now()));
    player.panel.announce(`Loaded: ${player.meta.title}. ${clock(0)}.`);
  } catch (error) {
    note.textContent = `This run cannot be shown: ${error instanceof Error ? error.message : error}. A current browser is needed.`;
    note.className = "failure";
    throw error;
  }
}

main();
