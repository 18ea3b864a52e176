// The chat page: the conversation with the server. It is told what to show and holds nothing but that.
// Every text of a document or a person goes in by textContent.

import { box, fill, putBack } from "./box.js";
import { checkSources } from "./older.js";
import { page, texts, turns } from "./page.js";
import { chip, topicChip } from "./parts/answers.js";
import { el } from "./parts/dom.js";
import { ANEW, icon } from "./parts/icons.js";
import { recall, remember } from "./parts/memory.js";
import { clearSources, drawSources } from "./sources.js";
import { watchState } from "./state.js";
import { isOpen, showStop, stop, stopped } from "./stopping.js";
import { showTurn } from "./turns.js";

const PATIENCE = 2000; // milliseconds without a word of the server before it is looked for
const LOST = 30_000; // and without one about an answer, of which it speaks every second, before that is given up
const SLOW = 500; // milliseconds without an answer before it can be stopped
const PLACE = "chat", TURNS = 30; // what the conversation is kept by, and how much of it

let first = null; // what can be asked, shown while nothing is
let { by } = recall(PLACE); // whose conversation it is, as far as the server knows who asks
let told = null; // what readers of screens are told

export function log(element, props, watch, trigger) {
  page.send = (question) => trigger("submit", question);
  page.halt = (turns) => trigger("stop", { turns });
  page.ask = ask;
  page.listen = () => trigger("retry");
  page.log = element.querySelector(".da-log") || element;
  page.log.setAttribute("role", "log");
  page.log.setAttribute("aria-label", "Conversation");
  page.log.setAttribute("aria-live", "off"); // an answer is told once, when it is whole
  page.log.tabIndex = 0;
  told = page.log.parentNode.appendChild(el("p", { class: "da-unseen", role: "status" }));
  const update = () => {
    const value = props.value;
    if (value?.turn) heard(value);
    else if (value?.topics) {
      known(value.known_as);
      first = value;
      if (!turns.size) showWelcome(value);
    }
  };
  update();
  watch("value", update);
  begin();
}

// What one person said is shown to no other; `asked` is the turn of who is here now, if there is one.
function known(who, asked) {
  if (by !== undefined && by !== who) {
    remember(PLACE, { turns: [] });
    if (turns.size) restart(asked);
  }
  by = who;
}

function showWelcome({ topics, examples }) {
  const chips = [
    ...examples.map((question) => chip(question, question, askFirst)),
    ...(topics.length ? [el("p", { class: "da-lead" }, texts.topics)] : []),
    ...topics.map((topic) => topicChip(topic, texts, askFirst)),
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
  if (page.log.contains(document.activeElement)) page.log.focus({ preventScroll: true }); // what was clicked is gone soon
  showTurn({ turn, asked: question, question: question.trim().slice(0, 4000), pieces: [], status: { message: texts.searching } });
  page.send({ turn, question, history, known_as: by });
  setTimeout(() => missAnswer(turn), PATIENCE);
  setTimeout(showStop, SLOW);
}

// Gradio brings the parts of the page one after another. What was said before comes before what is sent now, once it is
// known who is here, if somebody was known who said it.
function begin() {
  if (!page.sources || !box() || by !== undefined && !first) { requestAnimationFrame(begin); return; }
  restore();
  addEventListener("pagehide", keep);
  window.daSending.to(submit);
  document.addEventListener("click", (event) => { if (event.target.closest?.("#da-stop")) stop(); }); // it may come last
}

function heard(turn) {
  const { asked, halted } = turns.get(turn.turn) || { halted: true };
  if (halted) return;
  known(turn.known_as, turn.turn);
  showTurn({ ...turn, asked, heard: Date.now() });
  if (!isOpen(turn)) tell(turn);
  if (!isOpen(turn)) showStop();
  if (turn.error) putBack(asked);
  if (turn.answer && turn.answer.generation !== page.generation) page.refresh?.();
}

// What is drawn, verdicts and remarks too.
function tell({ turn }) {
  const parts = document.querySelectorAll(`#answer-${turn} > :is(p, table)`);
  told.textContent = [...parts].map((part) => part.innerText).join(". ");
}

// No word of the server for a while: it is not there, or it is slow, which is no fault, or it speaks to nobody: Gradio
// counts on its stream of messages when it is just ending. An event that does nothing opens it again. An answer that has
// begun may have been lost with its server, too, when that is there again.
async function missAnswer(id) {
  const turn = turns.get(id);
  if (!turn || !isOpen(turn)) return;
  const silent = Date.now() - (turn.heard || Date.now());
  const there = turn.heard && silent < PATIENCE
    || await fetch(new URL("health", document.baseURI)).then((response) => response.ok, () => false);
  if (there && silent < LOST) {
    if (!turn.heard) page.listen();
    setTimeout(() => missAnswer(id), PATIENCE);
    return;
  }
  if (turns.get(id) !== turn) return; // answered meanwhile, or its conversation has ended
  showTurn({ ...turn, heard: true, error: { message: texts.noServer, hint: `${texts.back} ${texts.noServerHint}` } });
  showStop();
  putBack(turn.asked);
  page.refresh?.();
}

// The conversation stays in the tab over a reload, also over that of Gradio when the server is back. A question that was
// not answered by then is back in the box.
function keep() {
  const all = [...turns.values()];
  const draft = box().value || all.findLast(isOpen)?.asked || "";
  remember(PLACE, { turns: all.map((turn) => ({ ...(isOpen(turn) ? stopped(turn, draft) : turn), fates: undefined })), by, draft }, TURNS);
}

function restore() {
  const kept = recall(PLACE);
  try {
    kept.turns.forEach(showTurn);
  } catch {
    restart(); // what was kept is not what it should be
  }
  if (kept.draft) putBack(kept.draft);
  if (page.generation) checkSources();
}

// An answer that is still coming is not shown any more, and written no further, but for one that stays.
function restart(staying) {
  const stays = turns.get(staying);
  page.halt([...turns.values()].filter(isOpen).map(({ turn }) => turn).filter((turn) => turn !== staying));
  turns.clear();
  showStop();
  page.log.replaceChildren();
  clearSources();
  if (stays) showTurn(stays);
  else if (first) showWelcome(first);
  keep();
  if (!stays) box().focus();
}

const askFirst = (question) => window.daSending.whole(() => ask(question));

function ask(question) {
  const typed = box().value;
  fill(question);
  submit();
  fill(typed);
}

export function sources(element) {
  drawSources(element);
}

export function header(element) {
  const bar = element.querySelector(".da-header") || element;
  const tools = bar.appendChild(el("div", { class: "da-tools" }));
  page.refresh = watchState(tools, (generation) => { page.generation = generation; checkSources(); });
  tools.append(
    el("button", { type: "button", class: "da-tool", "aria-label": texts.restart, title: texts.restart, onclick: () => window.daSending.whole(() => restart()) }, icon(ANEW)),
    el("button", { type: "button", class: "da-theme", "aria-label": texts.theme, title: texts.theme, onclick: () => window.daTheme.toggle() }, "◐"));
}
