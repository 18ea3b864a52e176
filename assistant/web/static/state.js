// The state of the index, always in sight: what it holds, what is being done to it, and what was.

import { texts } from "./page.js";
import { el } from "./parts/dom.js";

const RESTING = 15000, BUILDING = 1000; // milliseconds between two looks

const SHOWN = 20; // files that are not in the index, by name

// Draws the state into `bar` and keeps it true. `changed` is told each new generation. Returns a way to look at once.
export function watchState(bar, changed) {
  const dot = el("i", { class: "da-dot" });
  const label = el("span", {}, "…");
  const details = el("div", { class: "da-state-details" });
  const box = el("details", { class: "da-state" }, el("summary", {}, dot, label), details);
  bar.append(box);
  document.addEventListener("click", (event) => { if (!box.contains(event.target)) box.open = false; });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { box.open = false; box.querySelector("summary").focus(); }
  });
  let timer = null;
  let generation = null;
  const look = async () => {
    clearTimeout(timer);
    const state = await fetchState();
    show(dot, label, details, state, look);
    if (state.generation && state.generation !== generation) changed(generation = state.generation);
    clearTimeout(timer);
    timer = setTimeout(look, state.building ? BUILDING : RESTING);
  };
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  look();
  return look;
}

async function fetchState() {
  try {
    const response = await fetch(new URL("api/status", document.baseURI));
    const said = await response.json();
    return response.ok ? said : { error: said.error || texts.stateUnknown };
  } catch {
    return { error: texts.stateUnknown };
  }
}

function show(dot, label, details, state, look) {
  if (state.error) {
    dot.className = "da-dot da-bad";
    label.textContent = state.error;
    details.replaceChildren(el("p", {}, state.error));
    return;
  }
  const wrong = state.fault || state.build_fault || state.stale || state.skipped.length;
  dot.className = `da-dot ${state.building ? "da-busy" : wrong ? "da-warn" : ""}`;
  label.textContent = `${texts.documents(state.documents)} · ${state.building ? texts.building : texts.updated(ago(state.built_at))}`;
  const values = [state.documents, state.chunks, state.generation, new Date(state.built_at).toLocaleString(), state.encoder, state.writer];
  details.replaceChildren(
    el("dl", {}, ...texts.facts.flatMap((name, i) => [el("dt", {}, name), el("dd", {}, String(values[i]))])),
    ...faults(state).map((fault) => el("p", {}, fault)),
    ...(state.building ? [progress(state)] : due(state) ? [updateButton(look)] : []),
    ...(state.skipped.length ? [el("p", {}, texts.notIndexed),
      el("ul", {}, ...state.skipped.slice(0, SHOWN).map((entry) => el("li", {}, `${entry.document}: ${entry.reason}`)),
        state.skipped.length > SHOWN ? el("li", {}, texts.more(state.skipped.length - SHOWN)) : null)] : []),
    ...(state.history.length ? [el("h2", {}, texts.history),
      el("ol", {}, ...state.history.slice(0, 5).map((entry) => el("li", {}, el("span", {}, ago(entry.at)), ` ${build(entry)}`)))] : []),
  );
}

function faults(state) {
  const behind = state.documents_fault || (state.held_back ? texts.heldBack : state.stale && !state.building ? texts.stale : null);
  return [...new Set([state.fault, state.build_fault, behind])].filter(Boolean);
}

// Whether asking for a build would do something that is not about to happen by itself.
const due = (state) => (state.stale && !state.watching) || state.held_back || state.build_fault;

function progress({ progress, builder }) {
  if (!progress) return el("p", {}, builder ? texts.anotherBuilds(builder) : texts.building);
  const left = progress.seconds_left === null ? null : clock(Math.round(progress.seconds_left));
  return el("div", { class: "da-progress" },
    el("progress", { max: progress.total, value: progress.done, "aria-label": texts.steps[progress.step] }),
    el("p", {}, `${texts.steps[progress.step]}: ${texts.pace(progress.done, progress.total, left)}`));
}

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

function updateButton(look) {
  const said = el("p", { role: "status" });
  const button = el("button", { type: "button", onclick: async () => {
    const response = await fetch(new URL("api/index", document.baseURI), { method: "POST" }).catch(() => null);
    const answer = await response?.json().catch(() => null);
    said.textContent = response?.ok ? texts.asked : answer?.error ? `${answer.error} ${answer.hint}` : texts.stateUnknown;
    if (response?.ok) setTimeout(look, 300);
  } }, texts.update);
  return el("div", {}, el("p", {}, button), said);
}

// One build of the history, in words: how many documents of each kind, and the first of them.
function build(entry) {
  if (entry.error) return texts.failed(entry.error);
  const kinds = Object.entries(texts.kinds).filter(([kind]) => entry[kind].count);
  const told = kinds.map(([kind, name]) => `${entry[kind].count} ${name} (${named(entry[kind])})`);
  return told.join(", ") || texts.readAnew;
}

const named = ({ count, names }) => names.slice(0, 2).join(", ") + (count > 2 ? ", …" : "");

function ago(when) {
  const seconds = (Date.parse(when) - Date.now()) / 1000;
  const format = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  for (const [unit, size] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return "just now";
}
