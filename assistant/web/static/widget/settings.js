// What a site may set, from data attributes, window.DocumentAssistant or init(): checked, and nothing else let in.

import { languages, textsIn } from "../parts/texts.js";
import { accentsOf } from "./colours.js";

const CHOICES = { theme: ["auto", "light", "dark"], position: ["", "right", "left"], aboutPage: ["offer", "on", "off"] };
const RIGHT_TO_LEFT = /^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b/i;

const told = (message) => console.warn(`Document Assistant: ${message}`);

export function settingsOf(given) {
  const settings = {
    server: given.server ? new URL(given.server.replace(/\/?$/, "/"), location.href).href : null,
    token: given.token || null, target: given.target || null, greeting: given.greeting || "", title: given.title || "",
    examples: listOf(given.examples), accents: null,
  };
  for (const [name, values] of Object.entries(CHOICES)) {
    settings[name] = values.includes(given[name] ?? values[0]) ? given[name] ?? values[0] : values[0];
    if (settings[name] !== (given[name] ?? values[0])) told(`${name} may be ${values.filter(Boolean).join(", ")}.`);
  }
  if (given.accent) {
    settings.accents = accentsOf(given.accent);
    if (!settings.accents) told(`${given.accent} is not a colour.`);
  }
  const own = objectOf(given.texts);
  const wanted = given.language || document.documentElement.lang || navigator.language || "en";
  settings.language = languages[wanted.slice(0, 2).toLowerCase()] || Object.keys(own).length ? wanted : "en";
  settings.direction = RIGHT_TO_LEFT.test(settings.language) ? "rtl" : "ltr";
  settings.texts = { ...textsIn(settings.language), ...own };
  settings.title ||= settings.texts.title;
  return settings;
}

// An attribute holds a list as "one|two".
const listOf = (value) => (Array.isArray(value) ? value : String(value || "").split("|")).map((one) => String(one).trim()).filter(Boolean);

// An attribute holds an object as JSON.
function objectOf(value) {
  if (typeof value !== "string") return value || {};
  try {
    return JSON.parse(value) || {};
  } catch {
    told("texts are not JSON.");
    return {};
  }
}
