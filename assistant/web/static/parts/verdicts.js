// What a reader says of an answer: thumbs up or down, and a word about it, sent at the click and once more with the word.

import { el } from "./dom.js";

const THUMB = "M7 9v8H4V9h3zm0 0 3-6c1.4 0 2.2 1 1.9 2.4L11.4 8H16a1.6 1.6 0 0 1 1.6 2l-1.4 5.6a1.9 1.9 0 0 1-1.8 1.4H7";

export function icon(path) {
  const [svg, line] = ["svg", "path"].map((name) => document.createElementNS("http://www.w3.org/2000/svg", name));
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

// Adds both thumbs to `row`; returns the place under it for the word. `send(comment)` keeps what `turn` and the word say.
export function verdicts(turn, texts, send, row) {
  const place = el("div", { class: "da-comment" });
  const said = el("p", { role: "status" });
  const tell = (comment) => send(comment).then(() => true, () => false)
    .then((kept) => { said.textContent = kept ? texts.thanks : texts.notSent; return kept; });
  const thumbs = [["up", texts.helpful], ["down", texts.notHelpful]].map(([verdict, label]) => el("button", {
    type: "button", class: `da-thumb da-${verdict}`, "aria-label": label, title: label, onclick: () => choose(verdict),
  }, icon(THUMB)));
  const show = () => thumbs.forEach((thumb) => thumb.setAttribute("aria-pressed", String(thumb.classList.contains(`da-${turn.verdict}`))));
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

function word(texts, tell) {
  const box = el("input", { type: "text", "aria-label": texts.comment, placeholder: texts.comment, maxlength: 1000 });
  const submit = (event) => {
    event.preventDefault();
    if (box.value.trim()) tell(box.value.trim()).then((kept) => kept && form.remove());
  };
  const form = el("form", { onsubmit: submit }, box, el("button", {}, texts.send));
  return form;
}
