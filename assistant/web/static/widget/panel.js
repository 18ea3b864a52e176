// The panel and the bubble: elements, focus and keys. What is in the log is drawn by the talk.

import { el } from "../parts/dom.js";
import { icon } from "./verdicts.js";

const BUBBLE = "M3 5.500A2.500 2.500 0 0 1 5.500 3h9A2.500 2.500 0 0 1 17 5.500v6a2.500 2.500 0 0 1-2.500 2.500H9l-4 3v-3A2.500 2.500 0 0 1 3 11.500z";
const CROSS = "m5 5 10 10M15 5 5 15";
const ANEW = "M16 10a6 6 0 1 1-2-4.500M16 3v3.500h-3.500";

// As in the styles: there the panel fills the screen and is modal.
const phone = matchMedia("(max-width: 480px)");

export class Panel {
  // `on` has submit, stop, restart, opened, closed and escape; `inline` is without bubble and always open.
  constructor(settings, inline, on) {
    Object.assign(this, { inline, on, opener: null });
    const { texts, title } = settings;
    const tool = (label, path, onclick) => el("button", { type: "button", class: "da-tool", "aria-label": label, title: label, onclick }, icon(path));
    this.log = el("div", { class: "da-log", role: "log", "aria-live": "off", "aria-label": texts.conversation, tabindex: 0 });
    this.box = el("textarea", { rows: 1, placeholder: texts.box, "aria-label": texts.box, oninput: () => this.grow() });
    this.go = el("button", { type: "submit", class: "da-go" }, texts.ask);
    this.halt = el("button", { type: "button", class: "da-go da-stop", hidden: true, onclick: () => { on.stop(); this.box.focus(); } }, texts.stop);
    this.about = settings.aboutPage === "off" ? null : el("input", { type: "checkbox" });
    if (this.about) this.about.checked = settings.aboutPage === "on";
    this.status = el("p", { class: "da-unseen", role: "status" });
    const submit = (event) => { event.preventDefault(); on.submit(); };
    this.node = el("div", { class: "da-panel", role: inline ? null : "dialog", "aria-labelledby": inline ? null : "da-title", hidden: !inline, onkeydown: (event) => this.key(event) },
      el("header", { class: "da-top" }, el("h2", { id: "da-title", dir: "auto" }, title), tool(texts.restart, ANEW, () => { on.restart(); this.box.focus(); }),
        inline ? null : tool(texts.close, CROSS, () => this.close())),
      this.log,
      el("form", { class: "da-foot", onsubmit: submit }, el("div", { class: "da-ask" }, this.box, this.go, this.halt),
        this.about && el("label", { class: "da-about" }, this.about, texts.aboutPage)),
      this.status);
    this.bubble = inline ? null : el("button", { type: "button", class: "da-bubble", "aria-haspopup": "dialog", "aria-expanded": "false", onclick: () => this.toggle() }, icon(BUBBLE), el("span", { dir: "auto" }, title));
  }

  get isOpen() { return !this.node.hidden; }

  toggle() {
    if (this.isOpen) this.close();
    else this.open();
  }

  open(focus = true) {
    if (!this.inline && !this.isOpen) {
      this.opener = document.activeElement;
      this.node.hidden = false;
      this.bubble.setAttribute("aria-expanded", "true");
      if (phone.matches) this.node.setAttribute("aria-modal", "true");
      else this.node.removeAttribute("aria-modal");
      this.on.opened();
    }
    this.grow();
    if (focus) this.box.focus();
  }

  close() {
    if (this.inline || !this.isOpen) return;
    const inside = this.node.contains(this.node.getRootNode().activeElement);
    this.node.hidden = true;
    this.bubble.setAttribute("aria-expanded", "false");
    const back = this.opener?.isConnected && this.opener !== document.body && this.opener !== this.node.getRootNode().host ? this.opener : this.bubble;
    if (inside) back.focus();
    this.on.closed();
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
    } else if (event.key === "Escape" && !this.on.escape()) {
      this.close();
    } else if (event.key === "Tab" && this.node.getAttribute("aria-modal")) {
      this.hold(event);
    }
  }

  // In a modal panel the first and the last thing follow on each other.
  hold(event) {
    const all = [...this.node.querySelectorAll("button, a, textarea, input, summary, [tabindex='0']")].filter((node) => node.offsetParent);
    const [from, to] = event.shiftKey ? [all[0], all.at(-1)] : [all.at(-1), all[0]];
    if (event.target !== from) return;
    event.preventDefault();
    to.focus();
  }

  fill(question) {
    this.box.value = question;
    this.grow();
  }

  grow() {
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight}px`;
  }

  // A turn comes to the log's end and into view.
  add(turn) {
    this.log.querySelector(".da-welcome")?.remove();
    this.log.append(turn);
    this.log.scrollTop = this.log.scrollHeight;
  }

  busy(is, said) {
    const held = this.node.getRootNode().activeElement;
    this.go.hidden = is;
    this.halt.hidden = !is;
    if (held === this.halt || held === this.go) this.box.focus();
    this.status.textContent = said;
  }
}
