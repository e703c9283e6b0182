// Time, eyes and speed in the address of the page, so that a moment can be bookmarked.

/** Simulated seconds to a second. */
export const SPEEDS = [600, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600, 3 * 24 * 3600, 7 * 24 * 3600];

/** @param {number} speed */
export function speedName(speed) {
  if (speed < 3600) return `${speed / 60} min/s`;
  if (speed < 24 * 3600) return `${speed / 3600} h/s`;
  const days = speed / (24 * 3600);
  return `${days} ${days === 1 ? "day" : "days"}/s`;
}

/**
 * @param {number} time s
 * @param {import("./knowledge.js").Eyes} eyes
 * @param {number} speed
 */
export function toHash(time, eyes, speed) {
  const who = eyes.kind === "side" ? `side${eyes.side}` : eyes.kind === "post" ? `post${eyes.post}` : "truth";
  return `#t=${Math.round(time)}&eyes=${who}&speed=${speed}`;
}

/**
 * Read an address; what it does not say, or says wrong, is left out.
 * @param {string} hash
 * @param {{sides: number, posts: number, end: number}} most
 * @returns {{time?: number, eyes?: import("./knowledge.js").Eyes, speed?: number}}
 */
export function fromHash(hash, most) {
  const told = new URLSearchParams(hash.replace(/^#/, ""));
  /** @type {{time?: number, eyes?: import("./knowledge.js").Eyes, speed?: number}} */
  const found = {};
  const time = Number(told.get("t"));
  if (told.has("t") && Number.isFinite(time)) found.time = Math.min(Math.max(time, 0), most.end);
  const speed = Number(told.get("speed"));
  if (SPEEDS.includes(speed)) found.speed = speed;
  const eyes = /^(truth|side|post)(\d*)$/.exec(told.get("eyes") ?? "");
  if (eyes) {
    const number = Number(eyes[2]);
    if (eyes[1] === "truth") found.eyes = { kind: "truth" };
    else if (eyes[1] === "side" && number < most.sides) found.eyes = { kind: "side", side: number };
    else if (eyes[1] === "post" && number < most.posts) found.eyes = { kind: "post", post: number };
  }
  return found;
}
