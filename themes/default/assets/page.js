/* What the build foresaw is said at its instant, and another build is put in when it comes. */
const { lang, dataset: { zone, built } } = document.documentElement;
const all = (selector) => [...document.querySelectorAll(selector)];
const one = (selector, page = document) => page.querySelector(selector);
let shown = one("main").innerHTML;
let skew = 0;
// Tabs that were opened together do not ask together.
const apart = (wait) => wait * (1 + Math.random() / 2);
let wait = apart(6e4);
let asked = Date.now();
const now = () => Date.now() + skew;

/* The first of what will be said, once it is due. */
function next() {
  const from = (template) => Date.parse(template.dataset.from);
  const first = all("template[data-from]").sort((a, b) => from(a) - from(b))[0];
  return first && from(first) <= now() && first;
}

function say() {
  for (let template; (template = next()); template.remove()) {
    template.innerHTML = template.dataset.html;
    const { dataset } = template.content.firstElementChild;
    template.previousElementSibling.replaceWith(template.content);
    if (dataset.title) document.title = dataset.title;
    if (dataset.icon) one("link[rel=icon]").href = dataset.icon;
  }
}

/* In the reader's own zone, and how far off. */
const format = (timeZone) => new Intl.DateTimeFormat(lang, { dateStyle: "short", timeStyle: "short", timeZone });
const there = format(zone);
const here = format();
const short = new Intl.DateTimeFormat(lang, { hour: "numeric", minute: "numeric", timeZoneName: "short" });
const far = new Intl.RelativeTimeFormat(lang, { numeric: "auto", style: "short" });
const units = [["minute", 1], ["hour", 60], ["day", 1440]];

function tell() {
  for (const time of all("main time[datetime*=T]:not(.day)")) {
    const at = new Date(time.dateTime);
    const minutes = (at - now()) / 6e4;
    const [unit, size] = units.findLast(([, size]) => Math.abs(minutes) >= size) ?? units[0];
    const parts = [];
    if (here.format(at) !== there.format(at)) parts.push(short.format(at));
    if (Math.abs(minutes) < 10080) parts.push(far.format(Math.round(minutes / size), unit));
    time.dataset.own = parts.length ? ` (${parts.join(", ")})` : "";
  }
}

/* Another build takes the place of this one. */
function put(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const main = one("main", page)?.innerHTML;
  if (!main || main === shown) return;
  const style = (page) => one("[rel=stylesheet]", page)?.getAttribute("href");
  if (style(page) !== style(document)) return location.reload();
  shown = main;
  const name = (details) => one("h3", details)?.textContent;
  const open = new Map(all("details").map((it) => [name(it), it.open]));
  const href = document.activeElement.getAttribute("href");
  for (const part of ["title", "[rel=icon]", "main", "footer"]) one(part).replaceWith(one(part, page));
  for (const it of all("details")) it.open = open.get(name(it)) ?? it.open;
  if (href) all("main a").find((it) => it.getAttribute("href") === href)?.focus();
}

const ahead = ({ headers }) => Date.parse(headers.get("date")) + headers.get("age") * 1e3 - Date.now();

async function ask() {
  asked = Date.now();
  try {
    const answer = await fetch(location.href, { cache: "no-cache", signal: AbortSignal.timeout(2e4) });
    skew = ahead(answer);
    // An early date may be that of a copy on the way: then the server itself is asked.
    if (skew < -12e4) skew = ahead(await fetch(`?${Math.random()}`, { method: "HEAD" }));
    if (!(Math.abs(skew) > 12e4)) skew = 0;
    if (!answer.ok) throw answer;
    put(await answer.text());
    wait = apart(Math.max(6e4, 1e3 * /max-age=(\d+)|$/.exec(answer.headers.get("cache-control"))[1] || 0));
  } catch {
    wait = apart(Math.min(wait * 2, 36e5));
  }
}

async function turn() {
  if (built && !document.hidden && Date.now() - asked >= wait) await ask();
  say();
  tell();
}

// A clock that is behind the build, or that makes something due at once, may be wrong.
if (built && (now() < Date.parse(built) - 12e4 || next())) await ask();
await turn();
setInterval(turn, 1e4);
document.addEventListener("visibilitychange", turn);
