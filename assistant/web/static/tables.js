// The rows of a table that an answer shows -> a table.

import { el } from "./parts/dom.js";

const BAR = /\s*\|\s*/;

// Paragraphs on end whose words are parted by as many bars are rows of a table.
export function asTables(found) {
  const shown = [];
  let rows = [];
  const end = () => {
    shown.push(...(rows.length > 1 ? [table(rows)] : rows.map(({ paragraph }) => paragraph)));
    rows = [];
  };
  for (const paragraph of found) {
    const cells = cellsOf(paragraph);
    if (rows.length && rows[0].cells.length !== cells.length) end();
    if (cells.length > 1) rows.push({ paragraph, cells });
    else shown.push(paragraph);
  }
  end();
  return shown;
}

// Each cell as its words and markers.
function cellsOf(paragraph) {
  const cells = [[]];
  const add = (node) => {
    if (node instanceof Text) {
      const [first, ...more] = node.data.split(BAR);
      cells.at(-1).push(first);
      cells.push(...more.map((words) => [words]));
    } else if (node.localName === "span") node.childNodes.forEach(add);
    else cells.at(-1).push(node);
  };
  paragraph.childNodes.forEach(add);
  return cells;
}

// A first row without figures names the columns, as the server shows it above the others wherever a table has one.
function table(rows) {
  const named = !rows[0].cells.flat().some((part) => typeof part === "string" && /\d/.test(part));
  const drawn = rows.map(({ cells }, n) => el("tr", {}, ...cells.map((parts) => el(named && !n ? "th" : "td", {}, ...parts))));
  return el("div", { class: "da-table" }, el("table", { class: "da-words", dir: "auto" }, ...drawn));
}
