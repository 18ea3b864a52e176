// Answers of older generations: when the index has a new one, what became of the documents that they stand on.

import { page, texts, turns } from "./page.js";
import { showSources } from "./sources.js";
import { drawAnswer } from "./turns.js";

// When the index has a new generation: ask what became of the documents that older answers stand on.
export async function checkSources() {
  const old = [...turns.values()].filter((turn) => turn.answer && turn.answer.generation !== page.generation);
  const places = old.flatMap((turn) => [...turn.answer.citations, ...turn.answer.passages]);
  const digests = await digestsOf([...new Set(places.map((place) => place.document))]);
  if (!digests) return;
  for (const turn of old) {
    turn.fates = new Map();
    for (const place of [...turn.answer.citations, ...turn.answer.passages]) {
      const now = digests.get(place.document);
      if (now !== place.digest) turn.fates.set(place.document, now ? texts.changedSince : texts.removedSince);
    }
    document.getElementById(`answer-${turn.turn}`)?.replaceWith(drawAnswer(turn));
    if (page.open === turn.turn) {
      page.open = null;
      showSources(turn.turn, null);
    }
  }
}

async function digestsOf(names) {
  const digests = new Map();
  for (let i = 0; i < names.length; i += 40) {
    const url = new URL("api/documents", document.baseURI);
    names.slice(i, i + 40).forEach((name) => url.searchParams.append("document", name));
    const response = await fetch(url).catch(() => null);
    if (!response?.ok) return null;
    (await response.json()).documents.forEach((entry) => digests.set(entry.document, entry.digest));
  }
  return digests;
}
