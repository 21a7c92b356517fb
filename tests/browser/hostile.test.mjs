// A site whose every text is hostile: nothing of it runs, asks others for anything, or breaks the page, and readers and
// programs are given the text as it was written.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { TEXTS } from "./hostile-texts.mjs";
import { POLICY, PROGRAM, Site, TYPES, browser } from "./site.mjs";

const NOW = "2022-12-29T01:30:00Z";
const LANGUAGES = ["en", "ar", "de", "es", "fa", "fr", "he", "hi", "id", "ja", "pt-BR", "ru", "tr", "uk", "zh"];
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

const sites = [];
after(async () => {
  await Promise.all(sites.map((site) => site.close()));
  await browser.close();
});

// Builds a site, and serves it once with the policy of the README and once without any.
async function serve(site) {
  sites.push(site);
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
        // Whatever acts, but what the theme itself has.
        const active = document.querySelectorAll("script, style, iframe, object, embed, base, form, input, button, math, animate, foreignObject > :not(a), meta[http-equiv=refresh], link[rel=stylesheet]");
        const acting = [...active].filter((it) => !(it.matches("script[src], link") && ours(it)) && !it.matches("script[type='application/ld+json']"));
        const all = [...document.querySelectorAll("*"), ...[...document.querySelectorAll("template")].flatMap((it) => [...it.content.querySelectorAll("*")])];
        const handled = all.filter((it) => it.getAttributeNames().some((name) => name.startsWith("on") || name === "style" || name === "srcdoc" || name === "autofocus"));
        const led = all.filter((it) => ["href", "src", "action", "formaction", "xlink:href"].some((name) => {
          const address = it.getAttribute(name);
          return address !== null && !/^(https?|mailto|tel|webcal):$/.test(new URL(address, document.baseURI).protocol) && !/^data:image\//.test(address);
        }));
        const past = [...document.body.querySelectorAll("*")].filter((it) => {
          const { left, right, width } = it.getBoundingClientRect();
          // Marks piled upon one letter cannot be broken, and are cut off.
          const isTower = it.textContent.includes("\u0300\u0316\u0337");
          return width && !isTower && (left < -1 || right > innerWidth + 1) && !it.closest(".table, .unseen, .skip, svg, .timeline, pre");
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
  let config = 'title = "Hostile"\nbase_url = "https://status.example.com/"\n';
  const site = new Site();
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
  const site = new Site();
  const titles = languages.map((language, i) => `${language} = ${quoted(named[i])}`);
  let config = `title = { ${titles} }\nbase_url = "https://status.example.com/"\nlanguages = ${JSON.stringify(languages)}\ntheme = "own"\n`;
  named.forEach((text, i) => (config += `[[links]]\nname = ${quoted(text)}\nurl = "https://example.com/${i}"\n`));
  config += '[[components]]\nid = "web"\n[theme_options]\n';
  let theme = 'contract = 1\nextends = "default"\n';
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

// What `check` finds in a site, as `file: code`.
function found(site) {
  const words = ["check", "--site", site.folder, "--now", NOW, "--format", "json", "--all"];
  const { stdout } = spawnSync(PROGRAM, words, { encoding: "utf8", maxBuffer: 1e9 });
  return JSON.parse(stdout).diagnostics;
}

test("what would mislead a template, a browser or a reader is refused", () => {
  const build = (config = "") => {
    const site = new Site(`title = "Hostile"\nbase_url = "https://status.example.com/"\n${config}[[components]]\nid = "web"\n`);
    sites.push(site);
    return site;
  };
  const errorsOf = (site, file) => found(site).filter((it) => it.severity === "error" && (!file || it.path === file));

  // Addresses: those that lead to a page, or let somebody write or call.
  for (const [name, text] of Object.entries(TEXTS)) {
    const errors = errorsOf(build(`[[links]]\nname = "Link"\nurl = ${quoted(text)}\n`));
    const leads = /^(https?:\/\/|mailto:|tel:)[^\s]+$/.test(text) && !/[<>"]/.test(text);
    assert.equal(errors.length === 0, leads, `${name}: ${JSON.stringify(errors)}`);
  }
});
