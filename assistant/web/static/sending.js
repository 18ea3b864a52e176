// Sending a question, from before the page is whole: what is sent by then stays in the box and is handed over later.
window.daSending = (() => {
  let submit = null;
  let waiting = false;
  const take = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (submit) submit();
    else waiting = true;
  };
  document.addEventListener("keydown", (event) => {
    const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229;
    if (sends && event.target.closest?.("#da-box")) take(event);
  }, true);
  document.addEventListener("click", (event) => { if (event.target.closest?.("#da-go")) take(event); }, true);
  return {
    to(receiver) {
      submit = receiver;
      if (waiting) submit();
      waiting = false;
    },
  };
})();
