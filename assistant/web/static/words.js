// The words of an answer on the chat page: as in the widget, with its items as items and a quiet mark under what the
// sources bear out only in part.

import { texts } from "./page.js";
import { paragraphs, piecesOf } from "./parts/answers.js";
import { el } from "./parts/dom.js";

const BULLET = /^[-*+•–·] +/;

export const streamed = (pieces, mark) => paragraphs(pieces, mark).map(asItem);

export function wordsOf(answer, mark) {
  const pieces = piecesOf(answer);
  const doubted = answer.sentences.filter(({ support }) => support !== "supported");
  pieces.filter((piece) => "doubt" in piece).forEach((piece, n) => { piece.doubt = doubted.includes(answer.sentences[n]); });
  const drawn = paragraphs(pieces, mark);
  drawn.flatMap((paragraph) => [...paragraph.querySelectorAll(".da-doubt")]).forEach((span, n) => {
    if (doubted[n].support !== "partly") return;
    span.className = "da-partly";
    span.title = texts.inPart;
  });
  return drawn.map(asItem);
}

// A paragraph that begins with the mark of a list has that of the page instead.
function asItem(paragraph) {
  let first = paragraph.firstChild;
  while (first && !(first instanceof Text)) first = first.firstChild;
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
