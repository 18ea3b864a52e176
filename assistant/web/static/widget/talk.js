// The conversation: what was asked and answered, what is being answered, and its drawing into the panel.

import { el } from "../parts/dom.js";
import { say } from "../parts/texts.js";
import { recall, remember } from "./memory.js";
import { Refused, Server } from "./server.js";
import { closeCard, drawTurn } from "./turn.js";

const LEANT_ON = 6; // answered turns that go along with a question

export class Talk {
  // `panel` is where it is drawn; `tell(name, detail)` tells the site and is false when the site wants to act itself.
  constructor(settings, panel, tell) {
    const kept = recall(settings.server);
    Object.assign(this, { settings, panel, tell, kept, turns: kept.turns, running: null, card: null, nodes: new Map(), server: new Server(settings) });
    try {
      this.turns.forEach((turn) => this.draw(turn));
    } catch {
      this.restart(); // what was kept is not what it should be
    }
    panel.fill(kept.draft || (this.turns.at(-1)?.stopped ? this.turns.at(-1).question : ""));
    if (panel.about) panel.about.checked = kept.about ?? panel.about.checked;
  }

  keep(open) {
    const { panel: { box, about } } = this;
    // A page that goes in the middle of an answer: its question is asked again or changed by the person, not lost.
    const turns = this.turns.map((turn) => ({ ...turn, stopped: !turn.answer && !turn.error }));
    remember(this.settings.server, { turns, draft: box.value, about: about?.checked, open });
  }

  edit = (question) => { this.panel.fill(question); this.panel.box.focus(); };

  leave = () => this.panel.left();

  cited = (citation) => this.tell("citation", citation);

  async submit() {
    const question = this.panel.box.value.trim();
    if (!question || this.running) return;
    this.panel.fill("");
    await this.ask(question);
  }

  async ask(question) {
    if (this.running) { this.panel.fill(question); return; }
    const turn = { question };
    this.turns.push(turn);
    await this.run(turn);
  }

  async retry(turn) {
    if (this.running) return;
    if (this.panel.box.value.trim() === turn.question) this.panel.fill("");
    this.turns = [...this.turns.filter((other) => other !== turn), turn];
    await this.run(turn);
  }

  stop() {
    this.running?.abort(null);
  }

  async run(turn) {
    const { texts } = this.settings;
    const stop = this.running = new AbortController();
    Object.assign(turn, { pieces: [], error: null, stopped: false });
    const history = this.turns.filter((said) => said.answer).slice(-LEANT_ON).flatMap(({ answer }) => [
      { role: "user", text: answer.standalone }, { role: "assistant", text: answer.text },
    ]);
    const page = this.panel.about?.checked ? { page: here() } : {};
    this.nodes.get(turn)?.remove();
    this.nodes.delete(turn);
    this.draw(turn);
    this.panel.busy(true, texts.searching);
    try {
      await this.hear(turn, this.server.ask({ question: turn.question, history, ...page }, stop.signal));
    } catch (fault) {
      // Who stops an answer gives no reason.
      turn.stopped = !fault;
      turn.error = fault && { message: fault instanceof Refused ? fault.message : texts.failed, hint: fault.hint || "" };
      if (fault && !(fault instanceof Refused)) console.error(fault);
    }
    this.running = null;
    this.finish(turn);
  }

  async hear(turn, events) {
    const { texts } = this.settings;
    for await (const [name, data] of events) {
      if (name === "error") throw new Refused(data.error, data.hint);
      if (name === "answer") Object.assign(turn, { answer: data, pieces: [] });
      if (name === "delta") {
        turn.pieces.push(data);
        this.draw(turn);
      }
    }
    if (!turn.answer) throw new Refused(texts.failed);
  }

  finish(turn) {
    const { texts } = this.settings;
    const { answer, error } = turn;
    if (!answer && !this.panel.box.value) this.panel.fill(turn.question);
    this.draw(turn);
    this.panel.busy(false, answer ? `${texts[answer.band]}. ${answer.text}` : error ? `${error.message} ${error.hint}` : texts.stopped);
    if (answer) this.tell("answer", answer);
    if (error) this.tell("error", { question: turn.question, ...error });
  }

  // One turn, where it stands or at the end.
  draw(turn) {
    if (!this.turns.includes(turn)) return;
    const drawn = drawTurn(turn, this);
    const known = this.nodes.get(turn);
    this.nodes.set(turn, drawn);
    if (known) known.replaceWith(drawn);
    else this.panel.add(drawn);
  }

  restart() {
    this.stop();
    closeCard(this);
    this.turns = [];
    this.nodes.clear();
    this.panel.log.replaceChildren();
    this.welcome();
  }

  // Shown before the first question; what can be asked comes from the server when the panel is first opened.
  async welcome() {
    const { texts, greeting, examples } = this.settings;
    if (this.turns.length) return;
    const served = await (this.served ??= this.server.send("api/widget").then((response) => response.json()).catch(() => ({ greeting: "", examples: [], topics: [] })));
    if (this.turns.length) return;
    const chip = (label, question, style) =>
      el("button", { class: `da-chip ${style}`, onclick: () => this.ask(question) }, label);
    const topics = examples.length ? [] : served.topics;
    this.panel.log.replaceChildren(el("section", { class: "da-welcome" },
      el("h3", {}, greeting || served.greeting || texts.welcome),
      el("div", { class: "da-chips" },
        ...(examples.length ? examples : served.examples).map((question) => chip(question, question, "")),
        topics.length ? el("p", { class: "da-lead" }, texts.topics) : null,
        ...topics.map((topic) => chip(topic, say(texts.topicQuestion, { topic }), "da-words"))),
      el("p", { class: "da-hint" }, texts.hint)));
  }

  feedback(turn, comment) {
    const { answer, verdict } = turn;
    const passages = answer.passages.map((passage) => passage.id);
    // Under an id of its own, so that the word takes the place of the thumb alone.
    turn.id ??= Math.random().toString(36).slice(2).padEnd(12, "0");
    return this.server.send("api/feedback", {
      id: turn.id, verdict, comment, question: turn.question, text: answer.text, passages, generation: answer.generation, page: here(),
    });
  }
}

// The address of this page, without its place in it, as far as the server takes it.
const here = () => location.href.split("#")[0].slice(0, 2000);
