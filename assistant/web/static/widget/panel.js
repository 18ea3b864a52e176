// The panel and the bubble: elements, focus and keys. What is in the log is drawn by the talk.

import { el } from "../parts/dom.js";
import { icon } from "../parts/verdicts.js";

const CROSS = "m5 5 10 10M15 5 5 15";
const ANEW = "M16 10a6 6 0 1 1-2-4.5M16 3v3.5h-3.5";

// As in the styles: there the panel fills the screen, and is modal.
const phone = matchMedia("(max-width: 480px)");

export class Panel {
  // `on` has submit, stop, restart, opened, closed and escape; `inline` is without bubble and always open.
  constructor(settings, inline, on) {
    Object.assign(this, { inline, on });
    const { texts, title } = settings;
    const tool = (label, path, onclick) => el("button", { class: "da-tool", "aria-label": label, title: label, onclick }, icon(path));
    this.log = el("div", { class: "da-log", role: "log", "aria-live": "off", "aria-label": texts.conversation, tabindex: 0 });
    this.box = el("textarea", { rows: 1, placeholder: texts.box, "aria-label": texts.box, oninput: () => this.grow() });
    this.go = el("button", { class: "da-go" }, texts.ask);
    this.halt = el("button", { type: "button", class: "da-go da-stop", hidden: true, onclick: () => { on.stop(); this.box.focus(); } }, texts.stop);
    this.about = settings.aboutPage === "off" ? null : el("input", { type: "checkbox" });
    if (this.about) this.about.checked = settings.aboutPage === "on";
    this.status = el("p", { class: "da-unseen", role: "status" });
    const submit = (event) => { event.preventDefault(); on.submit(); };
    // The browser's own dialog gives the focus back, and holds it while it is modal.
    this.node = el(inline ? "div" : "dialog", { class: "da-panel", "aria-labelledby": inline ? null : "da-title", onkeydown: (event) => this.key(event), onclose: on.closed },
      el("header", { class: "da-top" }, el("h2", { id: "da-title", dir: "auto" }, title), tool(texts.restart, ANEW, () => { on.restart(); this.box.focus(); }),
        inline ? null : tool(texts.close, CROSS, () => this.close())),
      this.log,
      el("form", { class: "da-foot", onsubmit: submit }, el("div", { class: "da-ask" }, this.box, this.go, this.halt),
        this.about && el("label", { class: "da-about" }, this.about, texts.aboutPage)),
      this.status);
    this.bubble = inline ? null : el("button", { class: "da-bubble", dir: "auto", "aria-haspopup": "dialog", "aria-expanded": "false", onclick: () => this.isOpen ? this.close() : this.open() }, title);
  }

  get isOpen() { return this.inline || this.node.open; }

  // On its own after a page change the panel takes no focus.
  open(focus = true) {
    if (!this.isOpen) {
      this.node.inert = !focus; // a dialog focuses itself as it opens
      if (phone.matches) this.node.showModal();
      else this.node.show();
      this.node.inert = false;
      this.bubble.ariaExpanded = true;
      this.on.opened();
    }
    this.grow();
    if (focus) this.box.focus();
  }

  close() {
    if (this.inline || !this.isOpen) return;
    this.node.close();
    this.bubble.ariaExpanded = false;
    // The focus went back to where it was, unless it was nowhere.
    if (this.node.contains(this.node.getRootNode().activeElement)) this.bubble.focus();
  }

  // A link to a page of the site was followed: on a phone the panel would hide it.
  left() {
    if (phone.matches) this.close();
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey && event.target === this.box) {
      event.preventDefault();
      this.on.submit();
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (!this.on.escape()) this.close();
    }
  }

  fill(question) {
    this.box.value = question;
    this.grow();
  }

  // As high as its words, and its border.
  grow() {
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight + 3}px`;
  }

  // A turn comes to the log's end and into view.
  add(turn) {
    this.log.querySelector(".da-welcome")?.remove();
    this.log.append(turn);
    this.log.scrollTop = turn.offsetTop - 15;
  }

  busy(is, said) {
    const held = this.node.getRootNode().activeElement;
    this.go.hidden = is;
    this.halt.hidden = !is;
    if (held === this.halt || held === this.go) this.box.focus();
    this.status.textContent = said;
  }
}
