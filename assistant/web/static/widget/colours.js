// The site's accent: only a colour that can be read on our papers, in either theme.

const PAPER = { light: [250, 249, 246], dark: [27, 31, 35] };
const READABLE = 4.5; // WCAG 2.2, contrast of text, AA

// The accent for both themes, darkened or lightened until it can be read, or null if it is no colour (as #rrggbb, rgb(),
// hsl() or a name).
export function accentsOf(value) {
  const rgb = channels(value);
  if (!rgb) return null;
  return { light: readable(rgb, PAPER.light, 0), dark: readable(rgb, PAPER.dark, 255) };
}

// A canvas takes nothing but a colour, and gives opaque ones back as #rrggbb.
function channels(value) {
  const canvas = document.createElement("canvas").getContext("2d");
  const read = (before) => { canvas.fillStyle = before; canvas.fillStyle = value; return canvas.fillStyle; };
  const found = read("#000000");
  if (found !== read("#ffffff") || !/^#[0-9a-f]{6}$/.test(found)) return null;
  return [1, 3, 5].map((at) => parseInt(found.slice(at, at + 2), 16));
}

function readable(rgb, paper, towards) {
  let mixed = rgb;
  for (let share = 0.05; contrast(mixed, paper) < READABLE; share += 0.05) {
    mixed = rgb.map((channel) => Math.round(channel + (towards - channel) * share));
  }
  return `rgb(${mixed.join(" ")})`;
}

function contrast(a, b) {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

function luminance(rgb) {
  const [r, g, b] = rgb.map((channel) => channel / 255).map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
