// What a reader says of an answer: up or down, and a word if wanted. The turn remembers it while the page lasts.

import { texts } from "./page.js";
import { el } from "./parts/dom.js";

const THUMB = "M7 11v9H4v-9h3zm0 0 4-8c1.6 0 2.6 1.2 2.3 2.8L12.6 9H19c1.2 0 2 1 1.8 2.2l-1.2 7c-.2 1-1 1.8-2 1.8H7";

function thumb() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "path")).setAttribute("d", THUMB);
  return svg;
}

// The two buttons for a turn that has its answer, and the form that one of them opens.
export function thumbs(turn) {
  const group = el("div", { class: "da-thumbs", role: "group", "aria-label": texts.wasItGood });
  const said = el("span", { role: "status" });
  const button = (verdict, name) => el("button", {
    type: "button", class: `da-${verdict}`, "aria-label": name, title: name, "aria-pressed": String(turn.verdict === verdict),
    onclick: () => choose(verdict),
  }, thumb());
  const buttons = { up: button("up", texts.good), down: button("down", texts.bad) };
  const choose = async (verdict) => {
    turn.verdict = verdict;
    for (const [each, node] of Object.entries(buttons)) node.setAttribute("aria-pressed", String(each === verdict));
    group.querySelector("form")?.remove();
    said.textContent = await send(turn, "");
    if (turn.verdict === verdict && !group.querySelector("form")) group.append(form(turn, said));
  };
  group.append(buttons.up, buttons.down, said);
  return group;
}

function form(turn, said) {
  const word = el("input", { type: "text", maxlength: "2000", "aria-label": texts.comment, placeholder: texts.comment });
  const node = el("form", { onsubmit: async (event) => {
    event.preventDefault();
    if (!word.value.trim()) return;
    said.textContent = await send(turn, word.value.trim());
    if (said.textContent === texts.thanks) node.remove();
  } }, word, el("button", { type: "submit" }, texts.send));
  return node;
}

// Sends it under the turn's id, so that a second thought takes the place of the first. What became of it, in words.
async function send(turn, comment) {
  const { question, text, passages, generation } = turn.answer;
  const body = { id: turn.turn, verdict: turn.verdict, comment, question, text, passages: passages.map((passage) => passage.id), generation };
  try {
    const response = await fetch(new URL("api/feedback", document.baseURI), {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
    });
    if (response.ok) return texts.thanks;
    const { error, hint } = await response.json();
    return `${error} ${hint}`;
  } catch {
    return texts.notSent;
  }
}
