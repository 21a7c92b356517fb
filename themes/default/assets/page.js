/* All that may fail is only tried: a claim ends, whatever a browser lacks or refuses. */
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
  // A clock that is behind the build goes on from there.
  const behind = attempt(() => Date.parse(built) - asked);
  const least = behind > 12e4 ? behind : 0;
  let skew = least;
  const now = () => Date.now() + skew;

  /* Where no clock can be read, each instant has come. */
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

  /* In the reader's zone, with the page's digits. */
  const tag = attempt(() => `${lang}-u-ca-gregory${/\d/.test(one("main time").textContent) ? "-nu-latn" : ""}`, lang);
  const format = (options) => attempt(() => new Intl.DateTimeFormat(tag, options));
  const clock = { hour: "numeric", minute: "2-digit" };
  const date = { year: "numeric", month: "short", day: "numeric" };
  const timeZone = of("data-zone");
  const there = format({ ...date, ...clock, timeZone });
  const here = format({ ...date, ...clock });
  const dayThere = format({ ...date, timeZone });
  const dayHere = format(date);
  const clockHere = format(clock);
  const weekdayHere = format({ weekday: "short", ...clock });
  const far = attempt(() => new Intl.RelativeTimeFormat(tag, { numeric: "auto", style: "short" }));

  const relative = (minutes, inTwo) => {
    const length = Math.abs(minutes);
    const say = (size, unit) => far.format(Math.trunc(minutes / size), unit);
    const span = (count, unit) => count ? count.toLocaleString(tag, { style: "unit", unit }) : "";
    if (length >= 2880) return length < 10080 ? say(1440, "day") : "";
    const whole = say(1, "minute");
    if (inTwo && length > 59 && length < 1440) {
      // Not a part of an Arabic word.
      const all = RegExp(`${span(length, "minute")}(?![\u0620-\u064a])`);
      const two = attempt(() => whole.replace(all, `${span(Math.trunc(length / 60), "hour")} ${span(length % 60, "minute")}`), whole);
      if (two !== whole && length % 60) return two;
    }
    return length < 120 && length !== 60 ? whole : say(60, "hour");
  };

  const tell = (time, note) => {
    const at = new Date(time.dateTime);
    const before = attempt(() => new Date(time.previousElementSibling.matches(".from") && time.previousElementSibling.dateTime));
    attempt(() => {
      // A zone that this browser does not know is another one.
      if (attempt(() => here.format(at) === there.format(at))) return;
      const isSameDay = () => dayHere.format(at) === (before > 0 ? dayHere.format(before) : dayThere.format(at));
      const own = (time.matches(".clock, .from + *") && attempt(isSameDay) ? clockHere : time.matches(".clock") ? weekdayHere : here).format(at);
      note.hidden = false;
      time.title = time.title || time.textContent;
      time.textContent = own;
    });
    time.dataset.own = "";
    // Behind what has begun it would read as the begin.
    if (time.matches(".from") || (before > 0 && before <= now() && at > now())) return;
    const minutes = Math.trunc(((before > now() ? before : at) - now()) / 6e4);
    // Hebrew has a number behind the word for two.
    const off = attempt(() => relative(minutes, time.closest(".facts")).replace(/ \(\d+\)/, ""));
    if (off) time.dataset.own = ` (${off.replace(/\s+/g, "\xa0")})`;
  };

  const tellAll = () => {
    const note = attempt(() => {
      const parts = format({ timeZoneName: "long" }).formatToParts(now());
      const note = one(".zones");
      one("b", note).textContent = parts.find(({ type }) => type === "timeZoneName").value;
      return note;
    });
    const times = Array.from(all("main time[datetime*=T]:not(.day)"));
    const boxes = times.map((time) => attempt(() => time.closest("p, li, h3, dd")));
    // Nothing seen moves below what becomes shorter.
    const end = attempt(() => performance.getEntriesByType("paint")[0] && innerHeight);
    const heights = boxes.map((box) => attempt(() => box.getBoundingClientRect().top < end && box.offsetHeight));
    times.forEach((time) => attempt(() => tell(time, note)));
    boxes.forEach((box, at) => attempt(() => box.offsetHeight < heights[at] && (box.style.minBlockSize = `${heights[at]}px`)));
  };

  /* What is said anew is spoken, once. */
  let spoken = attempt(() => document.title);
  const speak = () => {
    if (document.title === spoken) return;
    spoken = document.title;
    one("[role=status]").textContent = spoken.replace(/ · [^·]*$/, "");
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

  /* What is left of an all-clear, as a line: decoration. */
  const drain = () => {
    const [from, until] = Array.from(all(".headline.all_clear time"), (time) => Date.parse(time.dateTime));
    if (until) one(".headline").style.setProperty("--left", Math.max(0, Math.min(1, (until - now()) / (until - from))));
  };

  const show = () => {
    say();
    attempt(drain);
    attempt(tellAll);
    attempt(speak);
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
    attempt(() => addEventListener("beforeprint", () => all("main details").forEach((it) => (it.open = true))));
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
