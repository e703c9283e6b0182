// Notes on moments of the run, for the review; what they become as Markdown and CSV.
import { clock } from "./words.js";

/**
 * @typedef {Object} Note
 * @property {number} time s
 * @property {string} eyes whose eyes looked
 * @property {string} observation
 * @property {string} why
 * @property {"sustain"|"improve"} verdict
 * @property {string} owner
 * @property {string} due
 */

const FIELDS = /** @type {const} */ (["observation", "why", "verdict", "owner", "due"]);
const NAMES = {
  observation: "Observation",
  why: "Why",
  verdict: "Sustain or improve",
  owner: "Owner",
  due: "Due",
};

/**
 * @param {string} title
 * @param {Note[]} notes
 */
export function asMarkdown(title, notes) {
  const parts = notes.map((note) => {
    const rows = FIELDS.map((field) => `- ${NAMES[field]}: ${oneLine(note[field])}`.trimEnd());
    return [`## ${clock(note.time)} (${note.eyes})`, "", ...rows, ""].join("\n");
  });
  return [`# Notes: ${oneLine(title)}`, "", ...parts].join("\n");
}

/** @param {Note[]} notes */
export function asCsv(notes) {
  const head = ["day and hour", "seconds", "eyes", ...FIELDS.map((field) => NAMES[field].toLowerCase())];
  const rows = notes.map((note) => [
    clock(note.time),
    String(Math.round(note.time)),
    note.eyes,
    ...FIELDS.map((field) => note[field]),
  ]);
  return [head, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

/**
 * Quote a cell; what a spreadsheet would take for a formula stays text.
 * @param {string} text
 */
function cell(text) {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** @param {string} text */
function oneLine(text) {
  return text.replace(/\s+/g, " ").trim();
}

export class Notes {
  /** @param {import("./player.js").Player} player */
  constructor(player) {
    this.player = player;
    /** @type {Note[]} */
    this.notes = [];
    this.saved = true;
    this.dialog = /** @type {HTMLDialogElement} */ (document.getElementById("notes"));
    this.list = /** @type {HTMLElement} */ (document.getElementById("notes-list"));
    this.on("notes-button", () => this.open());
    this.on("note-now", () => this.add());
    this.on("save-markdown", () => this.save("notes.md", asMarkdown(player.meta.title, this.notes)));
    this.on("save-csv", () => this.save("notes.csv", asCsv(this.notes)));
    addEventListener("beforeunload", (event) => {
      if (!this.saved) event.preventDefault();
    });
  }

  /** @param {string} id @param {() => void} act */
  on(id, act) {
    document.getElementById(id)?.addEventListener("click", act);
  }

  open() {
    this.player.pause();
    this.write();
    this.dialog.showModal();
  }

  /** Note the present moment, and ask for words. */
  add() {
    if (!this.dialog.open) this.open();
    const { eyes, time } = this.player.state;
    const note = {
      time,
      eyes: eyes.kind === "truth" ? "ground truth" : this.player.panel.who(),
      observation: "",
      why: "",
      verdict: /** @type {const} */ ("improve"),
      owner: "",
      due: "",
    };
    this.notes.push(note);
    this.notes.sort((a, b) => a.time - b.time);
    this.saved = false;
    this.write();
    const fields = this.list.querySelectorAll("textarea");
    fields[this.notes.indexOf(note)].focus();
  }

  /** Write all notes as fields to fill in. */
  write() {
    this.list.replaceChildren(...this.notes.map((note) => this.entry(note)));
    for (const id of ["save-markdown", "save-csv"]) {
      /** @type {HTMLButtonElement} */ (document.getElementById(id)).disabled = !this.notes.length;
    }
  }

  /** @param {Note} note */
  entry(note) {
    const item = document.createElement("li");
    const head = document.createElement("div");
    head.className = "row";
    head.append(
      button(`${clock(note.time)} (${note.eyes})`, "Go there", () => {
        this.dialog.close();
        this.player.seek(note.time);
      }),
      button("Remove", `Remove the note on ${clock(note.time)}`, () => {
        this.notes.splice(this.notes.indexOf(note), 1);
        this.saved = false;
        this.write();
      }),
    );
    item.append(head, ...FIELDS.map((field) => this.field(note, field)));
    return item;
  }

  /** @param {Note} note @param {typeof FIELDS[number]} field */
  field(note, field) {
    const label = document.createElement("label");
    const kind = field === "verdict" ? "select" : field === "observation" ? "textarea" : "input";
    const input = /** @type {HTMLInputElement} */ (document.createElement(kind));
    if (field === "verdict") for (const each of ["sustain", "improve"]) input.append(new Option(each, each));
    input.value = note[field];
    input.name = field;
    input.addEventListener("input", () => {
      Object.assign(note, { [field]: input.value });
      this.saved = false;
    });
    label.append(NAMES[field], input);
    return label;
  }

  /** @param {string} name @param {string} text */
  save(name, text) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    this.saved = true;
    this.player.panel.announce(`Saved as ${name}`);
  }
}

/** @param {string} text @param {string} title @param {() => void} act */
function button(text, title, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.title = title;
  made.addEventListener("click", act);
  return made;
}
