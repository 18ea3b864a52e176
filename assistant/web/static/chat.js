// The chat page's drawing. It is told what to show and holds nothing but that: turns by their id, and which one is open.
// Every text of a document or a person goes in by textContent.

import { el, texts } from "./dom.js";
import { watchState } from "./state.js";

// Offsets count Unicode code points, as the server counts them; JavaScript's own strings count UTF-16 units.
const slice = (text, start, end) => Array.from(text).slice(start, end).join("");

const safeUrl = (url) => /^https?:\/\//i.test(url || "") ? url : null;

// A citation's link brings its words along, so that they can be shown when the document has changed.
function sourceUrl(place) {
  const url = new URL(`source/${place.document.split("/").map(encodeURIComponent).join("/")}`, document.baseURI);
  const words = place.proof ? { words: place.quote, proof: place.proof } : {};
  url.search = new URLSearchParams({ start: place.start, end: place.end, digest: place.digest, ...words });
  url.hash = "cited";
  return url.href;
}

const PATIENCE = 2000; // milliseconds without a word of the server before it is looked for

const turns = new Map();
const page = { log: null, sources: null, open: null, opener: null, refresh: null, send: null, listen: null, generation: null };

// --- the conversation ---------------------------------------------------------------------------------------------

export function log(element, props, watch, trigger) {
  page.send = (question) => trigger("submit", question);
  page.listen = () => trigger("retry");
  page.log = element.querySelector(".da-log") || element;
  page.log.setAttribute("role", "log");
  page.log.setAttribute("aria-label", "Conversation");
  page.log.tabIndex = 0;
  const update = () => {
    const value = props.value;
    if (value && value.turn) heard(value);
    else if (value && value.topics && !page.log.querySelector(".da-turn")) showWelcome(value);
  };
  restore();
  update();
  watch("value", update);
  receive();
}

function showWelcome({ topics, examples }) {
  const chips = [
    ...examples.map((question) => chip(question, question, "")),
    ...(topics.length ? [el("p", { class: "da-lead" }, texts.topics)] : []),
    ...topics.map((topic) => chip(topic, `What do the documents say about “${topic}”?`, "da-words")),
  ];
  page.log.replaceChildren(el("section", { class: "da-welcome" }, el("h2", {}, texts.welcome), el("div", { class: "da-chips" }, ...chips)));
}

// A question goes its way: it is taken out of the box and its turn drawn at once, under an id that the server keeps.
function submit() {
  const question = box().value;
  if (!question.trim()) return;
  const history = [...turns.values()].filter((said) => said.answer).slice(-6).flatMap((said) => [
    { role: "user", text: said.answer.standalone }, { role: "assistant", text: said.answer.text },
  ]);
  const turn = Array.from({ length: 3 }, () => Math.random().toString(36).slice(2, 10)).join("").padEnd(12, "0");
  fill("");
  showTurn({ turn, asked: question, question: question.trim().slice(0, 4000), pieces: [], status: { message: texts.searching } });
  page.send({ turn, question, history });
  setTimeout(() => missAnswer(turn), PATIENCE);
}

// Gradio brings the parts of the page one after another.
const isWhole = () => page.send && page.sources && box();

function receive() {
  if (isWhole()) window.daSending.to(submit);
}

function heard(turn) {
  const asked = turns.get(turn.turn)?.asked ?? turn.question;
  showTurn({ ...turn, asked, heard: true });
  if (turn.error) putBack(asked);
  if (turn.answer && turn.answer.generation !== page.generation) page.refresh?.();
}

// No word of the server after a while: it is not there, or it is slow, which is no fault, or it speaks to nobody: Gradio
// counts on its stream of messages when it is just ending. An event that does nothing opens it again.
async function missAnswer(id) {
  const turn = turns.get(id);
  if (turn.heard) return;
  if (await fetch(new URL("health", document.baseURI)).then((response) => response.ok, () => false)) {
    page.listen();
    setTimeout(() => missAnswer(id), PATIENCE);
    return;
  }
  showTurn({ ...turn, heard: true, error: { message: texts.noServer, hint: texts.noServerHint } });
  putBack(turn.asked);
  page.refresh?.();
  keep();
  box().addEventListener("input", keep);
}

// When the server is back, Gradio loads the page anew: what was said and typed is kept over that, and only that, load.
function keep() {
  try { sessionStorage.setItem("da-kept", JSON.stringify({ turns: [...turns.values()].slice(-30), draft: box().value })); } catch { /* lost then */ }
}

function restore() {
  let kept = null;
  try {
    kept = JSON.parse(sessionStorage.getItem("da-kept"));
    sessionStorage.removeItem("da-kept");
  } catch { /* nothing to restore */ }
  const redraw = () => {
    if (!isWhole()) { requestAnimationFrame(redraw); return; }
    kept.turns.forEach(showTurn);
    putBack(kept.draft);
  };
  if (kept) redraw();
}

// A question that failed goes back into the box, unless something else was typed since.
function putBack(question) {
  if (!box().value) fill(question);
}

const box = () => document.querySelector("#da-box textarea, #da-box input");

function fill(question) {
  const prototype = box().tagName === "TEXTAREA" ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype;
  Object.getOwnPropertyDescriptor(prototype, "value").set.call(box(), question);
  box().dispatchEvent(new Event("input", { bubbles: true }));
}

const chip = (label, question, style) =>
  el("button", { type: "button", class: `da-chip ${style}`, onclick: () => ask(question) }, label);

function ask(question) {
  const typed = box().value;
  fill(question);
  submit();
  fill(typed);
}

function showTurn(turn) {
  const known = turns.get(turn.turn);
  turns.set(turn.turn, turn);
  const answer = drawAnswer(turn);
  if (known) {
    document.getElementById(`answer-${turn.turn}`).replaceWith(answer);
  } else {
    page.log.querySelector(".da-welcome")?.remove();
    const parts = turn.question ? [el("div", { class: "da-question", dir: "auto" }, turn.question), answer] : [answer];
    page.log.append(el("section", { class: "da-turn", id: `turn-${turn.turn}` }, ...parts));
  }
  if (!known) {
    document.documentElement.classList.remove("da-sheet");
    document.getElementById(`turn-${turn.turn}`).scrollIntoView({ block: "start" });
  }
  if (turn.answer) showSources(turn.turn, null);
  else if (turn.error) clearSources();
}

function drawAnswer(turn) {
  const band = turn.answer?.band;
  const box = el("div", { class: `da-answer ${band ? `da-${band}` : ""} ${turn.error ? "da-error" : ""}`, id: `answer-${turn.turn}` });
  if (turn.error) {
    box.append(el("p", { class: "da-band", role: "alert" }, el("b", {}, turn.error.message)), el("p", {}, turn.error.hint));
    return box;
  }
  if (!turn.answer) {
    if (!turn.pieces.length) box.append(el("p", { class: "da-band da-waiting" }, turn.status?.message || "…"));
    box.append(...paragraphs(turn, turn.pieces));
    return box;
  }
  const answer = turn.answer;
  const aside = band === "answered"
    ? texts.passages(answer.passages.length, texts.time(answer.seconds))
    : texts.searchedFor(answer.searched_for);
  box.append(el("p", { class: "da-band" }, el("b", {}, texts.bands[band]), el("span", {}, aside)));
  if (answer.standalone !== answer.question) box.append(understood(answer));
  if (band === "not_found") box.append(el("p", {}, texts.notFound));
  else {
    if (band === "uncertain") box.append(el("p", {}, texts.closest));
    box.append(...paragraphs(turn, piecesOf(answer)));
  }
  if (answer.citations.some((citation) => fate(turn, citation))) {
    box.append(el("p", { class: "da-old" }, texts.oldSources, " ",
      el("button", { type: "button", onclick: () => ask(turn.asked) }, texts.askAgain)));
  }
  box.append(actions(turn));
  return box;
}

// A follow-up was searched for with its topic: the whole of it is shown, and goes back into the box to be changed.
function understood(answer) {
  const edit = () => { fill(answer.standalone); box().focus(); };
  return el("p", { class: "da-understood" }, texts.searchedFor(answer.standalone), " ",
    el("button", { type: "button", class: "da-edit", onclick: edit }, texts.editQuestion));
}

// The answer as words and markers, from the places its sentences have in its text.
function piecesOf(answer) {
  const byNumber = new Map(answer.citations.map((citation) => [citation.number, citation]));
  const pieces = [];
  let last = 0;
  for (const sentence of answer.sentences) {
    if (pieces.length) pieces.push({ text: slice(answer.text, last, sentence.start).includes("\n") ? "\n\n" : " ", citation: null });
    pieces.push({ text: slice(answer.text, sentence.start, sentence.end), citation: null });
    for (const number of sentence.citations) pieces.push({ text: `[${number}]`, citation: byNumber.get(number) });
    last = sentence.end;
  }
  return pieces;
}

function paragraphs(turn, pieces) {
  const found = [];
  let current = null;
  for (const { text, citation } of pieces) {
    if (!citation && text === "\n\n") { current = null; continue; }
    if (!current) found.push(current = el("p", { class: "da-words", dir: "auto" }));
    if (citation) hold(current, marker(turn, citation));
    else current.append(text);
  }
  return found;
}

// A marker stays on the line of the word before it.
function hold(paragraph, marker) {
  const text = paragraph.lastChild;
  const last = text instanceof Text ? /\S{1,24}$/.exec(text.data) : null;
  if (!last) { paragraph.append(marker); return; }
  text.data = text.data.slice(0, last.index);
  paragraph.append(el("span", { class: "da-held" }, last[0], marker));
}

function marker(turn, citation) {
  const where = [citation.title, citation.heading].filter(Boolean).join(", ");
  return el("a", {
    class: "da-cite", href: sourceUrl(citation), "data-turn": turn.turn, "data-number": citation.number,
    "aria-label": texts.source(citation.number, where), title: where,
    onclick: (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      page.opener = event.currentTarget;
      showSources(turn.turn, citation.number);
    },
  }, String(citation.number));
}

function actions(turn) {
  const row = el("div", { class: "da-actions" });
  if (turn.answer.citations.length) {
    row.append(el("button", { type: "button", onclick: (event) => copy(event.currentTarget, turn.answer) }, texts.copy));
  }
  if (turn.answer.passages.length) {
    row.append(el("button", {
      type: "button", class: "da-open-sources",
      onclick: (event) => { page.opener = event.currentTarget; showSources(turn.turn, turn.answer.citations[0]?.number || 0); },
    }, turn.answer.citations.length ? texts.sourcesButton(turn.answer.citations.length) : texts.passagesButton(turn.answer.passages.length)));
  }
  return row;
}

async function copy(button, answer) {
  const sources = answer.citations.map((c) => `[${c.number}] ${placeOf(c)}${safeUrl(c.url) ? ` ${c.url}` : ""}`);
  const whole = `${answer.text}\n\n${sources.join("\n")}\n`;
  try {
    await navigator.clipboard.writeText(whole);
  } catch {
    const area = document.body.appendChild(el("textarea", {}, whole));
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  button.textContent = texts.copied;
  setTimeout(() => { button.textContent = texts.copy; }, 1600);
}

// --- the sources --------------------------------------------------------------------------------------------------

export function sources(element) {
  page.sources = element.querySelector(".da-sources") || element;
  page.sources.tabIndex = -1;
  clearSources();
  receive();
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.documentElement.classList.contains("da-sheet")) closeSheet();
  });
}

function clearSources() {
  page.open = null;
  page.sources.replaceChildren(el("p", { class: "da-empty" }, texts.noSources));
  for (const marked of document.querySelectorAll(".da-cite.da-on")) marked.classList.remove("da-on");
}

function closeSheet() {
  document.documentElement.classList.remove("da-sheet");
  page.opener?.focus();
}

// Draw the sources of a turn. With a number, open them at that citation (0: at the first passage).
function showSources(id, number) {
  const turn = turns.get(id);
  const { citations, passages, band } = turn.answer;
  if (page.open !== id) {
    const cited = new Set(citations.map((citation) => citation.passage));
    const byId = new Map(passages.map((passage) => [passage.id, passage]));
    const others = passages.filter((passage) => !cited.has(passage.id));
    page.sources.replaceChildren(
      el("div", { class: "da-sheet-bar" }, texts.sources,
        el("button", { type: "button", class: "da-close", "aria-label": texts.close, onclick: closeSheet }, "×")),
      ...(citations.length ? [el("h2", {}, texts.cited)] : []),
      ...citations.map((citation) => citedCard(turn, citation, byId.get(citation.passage))),
      ...(others.length ? [el("h2", {}, citations.length ? texts.alsoFound : texts.closestPassages)] : []),
      ...others.map((passage) => card(turn, passage, null, passage, band === "not_found" ? 420 : 200)),
    );
    page.open = id;
  }
  for (const marked of document.querySelectorAll(".da-cite.da-on, .da-source.da-on")) marked.classList.remove("da-on");
  const active = number ?? citations[0]?.number;
  const markers = document.querySelectorAll(`.da-cite[data-turn="${id}"][data-number="${active}"]`);
  markers.forEach((node) => node.classList.add("da-on"));
  const target = document.getElementById(`source-${id}-${active}`);
  target?.classList.add("da-on");
  if (number !== null) {
    document.documentElement.classList.add("da-sheet");
    (target || page.sources).focus({ preventScroll: true });
    if (target) target.scrollIntoView({ block: "start" });
    else page.sources.scrollTop = 0;
    target?.querySelector("mark")?.scrollIntoView({ block: "nearest" });
  } else {
    page.sources.scrollTop = 0;
  }
}

function citedCard(turn, citation, passage) {
  const node = card(turn, citation, citation, passage || { ...citation, text: citation.quote }, 160);
  node.id = `source-${turn.turn}-${citation.number}`;
  return node;
}

function placeOf(place) {
  const headings = place.heading ? ` › ${place.heading}` : "";
  return `${place.document}${headings}${place.page ? ` · ${texts.page(place.page)}` : ""}`;
}

function card(turn, place, citation, passage, around) {
  const became = fate(turn, place);
  const head = el("h3", {});
  if (citation) head.append(el("span", { class: "da-cite da-number", "aria-hidden": "true" }, String(citation.number)), " ");
  head.append(place.title);
  const url = safeUrl(place.url);
  const links = el("div", { class: "da-links" },
    url ? el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, texts.original) : null,
    el("a", { href: sourceUrl(place), target: "_blank", rel: "noopener" }, texts.inDocument));
  return el("article", { class: "da-source", tabindex: "-1" }, head,
    el("div", { class: "da-place" }, placeOf(place)), became ? el("div", { class: "da-fate" }, became) : null, quote(passage, citation, around), links);
}

// The passage's words around the cited ones, cut at word ends; without any, from its nearest sentence on.
function quote(passage, citation, around) {
  const characters = Array.from(passage.text);
  if (!citation) return found(passage, characters, around);
  const from = citation.start - passage.start;
  const to = citation.end - passage.start;
  const left = wordStart(characters, from - around, from);
  const right = wordEnd(characters, to + around, to);
  const text = (a, b) => characters.slice(a, b).join("");
  return el("blockquote", { class: "da-words", dir: "auto" }, left > 0 ? "… " : "", text(left, from),
    el("mark", {}, text(from, to)), text(to, right), right < characters.length ? " …" : "");
}

// The words in it that were asked for stand out a little.
function found(passage, characters, around) {
  const nearest = passage.nearest ? passage.nearest[0] - passage.start : 0;
  const left = characters.length > around ? Math.min(nearest, wordStart(characters, characters.length - around, characters.length)) : 0;
  const right = wordEnd(characters, left + around, left);
  const node = el("blockquote", { class: "da-words", dir: "auto" }, left > 0 ? "… " : "");
  let last = left;
  for (const [start, end] of (passage.highlights || []).map((span) => span.map((offset) => offset - passage.start))) {
    if (start < last || end > right) continue;
    node.append(characters.slice(last, start).join(""), el("b", {}, characters.slice(start, end).join("")));
    last = end;
  }
  node.append(characters.slice(last, right).join(""), right < characters.length ? " …" : "");
  return node;
}

function wordStart(characters, wanted, limit) {
  if (wanted <= 0) return 0;
  let at = wanted;
  while (at < limit && !/\s/.test(characters[at - 1])) at += 1;
  return at;
}

function wordEnd(characters, wanted, limit) {
  if (wanted >= characters.length) return characters.length;
  let at = wanted;
  while (at > limit && !/\s/.test(characters[at])) at -= 1;
  return at;
}

// --- the header ---------------------------------------------------------------------------------------------------

export function header(element) {
  const bar = element.querySelector(".da-header") || element;
  const tools = bar.appendChild(el("div", { class: "da-tools" }));
  page.refresh = watchState(tools, (generation) => { page.generation = generation; checkSources(); });
  tools.append(el("button", { type: "button", class: "da-theme", "aria-label": texts.theme, title: texts.theme, onclick: () => window.daTheme.toggle() }, "◐"));
}

// --- answers of older generations ---------------------------------------------------------------------------------

// What became of a document since an answer was written from it, in words; null if nothing did.
const fate = (turn, place) => turn.fates?.get(place.document) || null;

// When the index has a new generation: ask what became of the documents that older answers stand on.
async function checkSources() {
  const old = [...turns.values()].filter((turn) => turn.answer && turn.answer.generation !== page.generation);
  const places = old.flatMap((turn) => [...turn.answer.citations, ...turn.answer.passages]);
  const digests = await digestsOf([...new Set(places.map((place) => place.document))]);
  if (!digests) return;
  for (const turn of old) {
    turn.fates = new Map();
    for (const place of [...turn.answer.citations, ...turn.answer.passages]) {
      const now = digests.get(place.document);
      if (now !== place.digest) turn.fates.set(place.document, now ? texts.changedSince : texts.removedSince);
    }
    document.getElementById(`answer-${turn.turn}`)?.replaceWith(drawAnswer(turn));
    if (page.open === turn.turn) {
      page.open = null;
      showSources(turn.turn, null);
    }
  }
}

async function digestsOf(names) {
  const digests = new Map();
  for (let i = 0; i < names.length; i += 40) {
    const url = new URL("api/documents", document.baseURI);
    names.slice(i, i + 40).forEach((name) => url.searchParams.append("document", name));
    const response = await fetch(url).catch(() => null);
    if (!response?.ok) return null;
    (await response.json()).documents.forEach((entry) => digests.set(entry.document, entry.digest));
  }
  return digests;
}
