// Drawing answers and quotes, for the chat page and the widget. Every text of a document goes in by textContent.

import { el } from "./dom.js";
import { safeUrl } from "./places.js";
import { day, say } from "./texts.js";

// Offsets count Unicode code points, as the server counts them; JavaScript's own strings count UTF-16 units.
const slice = (text, start, end) => Array.from(text).slice(start, end).join("");

// The answer as words and markers, from the places its sentences have in its text.
export function piecesOf(answer) {
  const byNumber = new Map(answer.citations.map((citation) => [citation.number, citation]));
  const pieces = [];
  let last = 0;
  for (const sentence of answer.sentences) {
    if (pieces.length) pieces.push({ text: slice(answer.text, last, sentence.start).includes("\n") ? "\n\n" : " ", citation: null });
    pieces.push({ text: slice(answer.text, sentence.start, sentence.end), doubt: sentence.support === "unsupported" });
    for (const number of sentence.citations) pieces.push({ text: `[${number}]`, citation: byNumber.get(number) });
    last = sentence.end;
  }
  return pieces;
}

// Paragraphs of words, with `marker(citation)` after a sentence. `apart` gives each sentence a paragraph of its own.
export function paragraphs(pieces, marker, apart = false) {
  const found = [];
  let current = null;
  let marked = false;
  for (const { text, citation, doubt } of pieces) {
    if (!citation && text === "\n\n") { current = null; continue; }
    if (!citation && apart && marked) {
      marked = false;
      current = null;
      if (!text.trim()) continue;
    }
    if (!current) found.push(current = el("p", { class: "da-words", dir: "auto" }));
    if (citation) hold(current, marker(citation));
    else current.append(doubt ? el("span", { class: "da-doubt" }, text) : text);
    marked = Boolean(citation);
  }
  return found;
}

// A marker stays on the line of the word before it.
function hold(paragraph, marker) {
  const end = paragraph.lastChild;
  const text = end?.className === "da-doubt" ? end.lastChild : end;
  const last = text instanceof Text ? /\S{1,24}$/.exec(text.data) : null;
  if (!last) { paragraph.append(marker); return; }
  text.data = text.data.slice(0, last.index);
  text.after(el("span", { class: "da-held" }, last[0], marker));
}

const listed = (between, ...parts) => parts.filter(Boolean).join(between);

export const whereOf = (citation) => listed(", ", citation.title, citation.heading);

export const placeOf = (place, texts) =>
  listed(" · ", listed(" › ", place.document, place.heading), place.page && say(texts.page, { n: place.page }), place.date && day(place.date, texts));

// Two sources say the same but for a number or a date: which they are, and of which day they say they are. Of what is to
// be compared, what nothing was found about. Of a language model's sentences, that some are not borne out; or why it wrote none.
export function remarks({ missing, conflict, citations, sentences, fallback }, texts) {
  const told = citations.filter(({ number }) => conflict?.includes(number))
    .map(({ number, title, date }) => listed(", ", `[${number}] ${title}`, date && day(date, texts)));
  return [missing && say(texts.missing, { what: missing }), told.length && listed(" ", texts.differ, told.join(" · ")),
    sentences.some(({ support }) => support === "unsupported") && texts.unsupported, fallback]
    .filter(Boolean).map((remark) => el("p", { class: "da-differ" }, remark));
}

// The passage's words around the cited ones, cut at word ends. The headings that it begins with stand in its place.
export function quote(passage, citation, around) {
  const characters = Array.from(passage.text);
  const first = headEnd(passage);
  const from = citation ? citation.start - passage.start : first;
  const to = citation ? citation.end - passage.start : first;
  const left = Math.min(from, Math.max(first, citation ? wordStart(characters, from - around, from) : first));
  const right = wordEnd(characters, to + around, to);
  const text = (a, b) => characters.slice(a, b).join("").replace(/\n\s*\n/g, "\n");
  const node = el("blockquote", { class: "da-words", dir: "auto" });
  node.append(left > first ? "… " : "", text(left, from));
  if (citation) node.append(el("mark", {}, text(from, to)));
  node.append(text(to, right), right < characters.length ? " …" : "");
  return node;
}

function headEnd({ text, title, heading }) {
  const headings = [title, ...(heading || "").split(" › ")];
  let rest = text;
  for (let line; (line = /^(.*)\n+/.exec(rest)) && headings.includes(line[1].trim());) rest = rest.slice(line[0].length);
  return Array.from(text.slice(0, text.length - rest.length)).length;
}

export function wordStart(characters, wanted, limit) {
  if (wanted <= 0) return 0;
  let at = wanted;
  while (at < limit && !/\s/.test(characters[at - 1])) at += 1;
  return at;
}

export function wordEnd(characters, wanted, limit) {
  if (wanted >= characters.length) return characters.length;
  let at = wanted;
  while (at > limit && !/\s/.test(characters[at])) at -= 1;
  return at;
}

export function copyButton(answer, texts) {
  const copy = async (event) => {
    const button = event.currentTarget;
    const sources = answer.citations.map((c) => `[${c.number}] ${placeOf(c, texts)}${safeUrl(c.url) ? ` ${c.url}` : ""}`);
    await toClipboard(`${answer.text}\n\n${sources.join("\n")}\n`);
    button.textContent = texts.copied;
    setTimeout(() => { button.textContent = texts.copy; }, 1600);
  };
  return el("button", { onclick: copy }, texts.copy);
}

async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.body.appendChild(el("textarea", {}, text));
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}
