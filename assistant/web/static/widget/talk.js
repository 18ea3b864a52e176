// The conversation: what was asked and answered, what is being answered, and its drawing into the panel.

import { chip, topicChip } from "../parts/answers.js";
import { el } from "../parts/dom.js";
import { recall, remember } from "../parts/memory.js";
import { safeUrl } from "../parts/places.js";
import { connect, Refused } from "./server.js";
import { closeCard, drawTurn } from "./turn.js";

const LEANT_ON = 6; // answered turns that go along with a question

// `panel` is where it is drawn; `tell(name, detail)` tells the site and is false when the site wants to act itself.
export function talkIn(panel, settings, tell) {
  const { texts, greeting, examples, token } = settings;
  const server = connect(settings, heard);
  const kept = recall(settings.server);
  const nodes = new Map();
  let { turns, by } = kept; // what was said, and by whom, as far as the server knows them
  let shown = !by;
  let running;

  function keep(open) {
    // A page that goes in the middle of an answer: its question is asked again or changed by the person, not lost.
    const left = turns.map((turn) => ({ ...turn, stopped: !turn.answer && !turn.error, pieces: turn.draft ? [] : turn.pieces }));
    remember(settings.server, { turns: left, by, draft: panel.box.value || running?.turn.question || kept.draft, about: panel.about?.checked, open });
  }

  // Told who asks. What one person said is shown to no other, and not before it is known who is here.
  function heard(who) {
    if (by !== undefined && by !== who) {
      turns = running ? [running.turn] : [];
      kept.draft = "";
      shown = false;
    }
    by = who;
    if (!shown) show();
  }

  function show() {
    shown = true;
    closeCard(talk);
    nodes.clear();
    panel.log.replaceChildren();
    try {
      turns.forEach(draw);
    } catch {
      turns = []; // what was kept is not what it should be
      show();
    }
    panel.fill(panel.box.value || kept.draft || "");
    kept.draft = "";
  }

  function submit() {
    const question = panel.box.value.trim();
    if (question && !running) {
      panel.fill("");
      run({ question });
    }
  }

  const ask = (question) => running ? panel.fill(question) : run({ question });

  function retry(turn) {
    if (running) return;
    if (panel.box.value.trim() === turn.question) panel.fill("");
    run(turn);
  }

  const stop = () => running?.abort(null);

  async function run(turn) {
    if (panel.log.matches(":focus-within")) panel.log.focus(); // what was clicked is gone soon
    running = new AbortController();
    running.turn = turn;
    turns = [...turns.filter((other) => other !== turn), turn];
    Object.assign(turn, { pieces: [], draft: null, error: null, stopped: false });
    nodes.get(turn)?.remove();
    nodes.delete(turn);
    draw(turn);
    panel.busy(true, texts.searching);
    try {
      await (token ? server.key() : first());
      const history = turns.filter((said) => said.answer).slice(-LEANT_ON).flatMap(({ answer }) => [
        { role: "user", text: answer.standalone }, { role: "assistant", text: answer.text },
      ]);
      const page = panel.about?.checked ? { page: here() } : {};
      await hear(turn, server.ask({ question: turn.question, history, ...page }, running.signal));
    } catch (fault) {
      // Who stops an answer gives no reason.
      turn.stopped = !fault;
      if (turn.draft) turn.pieces = []; // nothing that was not judged stands
      turn.error = fault && { message: fault instanceof Refused ? fault.message : texts.failed, hint: fault.hint || "" };
      if (fault && !(fault instanceof Refused)) console.error(fault);
    }
    running = null;
    finish(turn);
  }

  async function hear(turn, events) {
    for await (const [name, data] of events) {
      if (name === "error") throw new Refused(data.error, data.hint);
      if (name === "delta") {
        if (!turn.pieces.length) turn.card = null; // a model's numbers are others than those of the quotes
        turn.pieces.push(data);
      }
      if (name === "status") turn.place = data.place;
      if (/answer|draft/.test(name)) Object.assign(turn, { pieces: [], [name]: data });
      draw(turn);
    }
    if (!turn.answer) throw new Refused(texts.failed);
  }

  function finish(turn) {
    const { answer, error } = turn;
    if (!answer && !panel.box.value) panel.fill(turn.question);
    draw(turn);
    // Told is what is drawn, verdicts and remarks too.
    panel.busy(false, [...nodes.get(turn).querySelectorAll(".da-answer > :is(p, table)")].map((node) => node.innerText).join(". "));
    if (answer) tell("answer", answer);
    if (error) tell("error", { question: turn.question, ...error });
  }

  // One turn, where it stands or at the end.
  function draw(turn) {
    if (!turns.includes(turn)) return;
    const drawn = drawTurn(turn, talk);
    const known = nodes.get(turn);
    nodes.set(turn, drawn);
    if (known) known.replaceWith(drawn);
    else panel.add(drawn);
  }

  function restart() {
    stop();
    turns = [];
    show();
    welcome();
  }

  // What can be asked, and who asks where no token says it, which may be another at each question.
  async function first() {
    const served = await (await server.send("api/widget")).json();
    if (!token) heard(served.known_as);
    return served;
  }

  // Shown before the first question.
  async function welcome() {
    const said = await first().catch(() => ({ examples: [], topics: [] }));
    if (nodes.size) return; // meanwhile something was asked, or is shown again
    const topics = examples.length ? [] : said.topics;
    panel.log.replaceChildren(el("section", { class: "da-welcome" },
      el("h3", {}, greeting || said.greeting || texts.welcome),
      el("div", { class: "da-chips" },
        ...(examples.length ? examples : said.examples).map((question) => chip(question, question, ask)),
        topics[0] ? el("p", { class: "da-lead" }, texts.topics) : null,
        ...topics.map((topic) => topicChip(topic, texts, ask))),
      el("p", { class: "da-hint" }, texts.hint)));
  }

  const talk = {
    settings, card: null, wasOpen: kept.open, keep, submit, ask, retry, stop, restart, welcome,
    edit: (question) => { panel.fill(question); panel.box.focus(); },
    leave: panel.left,
    cited: (citation) => tell("citation", citation),
    feedback: (said) => server.send("api/feedback", { ...said, page: here() }),
  };

  if (shown) show();
  if (panel.about) panel.about.checked = kept.about ?? panel.about.checked;
  return talk;
}

// The address of this page, if it has one, without its place in it, as far as the server takes it: the one that the page
// names as its own, if it is of the same host.
function here() {
  const [own, at] = [document.querySelector("link[rel=canonical]")?.href, location.href].map(safeUrl);
  return ((own && new URL(own).host === location.host ? own : at) || "").split("#")[0].slice(0, 2000);
}
