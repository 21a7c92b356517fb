// Badges, the page for frames, and the element, each on a page of another origin.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, test } from "node:test";

import { TEXTS } from "./hostile-texts.mjs";
import { Site, browser } from "./site.mjs";

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const CONFIG = `title = { en = "Example Status", ar = "حالة المثال" }
base_url = "https://status.example.com/"
languages = ["en", "ar", "pt-BR"]
time_zone = "America/New_York"

[[components]]
id = "web"
name = { en = "Web", ar = "الموقع" }
`;

const at = (time) => Date.parse(`2022-12-28T${time}Z`);
const BUILT = "2022-12-28T22:00:00Z";

const seen = (status = "operational", to = "22:00:00") =>
  `{"component":"web","status":"${status}","from":"2022-12-28T12:00:00Z","to":"2022-12-28T${to}Z","source":"probe"}\n`;

const incident = (title) =>
  `---\ntitle: ${JSON.stringify(title)}\ncomponents:\n  web: major_outage\nstarted: 2022-12-28 15:00\n---\n\n## Investigating · 2022-12-28 15:10\n\nWe are looking.\n`;

const closed = [];
after(async () => {
  await Promise.all(closed.map((close) => close()));
  await browser.close();
});

// Serves a site as a host does that lets other pages read it.
async function serve(site, time = at("22:10:00")) {
  await site.build(BUILT).serve(time);
  const [handler] = site.server.listeners("request");
  site.server.removeAllListeners("request");
  site.server.on("request", (request, answer) => {
    answer.setHeader("access-control-allow-origin", "*");
    handler(request, answer);
  });
  closed.push(() => site.close());
  return site;
}

// A site whose all-clear is good until 23:00.
async function clear(time) {
  const site = new Site(CONFIG);
  site.write("evidence/states.jsonl", seen());
  return serve(site, time);
}

async function down(title = "Log-in fails") {
  const site = new Site(CONFIG);
  site.write("evidence/states.jsonl", seen());
  site.write("incidents/down.md", incident(title));
  return serve(site);
}

// A page of another origin with this body, in a browser whose clock says `clock`.
async function host(body, { clock = at("22:10:00"), policy, lang = "en", ...options } = {}) {
  const server = createServer((request, answer) => {
    answer.setHeader("content-type", "text/html; charset=utf-8");
    if (policy) answer.setHeader("content-security-policy", policy);
    answer.end(`<!doctype html><html lang="${lang}"><title>Shop</title><body>${body}`);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  closed.push(() => server.close() && server.closeAllConnections());
  const context = await browser.newContext({ timezoneId: "Asia/Tokyo", ...options });
  const page = await context.newPage();
  page.complaints = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && page.complaints.push(message.text()));
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  page.on("dialog", (dialog) => (page.complaints.push(`dialog ${dialog.message()}`), dialog.dismiss()));
  if (options.javaScriptEnabled !== false) await page.clock.install({ time: clock });
  await page.goto(`http://127.0.0.1:${server.address().port}/`, { waitUntil: "networkidle" });
  return page;
}

// Lets time go by, in which there is time for the server to answer.
async function pass(site, page, minutes) {
  for (let step = 0; step < minutes * 6; step++) {
    site.server.time += 10_000;
    await page.clock.runFor(10_000);
    while (site.server.answering > 0) await new Promise((done) => setTimeout(done, 1));
    await page.evaluate(() => 0);
  }
}

const plain = (text) => text.replaceAll(/[\u200e\u200f\u2066-\u2069]/g, "").replaceAll(/\s+/g, " ").trim();

/* The page for frames */

const frame = (site, path = "embed/") => `<iframe src="${site.url}${path}" width="320" height="180" title="Status"></iframe>`;
const inFrame = async (page, selector) => plain(await page.frameLocator("iframe").locator(selector).first().innerText());

for (const [path, before, later] of [
  ["embed/", "All systems operational Confirmed until Dec 28, 2022, 6:00 PM EST", "Status unconfirmed Since Dec 28, 2022, 6:00 PM EST"],
  ["ar/embed/", "جميع الأنظمة تعمل مؤكدة حتى 28 ديسمبر 2022، 6:00 م EST", "الحالة غير مؤكدة منذ 28 ديسمبر 2022، 6:00 م EST"],
]) {
  test(`/${path} withdraws its all-clear inside of a frame`, async () => {
    const site = await clear(at("22:59:00"));
    const page = await host(frame(site, path), { clock: at("22:59:00") });
    assert.equal(await inFrame(page, "section"), before);
    await pass(site, page, 2);
    assert.equal(await inFrame(page, "section"), later);
    assert.equal(await page.frameLocator("iframe").locator("section").count(), 1);
    assert.deepEqual(page.complaints, []);
  });
}

test("a frame shows a new build, and what is open leads out of it", async () => {
  const site = await clear();
  const page = await host(frame(site));
  site.write("incidents/down.md", incident("Log-in fails"));
  site.build("2022-12-28T22:11:00Z");
  await pass(site, page, 2);
  assert.equal(await inFrame(page, "h1"), "Major outage");
  const link = page.frameLocator("iframe").getByRole("link", { name: "Log-in fails" });
  const [opened] = await Promise.all([page.context().waitForEvent("page"), link.click()]);
  await opened.waitForLoadState();
  assert.equal(opened.url(), `${site.url}incidents/down/`);
  assert.equal(await opened.evaluate(() => window.opener), null);
  assert.deepEqual(page.complaints, []);
});

test("a frame without a script says until when it is good", async () => {
  const site = await clear();
  const page = await host(frame(site), { javaScriptEnabled: false });
  assert.match(await inFrame(page, "section"), /Confirmed until Dec 28, 2022, 6:00 PM EST/);
});

test("a frame of 320 px holds what is long, and nothing in it moves", async () => {
  for (const title of ["Log-in fails", TEXTS["long without blanks"], TEXTS["combining tower"], TEXTS["long in Arabic"]]) {
    const site = await down(title);
    for (const path of ["embed/", "ar/embed/"]) {
      const page = await host(frame(site, path));
      const inside = page.frames()[1];
      const { width, moved, height } = await inside.evaluate(async () => {
        const moved = await new Promise((done) => {
          let sum = 0;
          new PerformanceObserver((list) => list.getEntries().forEach((it) => (sum += it.value))).observe({ type: "layout-shift", buffered: true });
          requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
        });
        return { width: document.scrollingElement.scrollWidth, height: document.scrollingElement.scrollHeight, moved };
      });
      assert.ok(width <= 320, `${width}`);
      assert.ok(height <= 260, `${height}`);
      assert.equal(moved, 0);
      await page.context().close();
    }
  }
});

test("axe finds nothing in the page for frames", async () => {
  const sites = { clear: await clear(), down: await down() };
  for (const [name, site] of Object.entries(sites)) {
    for (const path of ["embed/", "ar/embed/"]) {
      for (const colorScheme of ["light", "dark"]) {
        // In the dark a day has passed.
        const clock = at("22:10:00") + (colorScheme === "dark" ? 24 * 3600e3 : 0);
        site.server.time = clock;
        const page = await site.open(path, clock, { colorScheme, bypassCSP: true, viewport: { width: 320, height: 180 } });
        await page.evaluate(AXE);
        const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
        assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html} ${nodes[0].failureSummary}`), [], `${name} ${path} ${colorScheme}`);
        assert.deepEqual(page.complaints, []);
        await page.context().close();
      }
    }
  }
});

/* The element */

// As strict as a page can be that wants it.
const strict = (site) => `default-src 'none'; script-src ${site.url}embed.js; connect-src ${site.url}; require-trusted-types-for 'script'`;
const element = (site, attributes = "") =>
  `<script defer src="${site.url}embed.js"></script><allclear-status ${attributes}><a href="${site.url}">Our status</a></allclear-status>`;
const lines = async (page) => {
  const texts = await page.locator("allclear-status").evaluate((it) => ["b", "small"].map((name) => it.shadowRoot.querySelector(name).textContent));
  return texts.map(plain);
};
const look = (page) =>
  page.locator("allclear-status").evaluate((it) => {
    const link = it.shadowRoot.querySelector("a");
    const { backgroundColor, color, direction } = getComputedStyle(link);
    return { background: backgroundColor, color, direction, icon: getComputedStyle(link.querySelector("svg")).fill, href: link.href };
  });

test("the element says what the page says, under a strict policy", async () => {
  const site = await clear();
  const page = await host(element(site), { policy: strict(site) });
  assert.deepEqual(await lines(page), ["All systems operational", "Example Status · Confirmed until Dec 28, 2022, 6:00 PM EST"]);
  assert.deepEqual(await look(page), {
    background: "rgb(255, 255, 255)",
    color: "rgb(0, 0, 0)",
    direction: "ltr",
    icon: "rgb(11, 97, 53)",
    href: site.url,
  });
  assert.deepEqual(page.complaints, []);
});

test("the element has the language of its reader, and its direction", async () => {
  const site = await clear();
  const options = { policy: strict(site) };
  for (const [attributes, lang, href, text] of [
    ['lang="ar"', "en", "ar/", "جميع الأنظمة تعمل"],
    ["", "ar-EG", "ar/", "جميع الأنظمة تعمل"],
    ["", "pt", "pt-BR/", "Todos os sistemas funcionando"],
    ["", "fi", "", "All systems operational"],
  ]) {
    const page = await host(element(site, attributes), { ...options, lang });
    assert.equal((await lines(page))[0], text);
    const { direction, href: leads } = await look(page);
    assert.equal(direction, href === "ar/" ? "rtl" : "ltr");
    assert.equal(leads, site.url + href);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  }
});

test("the element is dark where its reader wants that", async () => {
  const site = await clear();
  const page = await host(element(site), { policy: strict(site), colorScheme: "dark" });
  const { background, color, icon } = await look(page);
  assert.deepEqual([background, color, icon], ["rgb(18, 18, 18)", "rgb(255, 255, 255)", "rgb(85, 201, 143)"]);
});

test("the element withdraws an all-clear although nothing answers", async () => {
  for (const clock of [at("22:58:00"), at("22:58:00") - 24 * 3600e3]) {
    const site = await clear(at("22:58:00"));
    // As somebody who serves a copy of 22:00 for ever.
    const page = await host(element(site), { policy: strict(site), clock });
    site.server.status = 500;
    site.server.removeAllListeners("request");
    site.server.on("request", (request, answer) => answer.destroy());
    await pass(site, page, 1);
    assert.equal((await lines(page))[0], "All systems operational");
    // A clock that is behind is that of the build, and goes on from there.
    await pass(site, page, clock === at("22:58:00") ? 2 : 62);
    assert.equal((await lines(page))[0], "Status unconfirmed");
    await page.context().close();
  }
});

test("an element that gets no answer claims nothing", async () => {
  const site = await down();
  const page = await host(element(site), { policy: strict(site) });
  assert.deepEqual(await lines(page), ["Major outage", "Example Status · As of Dec 28, 2022, 5:00 PM EST"]);
  site.server.removeAllListeners("request");
  site.server.on("request", (request, answer) => answer.writeHead(503, { "access-control-allow-origin": "*" }).end("{"));
  await pass(site, page, 2);
  assert.deepEqual(await lines(page), ["Status unconfirmed", ""]);
  // What answers may be something else.
  site.server.removeAllListeners("request");
  site.server.on("request", (request, answer) => answer.writeHead(200, { "access-control-allow-origin": "*" }).end('{"states":[]}'));
  await pass(site, page, 5);
  assert.deepEqual(await lines(page), ["Status unconfirmed", ""]);
  assert.ok(page.complaints.every((it) => it.includes("503")), page.complaints.join());
  await page.context().close();
  // Nor one that never got any: what stands inside of it stays until that is clear.
  const other = await clear();
  const lonely = await host(element(other, 'src="http://127.0.0.1:4/" lang="ar"'));
  assert.deepEqual(await lines(lonely), ["الحالة غير مؤكدة", ""]);
  assert.equal((await look(lonely)).direction, "rtl");
});

test("an element takes up news and another address", async () => {
  const site = await clear();
  const other = await down();
  const page = await host(element(site));
  site.write("incidents/down.md", incident("Log-in fails"));
  site.build("2022-12-28T22:11:00Z");
  await pass(site, page, 2);
  assert.equal((await lines(page))[0], "Major outage");
  const asked = site.server.requests.length;
  await page.locator("allclear-status").evaluate((it, src) => it.setAttribute("src", src), `${other.url.slice(0, -1)}`);
  await pass(other, page, 1);
  assert.equal((await look(page)).href, other.url);
  await page.locator("allclear-status").evaluate((it) => it.remove());
  const before = other.server.requests.length;
  await pass(other, page, 5);
  assert.equal(other.server.requests.length, before);
  assert.ok(asked <= 4, `${asked} requests`);
  assert.deepEqual(page.complaints, []);
});

test("without a script the element is what stands inside of it", async () => {
  const site = await clear();
  const page = await host(element(site), { javaScriptEnabled: false });
  assert.equal(await page.getByRole("link", { name: "Our status" }).count(), 1);
});

test("a reader of the element with a screen reader hears the status", async () => {
  const site = await clear();
  const page = await host(`<main><h1>Shop</h1>${element(site)}</main>`);
  assert.equal(await page.getByRole("status").count(), 1);
  assert.match(await page.getByRole("link").ariaSnapshot(), /All systems operational/);
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  assert.deepEqual(violations.map(({ id }) => id), []);
});

/* Hostile texts, in all of it */

const quoted = (text) => {
  const escaped = (char) => `\\U${char.codePointAt(0).toString(16).padStart(8, "0")}`;
  return `"${[...text].map((char) => (/[ -~]/.test(char) && !/["\\]/.test(char) ? char : escaped(char))).join("")}"`;
};

test("hostile names are text in badges, frames and elements", async () => {
  const texts = Object.values(TEXTS);
  const components = texts.map((text, at) => `[[components]]\nid = "c${at}"\nname = ${quoted(text)}\n`);
  const site = new Site(`title = ${quoted(`${TEXTS.script}${TEXTS["end of a section"]}${TEXTS["double quotes"]}`)}\nbase_url = "https://status.example.com/"\n${components.join("")}`);
  await serve(site);
  const images = texts.map((text, at) => `<img src="${site.url}components/c${at}/badge.svg">`);
  const page = await host(`${images.join("")}<img src="${site.url}badge.svg">${frame(site)}${element(site)}`);
  const broken = await page.evaluate(() => [...document.images].filter((it) => !(it.naturalWidth > 50 && it.naturalWidth < 700 && it.naturalHeight === 40)).map((it) => it.src));
  assert.deepEqual(broken, []);
  assert.match((await lines(page))[1], /<script>alert\('element'\)<\/script>\]\]>/);
  assert.match(await inFrame(page, "footer"), /<script>alert\('element'\)<\/script>/);
  // A picture may be opened by itself, and be read by other programs.
  for (const path of ["badge.svg", ...texts.map((text, at) => `components/c${at}/badge.svg`)]) {
    const picture = readFileSync(join(site.folder, "public", path), "utf8");
    const parsed = await page.evaluate((text) => {
      const document = new DOMParser().parseFromString(text, "image/svg+xml");
      return { error: document.querySelector("parsererror")?.textContent, names: [...new Set([...document.querySelectorAll("*")].map((it) => it.localName))].sort() };
    }, picture);
    assert.equal(parsed.error, undefined, path);
    assert.deepEqual(parsed.names.filter((name) => !["g", "path", "rect", "svg", "text", "title"].includes(name)), [], path);
    const { label, message } = JSON.parse(readFileSync(join(site.folder, "public", path.replace(".svg", ".json")), "utf8"));
    assert.ok(message && label.length < 1000, path);
  }
  await page.goto(`${site.url}badge.svg`);
  assert.deepEqual(page.complaints, []);
});
