// One turn drawn: the question, and what is known of its answer. `talk` is told what a person does with it.

import { copyButton, further, listed, paragraphs, piecesOf, quote, remarks, whereOf } from "../parts/answers.js";
import { el } from "../parts/dom.js";
import { pageUrl, sourceUrl } from "../parts/places.js";
import { tabled } from "../parts/tables.js";
import { say } from "../parts/texts.js";
import { verdicts } from "../parts/verdicts.js";

const AROUND = 130, SHOWN = 180; // characters around cited words, and of a passage that was only found

export function drawTurn(turn, talk) {
  const question = el("div", { class: "da-question", dir: "auto" }, turn.question);
  return el("section", { class: "da-turn" }, question, drawAnswer(turn, talk));
}

// The text that says what kind of answer it is.
const kindOf = ({ band, writer }) => writer === "generative" && band === "answered" ? "written" : band;

function drawAnswer(turn, talk) {
  const { texts } = talk.settings;
  const { answer } = turn;
  const kind = turn.error ? "da-error" : answer ? `da-${answer.band}` : "";
  const writer = answer ? answer.writer : turn.draft && turn.pieces.length ? "generative" : "";
  const node = el("div", { class: `da-answer ${kind} da-${writer}` });
  const mark = (citation) => marker(turn, citation, talk);
  if (answer?.band === "no_question") {
    node.append(el("p", {}, texts[answer.text] || answer.text));
    return node;
  }
  // Of quotes each sentence is a paragraph; what a language model wrote keeps its own.
  const words = (pieces) => writer === "generative" ? paragraphs(pieces, mark, texts) : tabled(paragraphs(pieces, mark, texts, true));
  if (answer) {
    node.append(...head(answer, talk), ...words(piecesOf(answer)), ...remarks(answer, texts));
    node.append(...found(answer, talk), actions(turn, talk), further(answer, texts, talk.ask));
  } else {
    // The quotes stand until the words of a language model take their place.
    node.append(...words(turn.draft && !turn.pieces.length ? piecesOf(turn.draft) : turn.pieces));
    if (turn.error || turn.stopped) {
      node.append(el("p", { class: "da-band" }, el("b", {}, turn.error?.message || texts.stopped)),
        el("p", {}, `${turn.error?.hint || ""} ${texts.back}`), el("button", { onclick: () => talk.retry(turn) }, texts.tryAgain));
    } else {
      node.append(el("p", { class: "da-band da-waiting" },
        turn.place ? say(texts.waiting, { n: turn.place }) : turn.draft ? texts.writing : texts.searching));
    }
  }
  const opened = node.querySelector(`.da-cite[data-number="${turn.card}"]`);
  if (opened) openCard(opened, turn, opened.citation, talk);
  return node;
}

function head(answer, { settings: { texts }, edit }) {
  const { band, standalone } = answer;
  // What only leaves out "Thanks!" is no other question.
  const meant = !answer.question.includes(standalone);
  const searched = say(texts.searchedFor, { words: meant ? standalone : answer.searched_for });
  const lines = [el("p", { class: "da-band" }, el("b", {}, texts[kindOf(answer)]),
    band === "answered" || meant ? null : el("span", {}, searched))];
  // A follow-up was searched for with its topic: the whole of it is shown, and goes back into the box to be changed.
  if (meant) {
    lines.push(el("p", { class: "da-understood" }, searched, " ",
      el("button", { class: "da-edit", onclick: () => edit(standalone) }, texts.edit)));
  }
  if (band !== "answered" && answer.writer !== "generative") {
    lines.push(el("p", {}, band === "uncertain" ? texts.closest : texts.notFound));
  }
  return lines;
}

// --- citations ------------------------------------------------------------------------------------------------------

function marker(turn, citation, talk) {
  const where = whereOf(citation);
  const toggle = (event) => {
    const button = event.currentTarget;
    const opened = button.ariaExpanded === "true";
    closeCard(talk);
    if (opened || !talk.cited(citation)) return;
    turn.card = citation.number;
    openCard(button, turn, citation, talk);
    talk.card.node.scrollIntoView({ block: "nearest" });
  };
  return Object.assign(el("button", {
    class: "da-cite", "data-number": citation.number, "aria-expanded": "false", title: where,
    "aria-label": say(talk.settings.texts.source, { n: citation.number, where }), onclick: toggle,
  }, String(citation.number)), { citation });
}

// The card opens under the sentence that it belongs to, so that it is also the next thing for a keyboard or a reader.
function openCard(button, turn, citation, talk) {
  const passage = turn.answer?.passages.find((one) => one.id === citation.passage) || { ...citation, text: citation.quote };
  const node = card(citation, passage, citation, talk);
  closeCard(talk);
  node.id = "da-card";
  node.classList.add("da-on");
  button.classList.add("da-on");
  button.ariaExpanded = true;
  button.setAttribute("aria-controls", node.id);
  button.closest("p, table").after(node);
  turn.card = citation.number;
  talk.card = { node, button, turn };
}

export function closeCard(talk) {
  if (!talk.card) return false;
  const { node, button, turn } = talk.card;
  node.remove();
  button.classList.remove("da-on");
  button.ariaExpanded = false;
  button.removeAttribute("aria-controls");
  turn.card = talk.card = null;
  if (node.contains(node.getRootNode().activeElement)) button.focus();
  return button;
}

function card(place, passage, citation, talk) {
  const { texts } = talk.settings;
  const where = listed(" · ", place.heading || place.document, place.page && say(texts.page, { n: place.page }));
  const cut = quote(passage, citation, citation ? AROUND : SHOWN);
  const links = el("div", { class: "da-links" }, link(place, talk.settings, talk));
  const all = quote(passage, citation, Infinity);
  if (cut.textContent !== all.textContent) {
    const whole = (event) => { cut.replaceWith(all); event.currentTarget.remove(); };
    links.append(el("button", { class: "da-edit", onclick: whole }, texts.wholePassage));
  }
  return el("article", { class: "da-source" }, el("h3", { dir: "auto" }, place.title), el("div", { class: "da-place", dir: "auto" }, where), cut, links);
}

// A page of this site opens in its place, as the conversation goes along; any other beside it. To our own page there is
// no link where its readers are known by tokens alone, which a link does not bring.
function link(place, { texts, server, sourcePages }, talk) {
  const page = pageUrl(place);
  if (!page && sourcePages === false) return null;
  const href = page || sourceUrl(place, server);
  const here = page && window === window.top && new URL(page).origin === location.origin;
  return el("a", { href, rel: "noopener", target: here ? null : "_blank", class: "da-go-there", onclick: here ? talk.leave : null },
    page ? texts.openPage : texts.inDocument);
}

function found(answer, talk) {
  const { texts } = talk.settings;
  const cited = new Set(answer.citations.map((citation) => citation.passage));
  const others = answer.passages.filter((passage) => !cited.has(passage.id)).slice(0, 4);
  if (!others.length) return [];
  const none = answer.band === "not_found";
  const summary = el("summary", {}, none ? texts.closestPassages : `${texts.alsoFound} (${others.length})`);
  return [el("details", { class: "da-more", open: none }, summary, ...others.map((one) => card(one, one, null, talk)))];
}

function actions(turn, talk) {
  const { texts } = talk.settings;
  const row = el("div", { class: "da-actions" }, turn.answer.citations.length ? copyButton(turn.answer, texts) : null);
  return el("div", {}, row, verdicts(turn, texts, talk.feedback, row));
}
