// A site whose every text is hostile: nothing of it runs, asks others for anything, or breaks the page, and readers and
// programs are given the text as it was written.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { TEXTS } from "./hostile-texts.mjs";
import { POLICY, PROGRAM, Site, TYPES, browser } from "./site.mjs";

const NOW = "2022-12-29T01:30:00Z";
const LANGUAGES = ["en", "ar", "de", "es", "fa", "fr", "he", "hi", "id", "it", "ja", "ko", "nl", "pl", "pt-BR", "ru", "tr", "uk", "zh", "zh-Hant"];
const NAMES = Object.keys(TEXTS);
const ALL = Object.values(TEXTS);

// A text between double quotes, as TOML and YAML read it.
const quoted = (text) => {
  const escaped = (char) => `\\U${char.codePointAt(0).toString(16).padStart(8, "0")}`;
  return `"${[...text].map((char) => (/[ -~]/.test(char) && !/["\\]/.test(char) ? char : escaped(char))).join("")}"`;
};

// What no page, feed or calendar may hold is shown as U+FFFD.
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef]|[\ufffe\uffff]|[\u{1ffff}\u{10ffff}]/gu;
const BLANKS = /[ \t\n\f\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;
const shown = (text) => text.replace(/\r\n?/g, "\n").replace(FORBIDDEN, "\ufffd").replace(BLANKS, " ").replace(/^ | $/g, "");

const COMPONENT = '[[components]]\nid = "web"\n';
const TITLE = 'title = "Hostile"\nbase_url = "https://status.example.com/"\n';

const sites = [];
function siteOf(config) {
  const site = new Site(config);
  sites.push(site);
  return site;
}

after(async () => {
  await Promise.all(sites.map((site) => site.close()));
  await browser.close();
});

// Builds a site, and serves it once with the policy of the README and once without any.
async function serve(site) {
  site.build(NOW);
  const listen = async (headers) => {
    const server = createServer((request, answer) => {
      let path = decodeURIComponent(new URL(request.url, "http://x").pathname);
      if (path.endsWith("/")) path += "index.html";
      try {
        const body = readFileSync(join(site.folder, "public", path));
        const type = TYPES[path.match(/\.\w+$/)?.[0]] ?? "application/octet-stream";
        answer.writeHead(200, { "content-type": type, "x-content-type-options": "nosniff", ...headers });
        answer.end(request.method === "HEAD" ? undefined : body);
      } catch {
        answer.writeHead(404).end();
      }
    });
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
    return server;
  };
  site.servers = { strict: await listen({ "content-security-policy": POLICY }), open: await listen({}) };
  const { close } = site;
  site.close = () => {
    for (const server of Object.values(site.servers)) {
      server.closeAllConnections();
      server.close();
    }
    return close.call(site);
  };
  return site;
}

const filesOf = (site, ending) => {
  const files = readdirSync(join(site.folder, "public"), { recursive: true });
  return files.filter((file) => file.endsWith(ending)).sort();
};

// Shows pages in several windows at once, and asserts that none does more than show text.
async function look(site, policy, paths, seen = async () => {}) {
  const url = `http://127.0.0.1:${site.servers[policy].address().port}/`;
  const context = await browser.newContext({ viewport: { width: policy === "strict" ? 380 : 1200, height: 800 } });
  const wrong = [];
  const left = [...paths];
  const one = async () => {
    const page = await context.newPage();
    let path;
    const note = (what) => wrong.push(`${path}: ${what}`.slice(0, 400));
    page.on("dialog", (dialog) => (note(`dialog ${dialog.message()}`), dialog.dismiss()));
    page.on("popup", () => note("popup"));
    page.on("pageerror", (error) => note(error));
    page.on("console", (message) => {
      // That a picture of an update is not there, `check` tells.
      const isMissing = message.text().includes("404") && message.location().url.includes("onerror");
      if (["error", "warning"].includes(message.type()) && !isMissing) note(message.text());
    });
    page.on("request", (request) => request.url().startsWith(url) || note(`asks for ${request.url()}`));
    page.on("framenavigated", (frame) => frame === page.mainFrame() || note("a frame"));
    while ((path = left.shift())) {
      await page.goto(url + encodeURI(path).replace(/[?#]/g, encodeURIComponent));
      if (!page.url().startsWith(url)) note(`leads to ${page.url()}`);
      const found = await page.evaluate(() => {
        const ours = (element) => new URL(element.src || element.href, document.baseURI).pathname.startsWith("/assets/");
        // The script keeps heights, and what is left of an all-clear.
        const isOurs = (element) => /^(min-block-size: [\d.]+px|--left: [\d.]+);$/.test(element.getAttribute("style"));
        // Whatever acts, but what the theme itself has.
        const active = document.querySelectorAll("script, style, iframe, object, embed, base, form, input, button, math, animate, foreignObject > :not(a), meta[http-equiv=refresh], link[rel=stylesheet]");
        const acting = [...active].filter((it) => !(it.matches("script[src], link") && ours(it)) && !it.matches("script[type='application/ld+json'], #filter-text"));
        const all = [...document.querySelectorAll("*"), ...[...document.querySelectorAll("template")].flatMap((it) => [...it.content.querySelectorAll("*")])];
        const handled = all.filter((it) => it.getAttributeNames().some((name) => name.startsWith("on") || (name === "style" && !isOurs(it)) || name === "srcdoc" || name === "autofocus"));
        const led = all.filter((it) => ["href", "src", "action", "formaction", "xlink:href"].some((name) => {
          const address = it.getAttribute(name);
          return address !== null && !/^(https?|mailto|tel|webcal):$/.test(new URL(address, document.baseURI).protocol) && !/^data:image\//.test(address);
        }));
        const past = [...document.body.querySelectorAll("*")].filter((it) => {
          const { left, right, width } = it.getBoundingClientRect();
          return width && it.checkVisibility() && (left < -1 || right > innerWidth + 1) && !it.closest(".table, .unseen, .skip, svg, .timeline, pre");
        });
        return {
          acting: [...acting, ...handled, ...led].map((it) => it.outerHTML.slice(0, 200)),
          wider: Math.max(0, document.documentElement.scrollWidth - innerWidth),
          past: past.slice(0, 2).map((it) => it.outerHTML.slice(0, 200)),
        };
      });
      if (found.acting.length) note(`acts: ${found.acting}`);
      if (found.wider || found.past.length) note(`${found.wider} px too wide: ${found.past}`);
      await seen(page, path, note);
    }
    await page.close();
  };
  await Promise.all([one(), one(), one()]);
  await context.close();
  return wrong;
}

// What stands in the first element that fits, without the blanks around it.
const textOf = async (page, selector) => {
  const text = await page.evaluate((selector) => document.querySelector(selector)?.textContent, selector);
  return text && shown(text);
};

// Each text as each text of a site, but for those of which a site has one.
function hostileSite() {
  let config = TITLE;
  const site = siteOf();
  const states = [];
  ALL.forEach((text, i) => {
    const day = `2022-12-${String(1 + (i % 28)).padStart(2, "0")}`;
    config += `[[groups]]\nid = "g${i}"\nname = ${quoted(text)}\n`;
    config += `[[components]]\nid = "c${i}"\nname = ${quoted(text)}\ndescription = ${quoted(text)}\ngroup = "g${i}"\n`;
    config += `[[signals]]\nid = "s${i}"\nname = ${quoted(text)}\nunit = ${quoted(text)}\ncomponents = ["c${i}"]\nthreshold = 5\nfile = "evidence/s${i}.csv"\n`;
    site.write(`evidence/s${i}.csv`, `time,value\n${day}T09:00:00Z,1\n${day}T10:00:00Z,15\n${day}T11:00:00Z,1\n`);
    states.push({ component: `c${i}`, status: "operational", from: `${day}T10:00:00Z`, source: text });
    states.push({ component: `c${i}`, status: "major_outage", from: `${day}T10:00:00Z`, source: "operator", reason: text, until: `${day}T10:30:00Z` });
    site.write(
      `incidents/i${i}.md`,
      `---\ntitle: ${quoted(text)}\ncomponents: { c${i}: partial_outage }\nstarted: ${day} 10:00\n` +
        `corrections: [{ at: 2022-12-28 20:00, note: ${quoted(text)} }]\n---\n\n` +
        `## Investigating · ${day} 10:10\n\nWe look.\n\n## Resolved · ${day} 10:20\n\n${text}\n`,
    );
    site.write(`pages/p${i}.md`, `---\ntitle: ${quoted(text)}\n---\n\n${text}\n`);
  });
  site.write(
    "incidents/work.md",
    `---\ntitle: ${quoted(TEXTS["end of a script"])}\nkind: maintenance\ncomponents: [c0]\nstarts: 2022-12-30 10:00\nends: 2022-12-30 11:00\n---\n`,
  );
  config += `[sources.probe]\nignore = [${ALL.map((text, i) => `{ from = "2022-11-01 00:00", until = "2022-11-01 00:0${i % 9 + 1}", reason = ${quoted(text)} }`)}]\n`;
  site.write("allclear.toml", config);
  site.write("evidence/states.jsonl", states.map((state) => `${JSON.stringify(state)}\n`).join(""));
  return site;
}

// In a message braces hold a value; and what a theme says may hold nothing that has to be replaced.
const isNoMessage = (text) => /[{}]/.test(text) || text.search(FORBIDDEN) >= 0;

// The texts of which a site has one: its title, in as many languages as there are, and what its theme says. Links too, which
// stand on each page.
function namedSite(named) {
  const languages = LANGUAGES.slice(0, named.length);
  const site = siteOf();
  const titles = languages.map((language, i) => `${language} = ${quoted(named[i])}`);
  let config = `title = { ${titles} }\nbase_url = "https://status.example.com/"\nlanguages = ${JSON.stringify(languages)}\ntheme = "own"\n`;
  named.forEach((text, i) => (config += `[[links]]\nname = ${quoted(text)}\nurl = "https://example.com/${i}"\n`));
  config += '[[components]]\nid = "web"\n[theme_options]\n';
  let theme = 'contract = 2\nextends = "default"\n';
  let template = '{% include "default/headline.html" %}';
  named.forEach((text, i) => {
    config += `text${i} = ${quoted(text)}\n`;
    theme += `[options.text${i}]\ntype = "text"\nabout = ${quoted(text)}\ndefault = "none"\n`;
    template += `<p class="option">{{ site.options.text${i} }}</p><div class="prose">{{ site.options.text${i} | markdown }}</div>`;
    if (!isNoMessage(text)) site.write(`themes/own/messages/${languages[i]}.toml`, `page-history = ${quoted(text)}\n`);
  });
  site.write("themes/own/theme.toml", theme);
  site.write("themes/own/templates/headline.html", template);
  site.write("allclear.toml", config);
  return { site, languages };
}

let texts;
before(async () => (texts = await serve(hostileSite())));

for (const policy of ["strict", "open"]) {
  test(`nothing in a text runs, asks, or breaks a page: ${policy}`, async () => {
    const pages = filesOf(texts, ".html");
    assert.ok(pages.length > 3 * ALL.length, `${pages.length} pages`);
    let compared = 0;
    const wrong = await look(texts, policy, pages, async (page, path, note) => {
      const [, kind, number] = path.match(/^(?:(components|incidents)\/[ci]|p)(\d+)\/index\.html$/) ?? [];
      if (number === undefined) return;
      const heading = await textOf(page, "h1");
      compared++;
      if (!heading.includes(shown(ALL[number]))) note(`${kind ?? "page"} says ${heading}`);
    });
    assert.deepEqual(wrong, []);
    assert.equal(compared, 3 * ALL.length);
  });
}

for (let first = 0; first < ALL.length; first += LANGUAGES.length) {
  test(`what stands on every page does no harm either: ${NAMES[first]} and others`, async () => {
    const named = ALL.slice(first, first + LANGUAGES.length);
    const { site, languages } = namedSite(named);
    await serve(site);
    const index = (i) => (i ? `${languages[i]}/index.html` : "index.html");
    for (const policy of ["strict", "open"]) {
      const wrong = await look(site, policy, languages.map((_, i) => index(i)), async (page, path, note) => {
        const text = named[languages.findIndex((_, i) => index(i) === path)];
        const title = await textOf(page, "header");
        if (!title.includes(shown(text))) note(`title ${title}`);
        const options = await page.$$eval("p.option", (all) => all.map((it) => it.textContent));
        assert.deepEqual(options.map(shown), named.map(shown));
        const links = await page.$$eval("nav a[href^='https://example.com/']", (all) => all.map((it) => it.textContent));
        assert.deepEqual(links.map(shown), named.map(shown));
      });
      assert.deepEqual(wrong, []);
    }
  });
}

// What `check` finds in a site.
function findings(site) {
  const words = ["check", "--site", site.folder, "--now", NOW, "--format", "json", "--all"];
  const { stdout } = spawnSync(PROGRAM, words, { encoding: "utf8", maxBuffer: 1e9 });
  return JSON.parse(stdout).diagnostics;
}

// The texts that are refused, where each stands on a line of its own in a file.
function refused(site, file, isLine) {
  const errors = findings(site).filter((it) => it.severity === "error" && it.at?.file === file);
  const lines = readFileSync(join(site.folder, file), "utf8").split("\n");
  const numbers = lines.flatMap((line, number) => (isLine(line) ? [number + 1] : []));
  assert.equal(numbers.length, ALL.length);
  return NAMES.filter((_, i) => errors.some((it) => it.at.line === numbers[i]));
}

test("an address leads to a page, or lets somebody write or call, or is refused", () => {
  const links = ALL.map((text) => `[[links]]\nname = "Link"\nurl = ${quoted(text)}\n`).join("");
  const site = siteOf(TITLE + links + COMPONENT);
  const isAddress = (name) => /^(https?:\/\/|mailto:|tel:)\S+$/.test(TEXTS[name]);
  assert.deepEqual(refused(site, "allclear.toml", (line) => line.startsWith("url =")), NAMES.filter((name) => !isAddress(name)));
});

test("a colour is a colour, or is refused", () => {
  const site = siteOf(`${TITLE}theme = "own"\n${COMPONENT}[theme_options]\n${ALL.map((text, i) => `color${i} = ${quoted(text)}\n`).join("")}`);
  const options = ALL.map((_, i) => `[options.color${i}]\ntype = "color"\nabout = "A colour"\ndefault = "#112233"\n`);
  site.write("themes/own/theme.toml", `contract = 2\nextends = "default"\n${options.join("")}`);
  assert.deepEqual(refused(site, "allclear.toml", (line) => /^color\d+ =/.test(line)), NAMES);
});

test("a message with braces that hold nothing, or with controls, is refused", () => {
  const others = NAMES.filter((name) => isNoMessage(TEXTS[name]));
  assert.ok(others.length > 5 && others.length <= LANGUAGES.length, `${others}`);
  const languages = LANGUAGES.slice(0, others.length);
  const site = siteOf(`${TITLE}languages = ${JSON.stringify(languages)}\ntheme = "own"\n${COMPONENT}`);
  site.write("themes/own/theme.toml", 'contract = 2\nextends = "default"\n');
  const file = (i) => `themes/own/messages/${languages[i]}.toml`;
  others.forEach((name, i) => site.write(file(i), `page-history = ${quoted(TEXTS[name])}\n`));
  const wrong = new Set(findings(site).filter((it) => it.severity === "error").map((it) => it.at?.file));
  assert.deepEqual([...wrong].sort(), others.map((_, i) => file(i)).sort());
});

test("an update that a text swallows is refused", () => {
  const site = siteOf(TITLE + COMPONENT);
  ALL.forEach((text, i) => {
    const body = text.replace(/^---/, "- - -");
    site.write(`incidents/i${i}.md`, `---\ntitle: T\nstarted: 2022-12-01 10:00\n---\n\n## Investigating · 2022-12-01 10:10\n\n${body}\n\n## Resolved · 2022-12-01 10:20\n`);
  });
  const wrong = findings(site).filter((it) => it.code === "bad-update-heading").map((it) => NAMES[it.at.file.match(/\d+/)[0]]);
  assert.deepEqual([...new Set(wrong)].sort(), ["a comment", "markdown code", "script in capitals"]);
});

test("half a character in evidence is refused", () => {
  const site = siteOf(TITLE + COMPONENT);
  const line = { component: "web", status: "operational", from: "2022-12-28T18:00:00Z", source: "x" };
  site.write("evidence/states.jsonl", `${JSON.stringify({ ...line, source: "\ud800" })}\n${JSON.stringify(line)}\n`);
  assert.deepEqual(findings(site).filter((it) => it.severity === "error").map((it) => [it.at.file, it.at.line]), [["evidence/states.jsonl", 1]]);
});

test("names of files that are taken do no harm, and others are refused", async () => {
  const site = siteOf(TITLE + COMPONENT);
  const post = (title) => `---\ntitle: ${quoted(title)}\ncomponents: { web: partial_outage }\nstarted: 2022-12-01 10:00\n---\n\n## Resolved · 2022-12-01 10:20\n`;
  // What begins with a number sign or a dot is an editor's.
  const named = NAMES.filter((name) => !/[/\0]|^[#.]/.test(TEXTS[name]) && Buffer.byteLength(TEXTS[name]) < 240);
  assert.ok(named.length > 30, `${named.length}`);
  const files = { post: (name) => `incidents/${TEXTS[name]}.md`, picture: (name) => `incidents/bundle/${TEXTS[name]}.png` };
  let links = "";
  for (const name of named) {
    site.write(files.post(name), post(name));
    site.write(files.picture(name), "");
    links += `![x](<${encodeURI(TEXTS[name]).replace(/[?#]/g, encodeURIComponent)}.png>)\n`;
  }
  site.write("incidents/bundle/index.md", `${post("Bundle")}\n${links}`);
  // What cannot be published at all is told once the rest is right.
  const refused = new Set();
  for (let errors = [true]; errors.length > 0; ) {
    errors = findings(site).filter((it) => it.severity === "error").map((it) => it.at.file);
    for (const file of errors) {
      assert.ok(!refused.has(file), file);
      rmSync(join(site.folder, file));
      refused.add(file);
    }
  }
  for (const name of named) {
    const isRefused = refused.has(files.post(name));
    assert.ok(isRefused || !/[\s\p{Cc}<>"'`:?\\|*&{}]/u.test(TEXTS[name]), `${name} is an address`);
    assert.ok(refused.has(files.picture(name)) || !/[\p{Cc}\\<>"|:*?]/u.test(TEXTS[name]), `${name} is a picture's name`);
  }
  await serve(site);
  for (const policy of ["strict", "open"]) {
    const wrong = await look(site, policy, filesOf(site, ".html"));
    assert.deepEqual(wrong.filter((it) => !it.includes("404")), []);
  }
});

// The lines of a calendar, put together again, each as its name and its value.
const calendarLines = (text) =>
  text.replace(/\r\n[ \t]/g, "").split("\r\n").filter(Boolean).map((line) => [line.split(/[;:]/)[0], line.slice(line.indexOf(":") + 1)]);

test("feeds and calendars hold the texts, and can be read", async () => {
  const site = siteOf(`${TITLE}${COMPONENT}`);
  ALL.forEach((text, i) => {
    const day = String(1 + (i % 28)).padStart(2, "0");
    site.write(`incidents/w${i}.md`, `---\ntitle: ${quoted(text)}\nkind: maintenance\ncomponents: [web]\nstarts: 2023-01-${day} 10:00\nends: 2023-01-${day} 11:00\n---\n\n## Scheduled · 2022-12-28 10:10\n\n${text.replace(/^---/, "- - -").replace("## Resolved", "## Completed")}\n`);
    site.write(`incidents/i${i}.md`, `---\ntitle: ${quoted(text)}\nstarted: 2022-12-28 10:00\n---\n\n## Resolved · 2022-12-28 10:${String(10 + (i % 50))}\n\n${text}\n`);
  });
  site.build(NOW);
  const bytes = readFileSync(join(site.folder, "public/maintenance.ics"));
  const calendar = bytes.toString();
  assert.ok(calendar.split("\r\n").every((line) => Buffer.byteLength(line) <= 75 && !/[\r\n]/.test(line)));
  assert.ok(Buffer.from(calendar).equals(bytes), "the calendar is no UTF-8");
  const lines = calendarLines(calendar);
  const count = (name, value) => lines.filter(([it, that]) => it === name && that === value).length;
  assert.deepEqual([count("BEGIN", "VEVENT"), count("END", "VEVENT")], [ALL.length, ALL.length]);
  const summaries = lines.filter(([name]) => name === "SUMMARY").map(([, value]) => shown(value.replace(/\\(.)/g, (_, char) => (/[nN]/.test(char) ? "\n" : char))));
  for (const [name, text] of Object.entries(TEXTS)) {
    assert.ok(summaries.some((it) => it.includes(shown(text))), `${name} is not in the calendar`);
  }

  const page = await browser.newPage();
  const titles = [];
  const files = filesOf(site, "").filter((file) => /\.(atom|rss|svg|json|xml)$/.test(file));
  for (const file of files) {
    const text = readFileSync(join(site.folder, "public", file), "utf8");
    if (file.endsWith(".json")) {
      JSON.parse(text);
      continue;
    }
    const read = await page.evaluate((text) => {
      const xml = new DOMParser().parseFromString(text, "application/xml");
      const inner = [...xml.querySelectorAll("content[type=html], summary[type=html]")].map((it) => {
        const html = new DOMParser().parseFromString(it.textContent, "text/html");
        const acting = [...html.querySelectorAll("script, style, iframe, object, embed, base, form, math, svg, meta, link")];
        const handled = [...html.querySelectorAll("*")].filter((it) => it.getAttributeNames().some((name) => /^(on|srcdoc$|style$)/.test(name)) || /^(javascript|data|vbscript):/i.test(it.href ?? it.src ?? ""));
        return [...acting, ...handled].map((it) => it.outerHTML.slice(0, 100));
      });
      return {
        error: xml.querySelector("parsererror")?.textContent,
        titles: [...xml.querySelectorAll("entry > title")].map((it) => it.textContent),
        acting: inner.flat(),
      };
    }, text);
    assert.deepEqual([read.error, read.acting], [undefined, []], file);
    titles.push(...read.titles.map(shown));
  }
  await page.close();
  assert.ok(files.some((file) => file.endsWith(".atom")));
  assert.ok(titles.length > 20, `${titles.length} entries`);
  for (const title of titles) assert.ok(ALL.some((text) => title.includes(shown(text))), title);
});
