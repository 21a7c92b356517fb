/* What the build foresaw is said at its instant, and another build is put in when it comes.
   A claim ends whatever a browser lacks or refuses: all that may fail is only tried. */
(() => {
  const attempt = (action, otherwise) => {
    try {
      return action();
    } catch {
      return otherwise;
    }
  };
  const all = (selector, page = document) => page.querySelectorAll(selector);
  const one = (selector, page = document) => page.querySelector(selector);
  const of = (name) => document.documentElement.getAttribute(name);
  const lang = of("lang");
  const built = of("data-built");
  let shown = attempt(() => one("main").innerHTML);
  // Tabs that were opened together do not ask together.
  const apart = (wait) => wait * attempt(() => 1 + Math.random() / 2, 1);
  let wait = apart(6e4);
  let asked = attempt(() => Date.now());
  // The instant of the build has come; a clock that is behind it, by so much, goes on from there.
  const behind = attempt(() => Date.parse(built) - asked);
  const least = behind > 12e4 ? behind : 0;
  let skew = least;
  const now = () => Date.now() + skew;

  /* Whether an instant has come; where no clock can be read, each has. */
  const hasCome = (template) => attempt(() => !(Date.parse(template.getAttribute("data-from")) > now()), true);

  const put = (template) => {
    const before = template.previousElementSibling;
    const html = template.getAttribute("data-html");
    try {
      template.innerHTML = html;
      const first = template.content.firstElementChild;
      const title = first.getAttribute("data-title");
      const icon = first.getAttribute("data-icon");
      before.replaceWith(template.content);
      if (title) attempt(() => (document.title = title));
      if (icon) attempt(() => (one("link[rel=icon]").href = icon));
    } catch {
      // Its words at least.
      before.textContent = html.replace(/<[^>]*>/g, " ");
      document.title = /data-title="([^"]*)/.exec(html)[1];
    }
  };

  const say = () => {
    for (let pass = 0; pass < 3; pass++)
      for (const template of all("template[data-from]"))
        if (hasCome(template)) {
          attempt(() => put(template));
          attempt(() => template.remove());
        }
  };

  /* In the reader's own zone, and how far off. */
  const format = (options) => attempt(() => new Intl.DateTimeFormat(lang, options));
  const there = format({ dateStyle: "short", timeStyle: "short", timeZone: of("data-zone") });
  const here = format({ dateStyle: "short", timeStyle: "short" });
  const short = format({ hour: "numeric", minute: "numeric", timeZoneName: "short" });
  const far = attempt(() => new Intl.RelativeTimeFormat(lang, { numeric: "auto", style: "short" }));

  const tell = (time) => {
    const at = new Date(time.dateTime);
    const minutes = (at - now()) / 6e4;
    const [unit, size] = [["day", 1440], ["hour", 60]].find(([, size]) => Math.abs(minutes) >= size) || ["minute", 1];
    const parts = [];
    // A zone that this browser does not know is another one.
    attempt(() => there && here.format(at) === there.format(at) || parts.push(short.format(at)));
    if (Math.abs(minutes) < 10080) attempt(() => parts.push(far.format(Math.round(minutes / size), unit)));
    time.dataset.own = parts[0] ? ` (${parts.join(", ")})` : "";
  };

  /* Another build takes the place of this one. */
  const take = (text) => {
    const page = new DOMParser().parseFromString(text, "text/html");
    const main = one("main", page);
    if (!main || main.innerHTML === shown) return;
    const style = (page) => attempt(() => one("[rel=stylesheet]", page).getAttribute("href"));
    if (style(page) !== style(document)) return location.reload();
    shown = main.innerHTML;
    const name = (details) => attempt(() => one("h3", details).textContent);
    const open = attempt(() => new Map(Array.from(all("details"), (it) => [name(it), it.open])));
    const href = attempt(() => document.activeElement.getAttribute("href"));
    for (const part of ["main", "title", "[rel=icon]", "footer"]) attempt(() => one(part).replaceWith(one(part, page).cloneNode(true)));
    attempt(() => all("details").forEach((it) => (it.open = open.has(name(it)) ? open.get(name(it)) : it.open)));
    attempt(() => href && Array.from(all("main a")).find((it) => it.getAttribute("href") === href).focus());
  };

  const ahead = ({ headers }) => Date.parse(headers.get("date")) + headers.get("age") * 1e3 - Date.now();

  const ask = async () => {
    try {
      asked = Date.now();
      const signal = attempt(() => AbortSignal.timeout(2e4));
      const answer = await fetch(location.href, { cache: "no-cache", signal });
      let offset = ahead(answer);
      // An early date may be that of a copy on the way: then the server itself is asked.
      if (offset < -12e4) offset = ahead(await fetch(`?${Math.random()}`, { method: "HEAD", signal }));
      if (!(Math.abs(offset) > 12e4) || offset < behind - 12e4) offset = least;
      // What was said too early, by a clock that is ahead, is taken back.
      if (offset < skew - 12e4) shown = "";
      skew = offset;
      if (!answer.ok) throw answer;
      take(await answer.text());
      wait = apart(Math.max(6e4, 1e3 * /max-age=(\d+)|$/.exec(answer.headers.get("cache-control"))[1] || 0));
    } catch {
      wait = apart(wait < 18e5 ? wait * 2 : 36e5);
    }
  };

  /* What is left of an all-clear's life, as a line that empties: decoration, which nothing rests on. */
  const drain = () => {
    const [from, until] = Array.from(all(".headline.all_clear time"), (time) => Date.parse(time.dateTime));
    if (until) one(".headline").style.setProperty("--left", Math.max(0, Math.min(1, (until - now()) / (until - from))));
  };

  const show = () => {
    say();
    attempt(drain);
    attempt(() => all("main time[datetime*=T]:not(.day)").forEach((time) => attempt(() => tell(time))));
  };

  const turn = async () => {
    show();
    if (!attempt(() => built && !document.hidden && Math.abs(Date.now() - asked) >= wait)) return;
    await attempt(ask);
    show();
  };

  const again = () => {
    turn();
    attempt(() => setTimeout(again, 1e4));
  };

  const start = async () => {
    attempt(() => document.addEventListener("visibilitychange", turn));
    // A clock that is behind the build, or that makes something due at once, may be wrong.
    const isOdd = attempt(() => built && (least || Array.from(all("template[data-from]")).some(hasCome)));
    if (isOdd) {
      // But not for long.
      attempt(() => setTimeout(turn, 3e3));
      await attempt(ask);
    }
    show();
  };

  start();
  if (!attempt(() => setInterval(turn, 1e4))) again();
})();
