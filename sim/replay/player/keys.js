// The keyboard.

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/**
 * Let keys steer the player. Keys that belong to a field are left to it, and single letters and
 * digits can be switched off.
 * @param {import("./player.js").Player} player
 */
export function bindKeys(player) {
  const letters = /** @type {HTMLInputElement} */ (document.getElementById("letters"));
  const help = /** @type {HTMLDialogElement} */ (document.getElementById("help"));
  document.getElementById("help-button")?.addEventListener("click", () => help.showModal());
  const eyes = (/** @type {number} */ n) => {
    const { sides } = player.meta;
    if (n === 1) player.look({ kind: "truth" });
    else if (n - 2 < Math.min(sides.length, 2)) player.look({ kind: "side", side: n - 2 });
    else player.look({ kind: "post", post: player.state.post });
  };
  /** @type {Object<string, (event: KeyboardEvent) => void>} */
  const single = {
    " ": () => player.toggle(),
    k: () => player.toggle(),
    ",": () => player.stepEvent(-1),
    ".": () => player.stepEvent(1),
    "[": () => player.faster(-1),
    "]": () => player.faster(1),
    "?": () => help.showModal(),
    a: () => player.mark("from"),
    b: () => player.mark("to"),
    l: () => player.unloop(),
    n: () => player.notes.add(),
    1: () => eyes(1),
    2: () => eyes(2),
    3: () => eyes(3),
    4: () => eyes(4),
  };
  /** @type {Object<string, (event: KeyboardEvent) => void>} */
  const named = {
    ArrowLeft: (event) => player.seek(player.state.time - (event.shiftKey ? 8 * HOUR : 10 * MINUTE)),
    ArrowRight: (event) => player.seek(player.state.time + (event.shiftKey ? 8 * HOUR : 10 * MINUTE)),
    Home: () => player.seek(0),
    End: () => player.seek(player.end),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const target = event.target instanceof HTMLElement ? event.target : document.body;
    const scrub = target.id === "scrub";
    const field = !scrub && target.matches("input:not([type=checkbox]), select, textarea");
    const button = target.matches("button, a, summary, input[type=checkbox]");
    if (field || (button && (event.key === " " || event.key === "Enter"))) return;
    const act = named[event.key] ?? (letters.checked ? single[event.key.toLowerCase()] : undefined);
    if (!act) return;
    event.preventDefault();
    act(event);
  });
}
