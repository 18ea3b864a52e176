// The words of an answer on the chat page: as in the widget, with its items as items.

import { texts } from "./page.js";
import { paragraphs, piecesOf } from "./parts/answers.js";
import { el } from "./parts/dom.js";
import { tabled } from "./parts/tables.js";

const BULLET = /^[-*+•–·] +/;

export function streamed(pieces, mark, written) {
  const found = paragraphs(pieces, mark, texts);
  return (written ? found : tabled(found)).map(asItem);
}

export const wordsOf = (answer, mark) => streamed(piecesOf(answer), mark, answer.writer === "generative");

// A paragraph that begins with the mark of a list has that of the page instead.
function asItem(paragraph) {
  const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  let first;
  while ((first = walker.nextNode()) && first.parentNode.matches(".da-unseen"));
  if (first && BULLET.test(first.data)) {
    first.data = first.data.replace(BULLET, "");
    paragraph.classList.add("da-item");
  }
  return paragraph;
}

// What a language model put between grave accents is code. Quotes keep theirs, since they are word for word.
export function showCode(paragraph) {
  const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  for (const text of found) {
    const parts = text.data.split(/`([^`\n]+)`/);
    if (parts.length > 1) text.replaceWith(...parts.map((part, n) => (n % 2 ? el("code", {}, part) : part)));
  }
}
