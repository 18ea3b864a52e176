// Sending a question, from before the page is whole: what is sent by then stays in the box and is handed over later. So is
// what else is done by then, each in its turn.
window.daSending = (() => {
  let submit = null;
  const waiting = [];
  const whole = (action) => { if (submit) action(); else waiting.push(action); };
  const take = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    whole(() => submit());
  };
  document.addEventListener("keydown", (event) => {
    const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229;
    if (sends && event.target.closest?.("#da-box")) take(event);
  }, true);
  document.addEventListener("click", (event) => { if (event.target.closest?.("#da-go")) take(event); }, true);
  return {
    whole,
    to(receiver) {
      submit = receiver;
      waiting.splice(0).forEach((action) => action());
    },
  };
})();
