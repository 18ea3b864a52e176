// What the parts of the chat page share: its words and the making of elements. Texts go in by textContent.

export const texts = {
  bands: {
    answered: "Quoted from the documents",
    uncertain: "The documents may not answer this",
    not_found: "Not in the documents",
  },
  closest: "The closest words are:",
  differ: "The sources differ.",
  missing: (what) => `Nothing was found about “${what}”.`,
  day: (date) => new Date(date).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }),
  notFound: "I could not find this in the documents. The closest passages are shown with the sources. Try other words, or ask the keeper of the documents.",
  searching: "Searching the documents",
  noServer: "The server does not answer.",
  noServerHint: "Your question is back in the box. Try again in a moment, or tell whoever runs the assistant.",
  editQuestion: "Edit",
  searchedFor: (words) => `searched for “${words}”`,
  passages: (n, time) => `${n} ${n === 1 ? "passage" : "passages"} read · ${time}`,
  time: (seconds) => seconds < 1 ? `${Math.max(1, Math.round(seconds * 1000))} ms` : `${seconds.toFixed(1)} s`,
  sources: "Sources",
  cited: "Cited",
  alsoFound: "Also found",
  closestPassages: "Closest passages",
  noSources: "The sources of an answer appear here: click a number to see the exact words.",
  original: "Open the original",
  inDocument: "Show in document",
  copy: "Copy with sources",
  copied: "Copied",
  close: "Close the sources",
  theme: "Switch between light and dark",
  welcome: "What would you like to know?",
  topics: "What do the documents say about …",
  page: (n) => `page ${n}`,
  source: (n, where) => `Source ${n}: ${where}`,
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

export const el = (name, attributes = {}, ...children) => {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "class") node.className = value;
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
};
