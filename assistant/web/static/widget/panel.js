// The panel and the bubble: elements, focus and keys. What is in the log is drawn by the talk.

import { el } from "../parts/dom.js";
import { ANEW, CROSS, icon } from "../parts/icons.js";

// As in the styles: there the panel fills the screen, and is modal.
const phone = matchMedia("(max-width: 480px)");

// `on` has submit, stop, restart, opened, closed and escape; `inline` is without bubble and always open.
export function panelOf(settings, inline, on) {
  const { texts, title } = settings;
  const tool = (label, path, onclick) => el("button", { class: "da-tool", "aria-label": label, title: label, onclick }, icon(path));
  const log = el("div", { class: "da-log", role: "log", "aria-live": "off", "aria-label": texts.conversation, tabindex: 0 });
  const box = el("textarea", { rows: 1, placeholder: texts.box, "aria-label": texts.box, oninput: grow });
  const go = el("button", { class: "da-go" }, texts.ask);
  const halt = el("button", { type: "button", class: "da-go da-stop", hidden: true, onclick: () => { on.stop(); box.focus(); } }, texts.stop);
  const about = settings.aboutPage === "off" ? null : el("input", { type: "checkbox" });
  if (about) about.checked = settings.aboutPage === "on";
  const status = el("p", { class: "da-unseen", role: "status" });
  const submit = (event) => { event.preventDefault(); on.submit(); };
  // The browser's own dialog gives the focus back, and holds it while it is modal.
  const node = el(inline ? "div" : "dialog", { class: "da-panel", "aria-labelledby": inline ? null : "da-title", onkeydown: key, onclose: on.closed },
    el("header", { class: "da-top" }, el("h2", { id: "da-title", dir: "auto" }, title), tool(texts.restart, ANEW, () => { on.restart(); box.focus(); }),
      inline ? null : tool(texts.close, CROSS, close)),
    log,
    el("form", { class: "da-foot", onsubmit: submit }, el("div", { class: "da-ask" }, box, go, halt),
      about && el("label", { class: "da-about" }, about, texts.aboutPage)),
    status);
  const bubble = inline ? null : el("button", { class: "da-bubble", dir: "auto", "aria-haspopup": "dialog", "aria-expanded": "false", onclick: () => isOpen() ? close() : open() }, title);

  const isOpen = () => inline || node.open;
  const focused = () => node.getRootNode().activeElement;

  // On its own after a page change the panel takes no focus.
  function open(focus = true) {
    if (!isOpen()) {
      node.inert = !focus; // a dialog focuses itself as it opens
      if (phone.matches) node.showModal();
      else node.show();
      node.inert = false;
      bubble.ariaExpanded = true;
      on.opened();
    }
    grow();
    if (focus) box.focus();
  }

  function close() {
    if (inline || !isOpen()) return;
    node.close();
    bubble.ariaExpanded = false;
    // The focus went back to where it was, unless it was nowhere.
    if (node.contains(focused())) bubble.focus();
  }

  // A link to a page of the site was followed: on a phone the panel would hide it.
  const left = () => { if (phone.matches) close(); };

  function key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey && event.target === box) submit(event);
    else if (event.key === "Escape") {
      event.preventDefault();
      if (!on.escape()) close();
    }
  }

  function fill(question) {
    box.value = question;
    grow();
  }

  // As high as its words, and its border.
  function grow() {
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + 3}px`;
  }

  // A turn comes to the log's end and into view.
  function add(turn) {
    log.querySelector(".da-welcome")?.remove();
    log.append(turn);
    log.scrollTop = turn.offsetTop - 15;
  }

  function busy(is, said) {
    const held = focused();
    go.hidden = is;
    halt.hidden = !is;
    if (held === halt || held === go) box.focus();
    status.textContent = said;
  }

  return { node, bubble, log, box, about, isOpen, open, close, left, fill, add, busy };
}
