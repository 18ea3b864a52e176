// Thumbs up and down, and a word about it: sent at the click, and once more when there is a word.

import { el } from "../parts/dom.js";

const THUMB = "M7 9v8H4V9h3zm0 0 3-6c1.4 0 2.2 1 1.9 2.4L11.4 8H16a1.6 1.6 0 0 1 1.6 2l-1.4 5.6a1.9 1.9 0 0 1-1.8 1.4H7";

export function icon(path) {
  const [svg, line] = ["svg", "path"].map((name) => document.createElementNS("http://www.w3.org/2000/svg", name));
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

// Adds both thumbs to `row`; returns the place under it for the word.
export function verdicts(turn, talk, row) {
  const { texts } = talk.settings;
  const place = el("div", { class: "da-comment" });
  const said = (text) => place.replaceChildren(el("p", { role: "status" }, text));
  const comment = (words) => talk.feedback(turn, words).then(() => said(texts.thanks), () => said(texts.notSent));
  const thumbs = [["up", texts.helpful], ["down", texts.notHelpful]].map(([verdict, label]) => el("button", {
    class: `da-thumb da-${verdict}`, "aria-label": label, title: label, onclick: () => choose(verdict),
  }, icon(THUMB)));
  const show = () => thumbs.forEach((thumb) => thumb.setAttribute("aria-pressed", String(thumb.classList.contains(`da-${turn.verdict}`))));
  const choose = (verdict) => {
    turn.verdict = verdict;
    show();
    place.replaceChildren(word(texts, comment));
    talk.feedback(turn, "").catch(() => { turn.verdict = null; show(); said(texts.notSent); });
  };
  row.append(...thumbs);
  show();
  return place;
}

function word(texts, send) {
  const box = el("input", { type: "text", "aria-label": texts.comment, placeholder: texts.comment, maxlength: 1000 });
  const submit = (event) => { event.preventDefault(); if (box.value.trim()) send(box.value.trim()); };
  return el("form", { onsubmit: submit }, box, el("button", {}, texts.send));
}
