// The sources of an answer, beside it: the cited words marked in their surroundings, and what else was found.

import { fate, page, texts, turns } from "./page.js";
import { placeOf, quote, wordEnd, wordStart } from "./parts/answers.js";
import { el } from "./parts/dom.js";
import { pageUrl, sourceUrl } from "./parts/places.js";

export function drawSources(element) {
  page.sources = element.querySelector(".da-sources") || element;
  page.sources.tabIndex = -1;
  clearSources();
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.documentElement.classList.contains("da-sheet")) closeSheet();
  });
}

export function clearSources() {
  page.open = null;
  page.sources.replaceChildren(el("p", { class: "da-empty" }, texts.noSources));
  for (const marked of document.querySelectorAll(".da-cite.da-on")) marked.classList.remove("da-on");
}

function closeSheet() {
  document.documentElement.classList.remove("da-sheet");
  page.opener?.focus();
}

// What stands beside a turn: its answer's sources, or until then those of its quotes; while a language model writes over
// these, what it has cited, since the numbers in the text are its own.
export function shownOf({ answer, draft, pieces }) {
  const cited = new Map(pieces.filter(({ citation }) => citation).map(({ citation }) => [citation.number, citation]));
  return answer ?? (draft && cited.size ? { ...draft, citations: [...cited.values()] } : draft);
}

// Draw the sources of the open turn anew, at the place where they are read.
export function renewSources() {
  const { open, sources } = page;
  const { scrollTop } = sources;
  const read = sources.querySelector(".da-source.da-on")?.dataset.number;
  page.open = null;
  showSources(open, null);
  if (read) mark(open, read);
  sources.scrollTop = scrollTop;
}

// Draw the sources of a turn. With a number, open them at that citation (0: at the first passage).
export function showSources(id, number) {
  const turn = turns.get(id);
  const shown = shownOf(turn);
  if (!shown) return;
  const { citations, passages, band } = shown;
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
  const target = mark(id, number ?? citations[0]?.number);
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

// The number is filled whose source is open.
function mark(id, number) {
  for (const marked of document.querySelectorAll(".da-cite.da-on, .da-source.da-on")) marked.classList.remove("da-on");
  const markers = document.querySelectorAll(`.da-cite[data-turn="${id}"][data-number="${number}"]`);
  markers.forEach((node) => node.classList.add("da-on"));
  const target = document.getElementById(`source-${id}-${number}`);
  target?.classList.add("da-on");
  return target;
}

function citedCard(turn, citation, passage) {
  const node = card(turn, citation, citation, passage || { ...citation, text: citation.quote }, 160);
  node.id = `source-${turn.turn}-${citation.number}`;
  node.dataset.number = citation.number;
  return node;
}

function card(turn, place, citation, passage, around) {
  const became = fate(turn, place);
  const head = el("h3", {});
  if (citation) head.append(el("span", { class: "da-cite da-number", "aria-hidden": "true" }, String(citation.number)), " ");
  head.append(place.title);
  const url = pageUrl(place);
  const links = el("div", { class: "da-links" },
    url ? el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, texts.openPage) : null,
    el("a", { href: sourceUrl(place, document.baseURI), target: "_blank", rel: "noopener" }, texts.inDocument));
  return el("article", { class: "da-source", tabindex: "-1" }, head,
    el("div", { class: "da-place" }, placeOf(place, texts)), became ? el("div", { class: "da-fate" }, became) : null,
    citation ? quote(passage, citation, around) : found(passage, around), links);
}

// What was only found: from the nearest sentence on, and the words in it that were asked for stand out a little.
function found(passage, around) {
  const characters = Array.from(passage.text);
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
