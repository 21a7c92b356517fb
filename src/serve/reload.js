/* Loads the page again when there is another build, and shows what stands in the way of one. */
const { version } = document.currentScript.dataset;
let overlay;

function show(problems) {
  overlay?.remove();
  overlay = undefined;
  if (!problems) return;
  overlay = document.createElement("dialog");
  overlay.style.cssText =
    "box-sizing: border-box; position: fixed; inset: 0 0 auto; z-index: 9; width: min(100%, 70rem); max-height: 60vh; overflow: auto; margin: 0 auto; padding: 1rem; " +
    "border: 3px solid #c62828; background: #1b1b1b; color: #f5f5f5; direction: ltr; text-align: left";
  const text = document.createElement("pre");
  text.style.cssText = "margin: 0; padding: 0; background: none; font: .875rem/1.4 ui-monospace, monospace; white-space: pre-wrap";
  // As text: what is wrong with a file may hold anything.
  text.textContent = problems;
  overlay.append(text);
  document.body.append(overlay);
  // Not by show(), which would take the focus and with it the place on the page.
  overlay.open = true;
}

let source;

function listen() {
  source?.close();
  source = new EventSource("/.allclear/events");
  source.onmessage = ({ data }) => {
    const news = JSON.parse(data);
    if (news.version !== version) location.reload();
    else show(news.problems);
  };
  // A browser asks again by itself where a connection breaks off, but not after every kind of failure.
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(watch, 2000);
  };
}

// A browser has but six connections to a server: a page that nobody looks at leaves its own to the others.
function watch() {
  if (document.hidden) source?.close();
  else if (source?.readyState !== EventSource.OPEN) listen();
}

document.addEventListener("visibilitychange", watch);
watch();
