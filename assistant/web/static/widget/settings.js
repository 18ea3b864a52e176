// What a site may set, from data attributes, window.DocumentAssistant or init(): checked, with what holds when nothing is said.

import { english } from "../parts/texts.js";

const RIGHT_TO_LEFT = /^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b/i;

// The first of each holds when nothing is said.
function choices() {
  const sides = getComputedStyle(document.documentElement).direction === "rtl" ? ["left", "right"] : ["right", "left"];
  return { theme: ["auto", "light", "dark"], position: sides, aboutPage: ["offer", "on", "off"] };
}

export const told = (message) => console.warn(`Document Assistant: ${message}`);

export function settingsOf(given) {
  const settings = { ...given, server: new URL(given.server.replace(/\/?$/, "/"), location.href).href, examples: listOf(given.examples) };
  for (const [name, values] of Object.entries(choices())) {
    const wanted = given[name] ?? values[0];
    settings[name] = values.includes(wanted) ? wanted : values[0];
    if (settings[name] !== wanted) told(`${name} may be ${values.join(", ")}.`);
  }
  if (given.accent && !isColour(given.accent)) {
    told(`${given.accent} is not a colour.`);
    settings.accent = null;
  }
  const own = objectOf(given.texts);
  const wanted = given.language || document.documentElement.lang || navigator.language || "";
  const [file] = (given.languages || []).filter((name) => wanted.toLowerCase().startsWith(name));
  settings.language = file || own.box ? wanted : "en";
  settings.direction = RIGHT_TO_LEFT.test(settings.language) ? "rtl" : "ltr";
  settings.speak = async () => {
    const found = file && await fetch(new URL(`ui/parts/${file}.json`, settings.server)).then((response) => response.json()).catch(() => null);
    settings.texts = { ...english, ...found, ...own };
    settings.title ||= settings.texts.title;
  };
  return settings;
}

const isColour = (value) => CSS.supports("color", value) && !/var\(|current/i.test(value);

// An attribute holds a list as "one|two", and an object as JSON.
const listOf = (value = "") => Array.isArray(value) ? value : value.split("|").map((one) => one.trim()).filter(Boolean);

function objectOf(value = {}) {
  try {
    return typeof value === "string" ? JSON.parse(value) : value;
  } catch {
    told("texts are not JSON.");
    return {};
  }
}
