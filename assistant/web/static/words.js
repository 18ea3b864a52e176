// The words of an answer on the chat page: as in the widget, with its items as items and a quiet mark under what the
// sources bear out only in part.

import { texts } from "./page.js";
import { paragraphs, piecesOf } from "./parts/answers.js";

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
