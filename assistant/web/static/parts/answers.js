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
    if (pieces.length) pieces.push({ text: slice(answer.text, last, sentence.start).includes("\n") ? "\n\n" : " " });
    pieces.push({ text: slice(answer.text, sentence.start, sentence.end), support: sentence.support });
    for (const number of sentence.citations) pieces.push({ text: `[${number}]`, citation: byNumber.get(number) });
    last = sentence.end;
  }
  return pieces;
}

// What is said, and not only drawn, of a sentence that the sources do not bear out, or only in part.
const doubt = (support, texts) => texts[`${support}Said`]?.replace(/.+/, "[$&] ");

// Paragraphs of words, with `marker(citation)` after a sentence, and a mark under what the sources do not bear out, or only
// in part. `apart` gives each sentence a paragraph of its own.
export function paragraphs(pieces, marker, texts, apart) {
  const found = [];
  let current, marked;
  for (const { text, citation, support } of pieces) {
    if (!citation && (text === "\n\n" || apart && marked)) {
      marked = current = null;
      if (!text.trim()) continue;
    }
    if (!current) found.push(current = el("p", { class: "da-words", dir: "auto" }));
    if (citation) hold(current, marker(citation));
    else current.append(support ? el("span", { class: `da-${support}`, title: texts[support] }, doubt(support, texts) && el("span", { class: "da-unseen" }, doubt(support, texts)), text) : text);
    marked = Boolean(citation);
  }
  return found;
}

// A marker stays on the line of the word before it.
function hold(paragraph, marker) {
  const end = paragraph.lastChild;
  const text = end?.localName === "span" ? end.lastChild : end;
  const last = /\S{1,24}$/.exec(text?.data || "");
  if (!last) { paragraph.append(marker); return; }
  text.data = text.data.slice(0, last.index);
  text.after(el("span", { class: "da-held" }, last[0], marker));
}

export const listed = (between, ...parts) => parts.filter(Boolean).join(between);

export const whereOf = (citation) => listed(", ", citation.title, citation.heading);

export const placeOf = (place, texts) =>
  listed(" · ", listed(" › ", place.document, place.heading), place.page && say(texts.page, { n: place.page }), place.date && day(place.date, texts));

// Two sources say the same but for a number or a date: which they are, and of which day they say they are. Of what is to
// be compared, what nothing was found about. Of a language model's sentences, that some are not borne out, or only in part,
// or were left out, or are not all; or why it wrote none, which the server says in English.
export function remarks({ missing, conflict, citations, sentences, left_out: left, fallback, notice }, texts) {
  const told = citations.filter(({ number }) => conflict?.includes(number))
    .map(({ number, title, date }) => listed(", ", `[${number}] ${title}`, date && day(date, texts)));
  return [missing && say(texts.missing, { what: missing }), told.length && listed(" ", texts.differ, told.join(" · ")),
    ...["unsupported", "partly"].map((kind) => sentences.some(({ support }) => support === kind) && texts[kind]), left && say(texts.leftOut, { n: left }),
    fallback && (texts.fallback || fallback), notice && (texts.notice || notice)]
    .filter(Boolean).map((remark) => el("p", { class: remark === texts.partly ? "da-legend" : "da-differ" }, remark));
}

// The passage's words around the cited ones, cut at word ends. The headings that it begins with stand in its place.
export function quote(passage, citation, around) {
  const characters = Array.from(passage.text);
  const first = headEnd(passage);
  const [from, to] = citation ? [citation.start, citation.end].map((offset) => offset - passage.start) : [first, first];
  const left = Math.min(from, Math.max(first, wordStart(characters, from - around, from)));
  const right = wordEnd(characters, to + around, to);
  const text = (a, b) => characters.slice(a, b).join("").replace(/\n\s*\n/g, "\n");
  return el("blockquote", { class: "da-words", dir: "auto" }, left > first ? "… " : "", text(left, from),
    citation && el("mark", {}, text(from, to)), text(to, right), right < characters.length ? " …" : "");
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

// A question that is asked when it is clicked.
export const chip = (label, question, ask, style = "") => el("button", { type: "button", class: `da-chip ${style}`, onclick: () => ask(question) }, label);

// A topic may be a question by itself.
export const topicChip = (topic, texts, ask) => chip(topic, /\?$/.test(topic) ? topic : say(texts.topicQuestion, { topic }), ask, "da-words");

// Questions to go on with, under the last answer only.
export const further = ({ suggestions }, texts, ask) => suggestions?.length
  ? el("div", { class: "da-chips da-further", "aria-label": texts.further, role: "group" }, ...suggestions.map((question) => chip(question, question, ask))) : "";

export function copyButton(answer, texts) {
  const copy = async (event) => {
    const button = event.currentTarget;
    const sources = answer.citations.map((c) => `[${c.number}] ${placeOf(c, texts)}${safeUrl(c.url) ? ` ${c.url}` : ""}`);
    const words = piecesOf(answer).map(({ text, citation, support }) => (citation ? " " : doubt(support, texts) || "") + text);
    await toClipboard([words.join(""), ...remarks(answer, texts).map((p) => p.textContent), sources.join("\n")].join("\n\n") + "\n");
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
