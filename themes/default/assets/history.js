/* The filter of the history: shows the entries with some words, or of a component. All entries are in the page; without
   this script it shows them all, and no filter. The address keeps what is asked for. */
(() => {
  const filter = document.querySelector(".filter");
  if (!filter) return;
  const all = (selector, part = document) => Array.from(part.querySelectorAll(selector));
  const text = filter.querySelector("input");
  const choice = filter.querySelector("select");
  const status = filter.querySelector("[role=status]");
  const names = new Map(choice ? Array.from(choice.options, (it) => [it.value, it.text]) : []);

  /* Without accents, points, lengthening strokes and small letters, in whatever script. */
  const plain = (words) => words.normalize("NFKD").replace(/[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670\u2066-\u2069]/g, "").toUpperCase();

  const items = all("li[data-of]").map((item) => {
    const of = item.dataset.of.split(" ");
    return { item, of, text: plain([item.textContent, ...of.map((id) => names.get(id) || "")].join(" ")) };
  });
  const lists = all(".year details");
  const closed = new Map(lists.map((it) => [it, it.open]));
  const counted = (items) => items.filter(({ item }) => !item.classList.contains("later")).length;
  const number = new Intl.NumberFormat(document.documentElement.lang);
  let was = false;

  const show = () => {
    const words = plain(text.value).split(/\s+/).filter(Boolean);
    const id = choice ? choice.value : "";
    const is = words.length > 0 || id !== "";
    const hits = items.filter((it) => (!id || it.of.includes(id)) && words.every((word) => it.text.includes(word)));
    const shown = new Set(hits.map(({ item }) => item));
    for (const { item } of items) item.hidden = !shown.has(item);
    for (const part of all(".month, .year")) part.hidden = is && !all("li[data-of]", part).some((item) => shown.has(item));
    if (is && !was) for (const list of lists) closed.set(list, list.open);
    if (is || was) for (const list of lists) list.open = is || closed.get(list);
    was = is;
    const [count, total] = [counted(hits), counted(items)].map((it) => number.format(it));
    status.textContent = is ? filter.dataset.shown.replace("{count}", count).replace("{total}", total) : "";
  };

  const read = () => {
    const asked = new URLSearchParams(location.hash.slice(1));
    text.value = asked.get("text") || "";
    if (choice) choice.value = names.has(asked.get("of")) ? asked.get("of") : "";
    show();
  };

  const ask = () => {
    const asked = new URLSearchParams();
    if (text.value.trim()) asked.set("text", text.value.trim());
    if (choice && choice.value) asked.set("of", choice.value);
    const hash = `${asked}`;
    try {
      history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
    } catch {
      // A page on a disk, in some browsers: the filter works, and is not kept.
    }
    show();
  };

  filter.hidden = false;
  filter.addEventListener("input", ask);
  addEventListener("hashchange", read);
  read();
})();
