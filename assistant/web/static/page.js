// What the parts of the chat page share: its turns by their id, which one is open, its texts, and what became of sources.
// The page says its own things in English, as the server draws the rest of it in that language.

import { english } from "./parts/texts.js";

export const turns = new Map();
export const page = {
  log: null, sources: null, open: null, opener: null, refresh: null, send: null, halt: null, listen: null, ask: null, generation: null,
};

// What became of a document since an answer was written from it, in words; null if nothing did.
export const fate = (turn, place) => turn.fates?.get(place.document) || null;

export const texts = {
  ...english,
  passages: (n, time) => `${n} ${n === 1 ? "passage" : "passages"} read · ${time}`,
  time: (seconds) => seconds < 1 ? `${Math.max(1, Math.round(seconds * 1000))} ms` : `${seconds.toFixed(1)} s`,
  sources: "Sources",
  cited: "Cited",
  noSources: "The sources of an answer appear here: click a number to see the exact words.",
  notFound: "I could not find this in the documents. The closest passages are shown with the sources. Try other words, or ask the keeper of the documents.",
  openPage: "Open the original",
  close: "Close the sources",
  theme: "Switch between light and dark",
  sourcesButton: (n) => n === 1 ? "1 source" : `${n} sources`,
  passagesButton: (n) => n === 1 ? "The closest passage" : `${n} closest passages`,
  documents: (n) => n === 1 ? "1 document" : `${n} documents`,
  updated: (when) => `updated ${when}`,
  building: "building now",
  stale: "The documents have changed since; the index has not followed yet.",
  heldBack: "The index was rolled back. It follows again with the next change of the documents.",
  update: "Update now",
  asked: "Asked for.",
  steps: { reading: "Reading documents", encoding: "Encoding new sentences", storing: "Storing vectors", checking: "Checking the result" },
  pace: (done, total, left) => `${done.toLocaleString("en")} of ${total.toLocaleString("en")}${left ? `, ${left} left` : ""}`,
  anotherBuilds: (who) => `A build is running (${who}).`,
  more: (n) => `and ${n} more`,
  history: "Last builds",
  notIndexed: "Not in the index:",
  facts: ["Documents", "Passages", "Generation", "Built", "Encoder", "Writer"],
  kinds: { added: "added", changed: "changed", removed: "removed", renamed: "renamed", skipped: "skipped" },
  readAnew: "read anew",
  failed: (why) => `failed: ${why}`,
  changedSince: "changed since this answer",
  removedSince: "no longer in the documents",
  oldSources: "Sources of this answer have changed since.",
  askAgain: "Ask again",
  stateUnknown: "The state of the index is not known: the server does not answer.",
};
