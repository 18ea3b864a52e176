// Stopping what is being written: the button beside the box, which is there while an answer takes its time.

import { box, putBack } from "./box.js";
import { page, texts, turns } from "./page.js";
import { showTurn } from "./turns.js";

const PATIENCE = 3000; // milliseconds that the server may take to end an answer

export const isOpen = (turn) => !turn.answer && !turn.error;

export function showStop() {
  document.documentElement.classList.toggle("da-slow", [...turns.values()].some(isOpen));
}

// A turn of which nothing more is heard; its question is back in the box if that is what stands there.
export const stopped = (turn, inBox) =>
  ({ ...turn, heard: true, halted: true, error: { message: texts.stopped, hint: turn.asked === inBox ? texts.back : "" } });

// The server ends an answer with what it has of it. One of which nothing has come, as where many wait, ends here.
export function stop() {
  const open = [...turns.values()].filter(isOpen);
  if (!open.length) return;
  page.halt(open.map(({ turn }) => turn));
  open.filter(({ draft }) => !draft).forEach(halt);
  setTimeout(() => open.map(({ turn }) => turns.get(turn)).filter((turn) => turn && isOpen(turn)).forEach(halt), PATIENCE);
  showStop();
  box().focus();
}

function halt(turn) {
  putBack(turn.asked);
  showTurn(stopped(turn, box().value));
  showStop();
}
