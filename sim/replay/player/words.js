// What is said: times, events, messages.

const HOUR = 3600;
export const DAY = 24 * HOUR;

/** Kinds of event by the group that the list can leave out. */
export const GROUPS = {
  attempts: [
    "started",
    "intercepted",
    "handed_over",
    "intercepted_jointly",
    "passed",
    "turned_back",
    "retried",
  ],
  finds: ["detected", "alerted", "community_report", "learned_later", "storage_found"],
  reports: [],
  cooperation: [
    "joint_patrol",
    "appointment_missed",
    "exchange",
    "support",
    "operation",
    "aid_called",
    "aid_came",
    "marker_survey",
    "inject",
  ],
  everyday: ["lawful_stopped", "marker_damaged", "marker_signed", "marker_repaired", "cases_imported"],
};

/**
 * Say a time as day and hour; the first day is day 1.
 * @param {number} time s
 */
export function clock(time) {
  const day = Math.floor(time / DAY);
  const minutes = Math.floor((time - day * DAY) / 60);
  return `Day ${day + 1}, ${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** @param {number} n */
function two(n) {
  return String(n).padStart(2, "0");
}

/**
 * Say a length of time.
 * @param {number} seconds
 */
export function span(seconds) {
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36 * HOUR) return `${Math.round(seconds / HOUR)} h`;
  return `${(seconds / DAY).toFixed(1)} days`;
}

/**
 * Name a post, with the letter of its side.
 * @param {import("./decode.js").Run} run
 * @param {number} post
 */
export function postName(run, post) {
  const site = run.meta.posts[post];
  return site ? `${site.name} (${run.meta.sides[site.side].letter})` : "nobody";
}

/**
 * Name a kind of event by its number.
 * @param {import("./decode.js").Run} run
 * @param {number} number
 * @returns {string}
 */
export function kindName(run, number) {
  let names = kindNames.get(run);
  if (!names) {
    names = new Map(Object.entries(run.meta.kinds).map(([name, kind]) => [Number(kind), name]));
    kindNames.set(run, names);
  }
  return names.get(number) ?? "";
}

/** @type {WeakMap<import("./decode.js").Run, Map<number, string>>} */
const kindNames = new WeakMap();

/**
 * Give the group of the list that an item belongs to.
 * @param {import("./decode.js").Run} run
 * @param {import("./knowledge.js").Item} item
 * @returns {string}
 */
export function groupOf(run, item) {
  if (item.type === "parted") return "attempts";
  if (item.type !== "event") return "reports";
  const name = kindName(run, run.columns["event.kind"][item.index]);
  for (const [group, names] of Object.entries(GROUPS)) if (names.some((each) => each === name)) return group;
  return "cooperation";
}

/**
 * Say what an item is.
 * @param {import("./decode.js").Run} run
 * @param {import("./knowledge.js").Item} item
 * @returns {string}
 */
export function sentence(run, item) {
  return item.type === "event" ? eventSentence(run, item.index) : messageSentence(run, item);
}

/**
 * @param {import("./decode.js").Run} run
 * @param {number} i index of the event
 */
function eventSentence(run, i) {
  const c = run.columns;
  const who = postName(run, c["event.post"][i]);
  const other = postName(run, c["event.other"][i]);
  const crime = run.meta.crimes[c["event.crime"][i]] ?? "";
  const segment = c["event.segment"][i];
  const where = segment < 0 ? "" : ` on segment ${segment}`;
  const people = Math.round(c["event.value"][i]);
  const referred = run.meta.referred[c["event.crime"][i]];
  const name = kindName(run, c["event.kind"][i]);
  const byPatrol = c["event.patrol"][i] >= 0 ? `Patrol ${c["event.patrol"][i]} of ${who}` : who;
  /** @type {Object<string, string>} */
  const said = {
    started: `An attempt begins: ${crime}${where}`,
    detected: `${byPatrol} finds an attempt: ${crime}${where}`,
    alerted: `${who} is alerted to an attempt: ${crime}${where}`,
    intercepted: `${who} ${referred ? "meets and refers people" : "intercepts"}: ${crime}${where}`,
    handed_over: `${who} takes over what was found across the line: ${crime}${where}`,
    intercepted_jointly: `Joint patrol of ${who} and ${other} ends an attempt: ${crime}${where}`,
    passed: `An attempt passes: ${crime}${where}`,
    turned_back: `An attempt is given up before it begins: ${crime}${where}`,
    retried: `A group tries again: ${crime}${where}`,
    learned_later: `${who} learns that somebody got through some days ago: ${crime}${where}`,
    community_report: `People tell ${who} of an attempt: ${crime}${where}`,
    lawful_stopped: `${who} stops ${people} lawful ${people === 1 ? "person" : "people"}`,
    joint_patrol: `${who} and ${other} walk together`,
    appointment_missed: `${who} and ${other} miss a joint patrol`,
    exchange: `${who} and ${other} hold an exchange`,
    support: `${who} receives support from ${other}`,
    operation: `${who} takes part in a joint operation`,
    storage_found: `${who} finds a storage site${where}`,
    aid_called: `${who} calls for aid${where}`,
    aid_came: other === who ? `${who} calls up its own` : `${other} sends aid to ${who}`,
    marker_survey: `${who} and ${other} survey markers`,
    marker_damaged: `A marker is damaged${where}`,
    marker_signed: `Minutes on a damaged marker are signed${where}`,
    marker_repaired: `A marker is repaired${where}`,
    cases_imported: `Disease comes over the line: ${people} ${people === 1 ? "case" : "cases"}`,
    inject: c["event.post"][i] >= 0 ? `${who} is told a tip: ${crime}${where}` : injectName(run, people),
  };
  return said[name] ?? name;
}

/**
 * @param {import("./decode.js").Run} run
 * @param {number} index among the injects of the scenario
 */
function injectName(run, index) {
  const inject = run.meta.injects[index];
  return inject ? `Inject: ${inject.title || inject.kind.replaceAll("_", " ")}` : "Inject";
}

/**
 * @param {import("./decode.js").Run} run
 * @param {import("./knowledge.js").Item} item
 */
function messageSentence(run, item) {
  const c = run.columns;
  const channel = c["message.channel"][item.index];
  const first = c["channel.offsets"][channel];
  const more = c["channel.offsets"][channel + 1] - first - 1;
  const authors = postName(run, c["channel.author"][first]) + (more ? ` and ${more} more` : "");
  const reader = postName(run, c["channel.reader"][channel]);
  const what = c["message.plan"][item.index] >= 0 ? "plan" : "report";
  const reports = c["message.report"].slice(
    c["message.offsets"][item.index],
    c["message.offsets"][item.index + 1],
  );
  let finds = 0;
  for (const report of reports) {
    for (let f = c["find.offsets"][report]; f < c["find.offsets"][report + 1]; f++)
      finds += c["find.count"][f];
  }
  const tells = what === "plan" ? "" : `, which tells of ${finds} ${finds === 1 ? "find" : "finds"}`;
  if (item.type === "sent")
    return `${authors} ${what === "plan" ? "tells its plan to" : "reports to"} ${reader}`;
  if (item.type === "lost") return `${reader} misses a ${what} of ${authors}`;
  const hops = c["channel.hops"][channel];
  if (hops === 0) return `${reader} is told face to face by ${authors}${tells}`;
  return `${reader} has read a ${what} of ${authors}${tells}`;
}
