// The custom element: a room of its own for panel and talk, whatever the page around it does.

import { el } from "../parts/dom.js";
import { panelOf } from "./panel.js";
import { settingsOf } from "./settings.js";
import { talkIn } from "./talk.js";
import { closeCard } from "./turn.js";

// A constructed sheet needs no leave of the page's content security policy. STYLES is put in when the script is built.
const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLES);

export class DocumentAssistantElement extends HTMLElement {
  static given = {}; // what the site has set
  static placed = () => {}; // told when an element comes into the page or goes

  connectedCallback() {
    this.ready ??= this.build();
    addEventListener("pagehide", this.keep);
    DocumentAssistantElement.placed(this);
  }

  disconnectedCallback() {
    removeEventListener("pagehide", this.keep);
    this.keep();
    DocumentAssistantElement.placed(null);
  }

  keep = () => this.talk?.keep(this.panel.isOpen());

  async build() {
    const settings = settingsOf({ ...DocumentAssistantElement.given, ...this.dataset });
    await settings.speak();
    const inline = !this.hasAttribute("floating");
    const tell = (name, detail) => this.dispatchEvent(
      new CustomEvent(`document-assistant:${name}`, { detail, bubbles: true, composed: true, cancelable: name === "citation" }));
    const panel = this.panel = panelOf(settings, inline, {
      submit: () => this.talk.submit(), stop: () => this.talk.stop(), restart: () => this.talk.restart(),
      opened: () => { this.talk.welcome(); tell("open", {}); }, closed: () => tell("close", {}),
      escape: () => { const button = closeCard(this.talk); if (button) button.focus(); return button; },
    });
    const node = el("section", { class: `da-root da-${inline ? "inline" : `floating da-${settings.position}`}`, "aria-label": settings.title,
      lang: settings.language, dir: settings.direction, "data-theme": settings.theme }, panel.node, panel.bubble);
    if (settings.accent) {
      // With this lightness any hue has a contrast of 4.5 and more on our papers (WCAG 2.2, AA).
      const readable = (lightness) => `oklch(from ${settings.accent} ${lightness} c h/1)`;
      node.style.setProperty("--da-accent", `light-dark(${readable("min(l,.5)")},${readable("max(l,.7)")})`);
      node.style.setProperty("--da-accent-soft", "color-mix(in srgb, var(--da-accent) 14%, var(--da-panel))");
    }
    const room = this.shadowRoot || this.attachShadow({ mode: "open" });
    room.adoptedStyleSheets = [sheet];
    room.replaceChildren(node);
    // The page's shortcuts are not meant by what is typed here.
    for (const kind of ["keydown", "keypress", "keyup"]) node.addEventListener(kind, (event) => event.stopPropagation());
    this.talk = talkIn(panel, settings, tell);
    if (inline) this.talk.welcome();
    else if (this.talk.wasOpen) panel.open(false);
  }

  // Settings changed: all is drawn anew, with the conversation as it was.
  async redraw() {
    await this.ready;
    this.talk.stop();
    this.keep();
    this.ready = this.build();
  }
}
