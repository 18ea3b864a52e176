// The one global, and the element's place in the page: where the author put it, in the target, or as a bubble.

import { DocumentAssistantElement } from "./element.js";

const NAME = "document-assistant";
const script = document.currentScript;
const before = window.DocumentAssistant;

let own = null; // the element that was made here
let running = false;

const connected = () => document.querySelector(NAME);

// A script of this name says where the server is; one that it was made part of does not.
function servedFrom() {
  const found = [script, ...document.scripts].find((one) => /\/widget\.js(\?|$)/.test(one?.src));
  return found && new URL(".", found.src).href;
}

// A target may come later.
const seeking = new MutationObserver(place);

function place() {
  seeking.disconnect();
  if (!running || connected()) return;
  const { target } = DocumentAssistantElement.given;
  const home = target ? document.querySelector(target) : document.documentElement;
  if (!home) {
    seeking.observe(document, { childList: true, subtree: true });
    return;
  }
  own ??= document.createElement(NAME);
  own.toggleAttribute("floating", !target);
  home.append(own);
}

// Navigation within a page takes elements away and brings others: the author's come before ours, and ours comes back.
DocumentAssistantElement.placed = (element) => {
  if (element && own && element !== own) own.remove();
  else if (!element) setTimeout(place, 50);
};

function start() {
  if (running) return;
  running = true;
  if (!customElements.get(NAME)) customElements.define(NAME, DocumentAssistantElement);
  // An element of the author may still be to come.
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", place);
  else place();
}

const api = {
  init(options = {}) {
    Object.assign(DocumentAssistantElement.given, options);
    if (!DocumentAssistantElement.given.server) throw new Error("Document Assistant: say where the server is: init({ server })");
    if (running) document.querySelectorAll(NAME).forEach((node) => node.redraw());
    start();
    return api;
  },
  // Opens the panel; a question is asked at once, or only put into the box with `ask: false`.
  async open({ question = "", ask = true } = {}) {
    if (document.readyState === "loading") await new Promise((done) => addEventListener("DOMContentLoaded", done));
    const element = connected();
    await element?.ready;
    element?.panel.open();
    if (question && ask) element?.talk.ask(String(question));
    else if (question) element?.panel.fill(String(question));
  },
  close() {
    connected()?.panel?.close();
  },
  destroy() {
    running = false;
    seeking.disconnect();
    document.querySelectorAll(NAME).forEach((node) => { node.talk?.stop(); node.remove(); });
    own = null;
  },
};

// Loaded twice, the first one stays. SERVED is what the server puts in when it sends the script: its languages, its title.
if (!before?.init) {
  window.DocumentAssistant = api;
  DocumentAssistantElement.given = { ...SERVED, server: servedFrom(), nonce: script?.nonce, ...script?.dataset, ...before };
  if (DocumentAssistantElement.given.server) start();
}
