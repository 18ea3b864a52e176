// The turns of the conversation, each drawn from what is known of it.

import { box, fill } from "./box.js";
import { fate, page, texts, turns } from "./page.js";
import { copyButton, further, remarks, whereOf } from "./parts/answers.js";
import { el } from "./parts/dom.js";
import { sourceUrl } from "./parts/places.js";
import { say } from "./parts/texts.js";
import { verdicts } from "./parts/verdicts.js";
import { clearSources, renewSources, showSources, shownOf } from "./sources.js";
import { showCode, streamed, wordsOf } from "./words.js";

export function showTurn(turn) {
  const known = turns.get(turn.turn);
  turns.set(turn.turn, turn);
  const answer = drawAnswer(turn);
  if (known) {
    const drawn = document.getElementById(`answer-${turn.turn}`);
    const { number } = drawn.contains(document.activeElement) ? document.activeElement.dataset : {};
    drawn.replaceWith(answer);
    if (number) answer.querySelector(`[data-number="${number}"]`)?.focus({ preventScroll: true });
  } else {
    page.log.querySelector(".da-welcome")?.remove();
    const parts = turn.question ? [el("div", { class: "da-question", dir: "auto" }, turn.question), answer] : [answer];
    page.log.append(el("section", { class: "da-turn", id: `turn-${turn.turn}` }, ...parts));
  }
  if (!known) {
    document.documentElement.classList.remove("da-sheet");
    document.getElementById(`turn-${turn.turn}`).scrollIntoView({ block: "start" });
  }
  if (turn.answer?.citations.length || turn.answer?.passages.length) {
    if (turn.draft) page.open = null; // its sources may be others
    showSources(turn.turn, null);
  } else if (turn.answer || turn.error) clearSources();
  else if (turn.draft && !known?.draft) showSources(turn.turn, null);
  else if (page.open === turn.turn && citedBy(known) !== citedBy(turn)) renewSources();
}

const citedBy = (turn) => JSON.stringify(shownOf(turn).citations);

export function drawAnswer(turn) {
  const band = turn.answer?.band;
  const mark = (citation) => marker(turn, citation);
  const written = !turn.error && (turn.answer ? turn.answer.writer === "generative" : turn.draft && turn.pieces.length);
  const box = el("div", { class: `da-answer ${band ? `da-${band}` : ""} ${written ? "da-generative" : ""} ${turn.error ? "da-error" : ""}`, id: `answer-${turn.turn}` });
  if (turn.error) {
    box.append(el("p", { class: "da-band", role: "alert" }, el("b", {}, turn.error.message)), el("p", {}, turn.error.hint));
    return box;
  }
  if (!turn.answer) {
    // While a language model writes, too: it may pause, and what it wrote so far is not the whole.
    if (turn.draft || !turn.pieces.length) box.append(el("p", { class: "da-band da-waiting" }, turn.status?.message || "…"));
    // The quotes stand until the words of a language model take their place.
    box.append(...(turn.pieces.length || !turn.draft ? streamed(turn.pieces, mark, written) : wordsOf(turn.draft, mark)));
    if (written) box.querySelectorAll("p.da-words").forEach(showCode);
    return box;
  }
  const answer = turn.answer;
  if (band === "no_question") {
    box.append(el("p", {}, answer.text));
    return box;
  }
  // What only leaves out "Thanks!" is no other question.
  const meant = !answer.question.includes(answer.standalone);
  const searched = meant ? null : el("span", {}, say(texts.searchedFor, { words: answer.searched_for }));
  const aside = band === "answered" ? el("span", {}, texts.passages(answer.passages.length, texts.time(answer.seconds))) : searched;
  box.append(el("p", { class: "da-band" }, el("b", {}, texts[written && band === "answered" ? "written" : band]), aside));
  if (meant) box.append(understood(answer));
  if (band === "not_found") box.append(el("p", {}, texts.notFound), ...remarks(answer, texts));
  else {
    if (band === "uncertain" && !written) box.append(el("p", {}, texts.closest));
    box.append(...wordsOf(answer, mark), ...remarks(answer, texts));
  }
  if (answer.citations.some((citation) => fate(turn, citation))) {
    box.append(el("p", { class: "da-old" }, texts.oldSources, " ",
      el("button", { type: "button", onclick: () => page.ask(turn.asked) }, texts.askAgain)));
  }
  if (written) box.querySelectorAll("p.da-words").forEach(showCode);
  box.append(...actions(turn), further(answer, texts, page.ask));
  return box;
}

// A follow-up was searched for with its topic: the whole of it is shown, and goes back into the box to be changed.
function understood(answer) {
  const edit = () => { fill(answer.standalone); box().focus(); };
  return el("p", { class: "da-understood" }, say(texts.searchedFor, { words: answer.standalone }), " ",
    el("button", { type: "button", class: "da-edit", onclick: edit }, texts.edit));
}

function marker(turn, citation) {
  const where = whereOf(citation);
  return el("a", {
    class: "da-cite", href: sourceUrl(citation, document.baseURI), "data-turn": turn.turn, "data-number": citation.number,
    "aria-label": say(texts.source, { n: citation.number, where }), title: where,
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
    row.append(copyButton(turn.answer, texts));
  }
  if (turn.answer.passages.length) {
    row.append(el("button", {
      type: "button", class: "da-open-sources",
      onclick: (event) => { page.opener = event.currentTarget; showSources(turn.turn, turn.answer.citations[0]?.number || 0); },
    }, turn.answer.citations.length ? texts.sourcesButton(turn.answer.citations.length) : texts.passagesButton(turn.answer.passages.length)));
  }
  return [row, verdicts(turn, texts, feedback, row)];
}

async function feedback(said) {
  const response = await fetch(new URL("api/feedback", document.baseURI), {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(said),
  });
  if (!response.ok) throw new Error(response.statusText);
}
