// The one global, and the element's place in the page: where the author put it, in the target, or as a bubble.

import { DocumentAssistantElement } from "./element.js";
import { SERVED } from "./served.js";

const NAME = "document-assistant";
const script = document.currentScript;
const before = window.DocumentAssistant;

let own = null; // the element that was made here
let seeking = null; // waits for the target to appear
let running = false;

const connected = () => document.querySelector(NAME);

// A script of this name says where the server is; one that it was made part of does not.
function serverOf(node) {
  const src = node?.src || [...document.scripts].find((one) => /\/widget\.js(\?|$)/.test(one.src))?.src;
  return src && /\/widget\.js(\?|$)/.test(src) ? new URL(".", src).href : null;
}

function place() {
  const { target } = DocumentAssistantElement.given;
  if (!running || connected()) return;
  const home = target ? document.querySelector(target) : document.documentElement;
  if (!home) {
    seek();
    return;
  }
  own ??= document.createElement(NAME);
  own.toggleAttribute("floating", !target);
  home.append(own);
}

function seek() {
  seeking ??= new MutationObserver(() => {
    if (connected() || document.querySelector(DocumentAssistantElement.given.target)) {
      seeking.disconnect();
      seeking = null;
      place();
    }
  });
  seeking.observe(document.documentElement, { childList: true, subtree: true });
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
    seeking?.disconnect();
    seeking = null;
    document.querySelectorAll(NAME).forEach((node) => { node.talk?.stop(); node.remove(); });
    own = null;
  },
};

// Loaded twice, the first one stays.
if (!before?.init) {
  window.DocumentAssistant = api;
  DocumentAssistantElement.given = { ...SERVED, server: serverOf(script), ...script?.dataset, ...before };
  if (DocumentAssistantElement.given.server) start();
}
