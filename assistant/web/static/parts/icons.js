// The small pictures on buttons, each one line.

export const THUMB = "M7 9v8H4V9h3zm0 0 3-6c1.4 0 2.2 1 1.9 2.4L11.4 8H16a1.6 1.6 0 0 1 1.6 2l-1.4 5.6a1.9 1.9 0 0 1-1.8 1.4H7";
export const CROSS = "m5 5 10 10M15 5 5 15";
export const ANEW = "M16 10a6 6 0 1 1-2-4.5M16 3v3.5h-3.5";

export function icon(path) {
  const [svg, line] = ["svg", "path"].map((name) => document.createElementNS("http://www.w3.org/2000/svg", name));
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}
