// The box that a question is typed into. It is Gradio's, and told of a change as it expects.

export const box = () => document.querySelector("#da-box textarea, #da-box input");

export function fill(question) {
  const prototype = box().tagName === "TEXTAREA" ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype;
  Object.getOwnPropertyDescriptor(prototype, "value").set.call(box(), question);
  box().dispatchEvent(new Event("input", { bubbles: true }));
}

// A question that failed goes back into the box, unless something else was typed since.
export function putBack(question) {
  if (!box().value) fill(question);
}
