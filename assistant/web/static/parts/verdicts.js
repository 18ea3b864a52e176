// What a reader says of an answer: thumbs up or down, and a word about it, sent at the click and once more with the word.

import { el } from "./dom.js";
import { icon, THUMB } from "./icons.js";

// Adds both thumbs to `row`; returns the place under it for the word. `post(said)` sends it to POST /api/feedback.
export function verdicts(turn, texts, post, row) {
  const place = el("div", { class: "da-comment" });
  const said = el("p", { role: "status" });
  const tell = (comment) => post(remark(turn, comment)).then(() => true, () => false)
    .then((kept) => { said.textContent = kept ? texts.thanks : texts.notSent; return kept; });
  const thumbs = [["up", texts.helpful], ["down", texts.notHelpful]].map(([verdict, label]) => el("button", {
    class: `da-thumb da-${verdict}`, "aria-label": label, title: label, onclick: () => choose(verdict),
  }, icon(THUMB)));
  const show = () => thumbs.forEach((thumb) => { thumb.ariaPressed = thumb.classList.contains(`da-${turn.verdict}`); });
  const choose = (verdict) => {
    turn.verdict = verdict;
    show();
    place.replaceChildren(said, word(texts, tell));
    tell("");
  };
  row.append(...thumbs);
  show();
  return place;
}

// Said under an id of its own, so that the word takes the place of the thumb alone, and a second thought that of the first.
function remark(turn, comment) {
  const { question, text, passages, generation } = turn.answer;
  turn.id ??= Math.random().toString(36).slice(2).padEnd(12, "0");
  return { id: turn.id, verdict: turn.verdict, comment, question, text, passages: passages.map((passage) => passage.id), generation };
}

function word(texts, tell) {
  const box = el("input", { type: "text", "aria-label": texts.comment, placeholder: texts.comment, maxlength: 1000 });
  const submit = (event) => {
    event.preventDefault();
    if (box.value.trim()) tell(box.value.trim()).then((kept) => kept && form.remove());
  };
  const form = el("form", { onsubmit: submit }, box, el("button", {}, texts.send));
  return form;
}
