// Where a citation or passage leads: its own page with the words marked by the browser, or our source page.

// An address of the web, or null: documents say what they like.
export function safeUrl(url) {
  try {
    const { protocol, href } = new URL(url);
    return /^https?:/.test(protocol) ? href : null;
  } catch {
    return null;
  }
}

// A citation's link brings its words along, so that they can be shown when the document has changed.
export function sourceUrl(place, server) {
  const url = new URL(`source/${place.document.split("/").map(encodeURIComponent).join("/")}`, server);
  const words = place.proof ? { words: place.quote, proof: place.proof } : {};
  url.search = new URLSearchParams({ start: place.start, end: place.end, digest: place.digest, ...words });
  url.hash = "cited";
  return url.href;
}

// The document's own page with a text fragment for the cited words, or null if it has none.
export function pageUrl(place) {
  const url = safeUrl(place.url);
  if (!url || !place.quote) return url;
  return `${url}${url.includes("#") ? "" : "#"}:~:text=${textFragment(place.quote)}`;
}

const WHOLE = 12, ENDS = 5; // words quoted whole at most; words at either end of longer ones

// https://wicg.github.io/scroll-to-text-fragment/: a range where the words are many or on several lines, as a page may
// hold a note or a line break between them. Words are those of the browser, which matches at their bounds.
export function textFragment(quote) {
  const text = quote.trim();
  const words = wordsOf(text);
  if (words.length <= WHOLE && !/[\r\n\t]/.test(text)) return encoded(text);
  const count = Math.min(ENDS, Math.floor(words.length / 2));
  if (!count) return encoded(text);
  const last = words[count - 1];
  return `${encoded(text.slice(0, last.index + last.segment.length))},${encoded(text.slice(words.at(-count).index))}`;
}

const wordsOf = (text) => [...new Intl.Segmenter(undefined, { granularity: "word" }).segment(text)].filter((part) => part.isWordLike);

// A dash and a comma have a meaning there.
const encoded = (text) => encodeURIComponent(text.replace(/\s+/g, " ")).replace(/-/g, "%2D");
