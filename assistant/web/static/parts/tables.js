// The rows of a table that an answer quotes -> a table.

import { el } from "./dom.js";

// Paragraphs on end whose words are parted by bars are its rows. The first of them, if it has no figures, names the
// columns, as the server shows that above the others.
export function tabled(paragraphs) {
  let table;
  return paragraphs.flatMap((paragraph) => {
    const [first] = paragraph.childNodes;
    const text = first.firstChild || first;
    const cells = (text.data || "").split(/\s*\|\s*/);
    if (cells.length < 2) {
      table = null;
      return paragraph;
    }
    const row = el("tr", {}, ...cells.map((cell) => el(table || /\d/.test(text.data) ? "td" : "th", {}, cell)));
    text.remove();
    row.lastChild.append(...paragraph.childNodes);
    if (table) {
      table.append(row);
      return [];
    }
    return table = el("table", { class: "da-words", dir: "auto" }, row);
  });
}
