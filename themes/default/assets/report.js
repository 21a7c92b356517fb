/* A reader who fills in the form keeps it where another build takes the place of the page. */
(() => {
  let form = document.querySelector(".report");
  let last;
  document.addEventListener("focusin", (event) => (last = event.target));
  new MutationObserver(() => {
    const next = document.querySelector(".report");
    if (!next || next === form) return;
    if (!form?.open) return (form = next);
    next.replaceWith(form);
    if (form.contains(last)) last.focus({ preventScroll: true });
  }).observe(document.body, { childList: true });
})();
