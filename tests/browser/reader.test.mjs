// What the script adds for one reader: times of their own, a word when the headline changes, and nothing that moves.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";

import { ROOT, Site, browser } from "./site.mjs";

const BUILT = Date.parse("2026-11-27T09:30:00Z");
const NOW = BUILT + 2 * 60_000;
const ZONES = { home: "Europe/Berlin", west: "America/Los_Angeles", east: "Asia/Tokyo" };
const LANGUAGES = ["en", "ar", "de", "he", "ja"];
const ALL = readdirSync(join(ROOT, "src/locale/messages"))
  .filter((name) => name.endsWith(".toml") && name !== "optional.toml")
  .map((name) => name.replace(".toml", ""))
  .sort((one, other) => (other === "en") - (one === "en"));

const config = (count) => {
  const components = Array.from({ length: count }, (_, at) => `[[components]]\nid = "c${at}"\nname = "Service ${at}"\nsince = 2026-06-01\n`);
  return `title = "Northwind Status"
base_url = "https://status.example.com/"
languages = ${JSON.stringify(LANGUAGES)}
time_zone = "Europe/Berlin"

${components.join("\n")}`;
};

const evidence = (count, bad = {}, to = "09:30") =>
  Array.from({ length: count }, (_, at) =>
    `{"component":"c${at}","status":"${bad[at] ?? "operational"}","from":"2026-10-01T00:00:00Z","to":"2026-11-27T${to}:00Z","source":"probe"}\n`).join("");

const PAYMENTS = `---
title: Card payments fail
components: { c0: major_outage, c1: degraded_performance }
started: 2026-11-27 07:55
---

## Investigating · 2026-11-27 08:05

We are looking into failing card payments.

## Identified · 2026-11-27 09:55 {next=45m}

Our payment provider has found the cause and is working on a fix.
`;

const work = (starts, ends) => `---
title: Search index
kind: maintenance
components: [c3]
starts: ${starts}
ends: ${ends}
---

## Scheduled · 2026-11-20 10:00

The index is built anew.
`;

// A night with an outage, work under way and work to come, built at 10:30 in Berlin.
const night = new Site(config(12));
night.write("evidence/states.jsonl", evidence(12));
night.write("incidents/payments.md", PAYMENTS);
night.write("incidents/index.md", work("2026-11-27 10:00", "2026-11-27 11:48"));
night.write("incidents/later.md", work("2026-11-29 02:00", "2026-11-29 02:30"));
await night.build(new Date(BUILT).toISOString()).serve(NOW);

after(async () => {
  await night.close();
  await browser.close();
});

// What a reader sees of each time on a page, and the site's own behind it.
async function times(path, timezoneId) {
  const page = await night.open(path, NOW, { timezoneId });
  const found = await page.locator("main time:not(.day)").evaluateAll((all) =>
    all.map((it) => [it.innerText + (it.dataset.own ?? ""), it.title].map((text) => text.replaceAll(/[\u00a0\u202f]/g, " "))));
  const note = page.locator(".zones");
  const zones = (await note.isVisible()) ? await note.innerText() : "";
  assert.deepEqual(page.complaints, []);
  await page.context().close();
  return { found, zones };
}

// The clock of a page says `NOW`. One that Playwright installs hides from the page what has been painted.
const setClock = (page) =>
  page.addInitScript((ahead) => {
    const Real = Date;
    window.Date = class extends Real {
      constructor(...parts) {
        super(...(parts.length ? parts : [Real.now() + ahead]));
      }
      static now() {
        return Real.now() + ahead;
      }
    };
  }, NOW - Date.now());

const without = (texts) => texts.map(([text]) => text);

test("how far off a time is, is never rounded up", async () => {
  const { found, zones } = await times("", ZONES.home);
  const text = without(found).join("\n");
  assert.match(text, /^Nov 27, 2026, 7:55 AM CET \(2 hrs?,? 37 min\.? ago\)$/m);
  assert.match(text, /^Nov 27, 2026, 9:55 AM CET \(37 min\.? ago\)$/m);
  assert.match(text, /^Nov 27, 2026, 8:05 AM CET \(2 hr\.? ago\)$/m);
  assert.match(text, /^Nov 20, 2026, 10:00 AM CET$/m);
  assert.equal(zones, "");
});

test("a range says its zone once, and how far off it is once", async () => {
  const { found } = await times("", ZONES.home);
  const text = without(found).join("\n");
  // Behind what has begun, how far off its end is would read as its begin.
  assert.match(text, /^Nov 27, 2026, 10:00 AM\n11:48 AM CET$/m);
  assert.match(text, /^Nov 29, 2026, 2:00 AM\n2:30 AM CET \(in 39 hr\.?\)$/m);
});

test("a reader elsewhere has times of their own, with the day, and is told so once", async () => {
  const { found, zones } = await times("", ZONES.west);
  const said = Object.fromEntries(found.map(([own, site]) => [site, own]));
  assert.match(said["Nov 27, 2026, 7:55 AM CET"], /^Nov 26, 2026, 10:55 PM \(2 hr/);
  assert.equal(said["Nov 29, 2026, 2:00 AM"], "Nov 28, 2026, 5:00 PM");
  assert.match(said["2:30 AM CET"], /^5:30 PM \(in 39 hr/);
  assert.doesNotMatch(without(found).join(), /GMT|CET|PST/);
  assert.equal(zones, "Times without a time zone are in yours (Pacific Standard Time). The service runs on CET.");
});

test("where the reader has another day and the date is left out, the day of the week is not", async () => {
  // 22:00 to 23:30 in Berlin is 6:00 to 7:30 on the next day in Tokyo; 14:00 to 18:00 there ends a day later.
  const site = new Site(config(4));
  site.write("incidents/evening.md", work("2026-11-28 22:00", "2026-11-28 23:30"));
  site.write("incidents/noon.md", work("2026-11-28 14:00", "2026-11-28 18:00"));
  await site.build(new Date(BUILT).toISOString()).serve(NOW);
  const page = await site.open("", NOW, { timezoneId: ZONES.east });
  const ranges = await page.locator("main .event .facts").evaluateAll((all) => all.map((it) => it.innerText.replaceAll(/\s/g, " ").trim()));
  assert.deepEqual(ranges, ["Nov 28, 2026, 10:00 PM – Sun 2:00 AM", "Nov 29, 2026, 6:00 AM – 7:30 AM"]);
  await page.context().close();
  await site.close();
});

test("where a range is over midnight at the site and within a day for the reader, the day is said once", async () => {
  const site = new Site(config(4).replace(/languages = .*/, `languages = ${JSON.stringify(ALL)}`));
  site.write("incidents/night.md", work("2026-11-28 20:00", "2026-11-29 00:30"));
  await site.build(new Date(BUILT).toISOString()).serve(NOW);
  assert.equal(ALL.length, 20);
  for (const language of ALL) {
    const page = await site.open(language === "en" ? "" : `${language}/`, NOW, { timezoneId: "UTC" });
    const [from, to, years, said] = await page.locator("main .event .facts").first().evaluate((facts) => {
      const [from, to] = Array.from(facts.querySelectorAll("time"), (it) => it.textContent);
      return [from, to, (facts.innerText.match(/2026|۲۰۲۶/g) ?? []).length, facts.innerText];
    });
    assert.equal(years, 1, `${language}: ${said}`);
    assert.ok(from.length > to.length && to.length > 3, `${language}: ${said}`);
    if (language === "en") assert.equal(said.replaceAll(/\s/g, " ").trim(), "Nov 28, 2026, 7:00 PM – 11:30 PM");
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  }
  // Two days remain two days.
  const page = await site.open("", NOW, { timezoneId: "Europe/Helsinki" });
  const said = await page.locator("main .event .facts").first().innerText();
  assert.equal(said.replaceAll(/\s/g, " ").trim(), "Nov 28, 2026, 9:00 PM – Nov 29, 2026, 1:30 AM");
  await page.context().close();
  await site.close();
});

test("no line stays empty below times that are shorter for the reader", async () => {
  const site = new Site(config(4));
  site.write("evidence/states.jsonl", evidence(4));
  const log = Array.from({ length: 8 }, (_, at) => `## Update · 2026-11-09 1${at}:55\n\nStill at it.\n`).join("\n");
  site.write("incidents/old.md", `---\ntitle: Old\ncomponents: { c0: major_outage }\nstarted: 2026-11-09 07:55\nended: 2026-11-09 18:40\n---\n\n${log}\n## Resolved · 2026-11-09 19:12\n\nOver.\n`);
  await site.build(new Date(BUILT).toISOString()).serve(NOW);
  const path = "incidents/old/";
  // What is too high for what stands in it, and where.
  const empty = () => Array.from(document.querySelectorAll("main :is(p, li, h3, dd)"), (it) => {
    const { top, height } = it.getBoundingClientRect();
    const kept = it.style.minBlockSize;
    it.style.minBlockSize = "";
    const natural = it.getBoundingClientRect().height;
    it.style.minBlockSize = kept;
    return { top, lost: height - natural };
  }).filter(({ lost }) => lost > 1);
  const open = async (late) => {
    const context = await browser.newContext({ timezoneId: "UTC", viewport: { width: 390, height: 700 } });
    // A style sheet holds back the first picture of a page; a script does not.
    await context.route(late ? /\/page\.\w+\.js$/ : /\.css$/, async (route) => {
      await new Promise((done) => setTimeout(done, 400));
      await route.continue();
    });
    const page = await context.newPage();
    await setClock(page);
    await page.goto(site.url + path, { waitUntil: "load" });
    await page.locator("main time[data-own]").first().waitFor({ state: "attached" });
    return page;
  };
  const inTime = await open(false);
  assert.deepEqual(await inTime.evaluate(empty), []);
  await inTime.context().close();
  // Where all has been seen, what is in view keeps its place, and only that.
  const late = await open(true);
  const found = await late.evaluate(empty);
  assert.ok(found.length > 0);
  assert.deepEqual(found.filter(({ top }) => top >= 700), []);
  await late.context().close();
  await site.close();
});

test("text behind the headline keeps away from its box, whatever is foretold between them", async () => {
  const site = new Site(config(4).replace('name = "Service 3"', 'name = "Service 3"\ndescription = "Finds things."'));
  site.write("evidence/states.jsonl", evidence(4));
  site.write("incidents/soon.md", work("2026-11-27 10:40", "2026-11-27 12:30"));
  await site.build(new Date(BUILT).toISOString()).serve(NOW);
  const page = await site.open("components/c3/", NOW, { timezoneId: ZONES.home });
  const { templates, gap } = await page.locator("main > .headline").evaluate((box) => {
    const behind = [];
    for (let it = box.nextElementSibling; it; it = it.nextElementSibling) behind.push(it);
    const first = behind.findIndex((it) => !it.matches("template"));
    return { templates: first, gap: behind[first].getBoundingClientRect().top - box.getBoundingClientRect().bottom };
  });
  assert.ok(templates > 1, `${templates}`);
  assert.equal(gap, 24);
  await page.context().close();
  await site.close();
});

test("in Hebrew a time is read from right to left, and no number follows the word for two", async () => {
  const page = await night.open("he/", NOW, { timezoneId: ZONES.home });
  const time = page.locator("main .posted time").first();
  assert.equal(await time.evaluate((it) => getComputedStyle(it).direction), "rtl");
  const all = await page.locator("main time").evaluateAll((all) => all.map((it) => it.dataset.own ?? "").join());
  assert.doesNotMatch(all, /\(\d+\)/);
  assert.match(all, /לפני/);
  await page.context().close();
});

test("the headline is spoken when it changes, once, and nothing else is", async () => {
  const site = new Site(config(2));
  site.write("evidence/states.jsonl", evidence(2));
  // Its evidence holds for an hour.
  await site.build(new Date(BUILT).toISOString()).serve(NOW);
  const page = await site.open("", NOW, { timezoneId: ZONES.home });
  await page.evaluate(() => {
    window.spoken = [];
    const region = document.querySelector("[role=status]");
    new MutationObserver(() => window.spoken.push(region.textContent)).observe(region, { childList: true, characterData: true, subtree: true });
  });
  const pass = async (minutes) => {
    for (let step = 0; step < minutes * 6; step++) {
      site.server.time += 10_000;
      await page.clock.runFor(10_000);
      while (site.server.answering > 0) await new Promise((done) => setTimeout(done, 1));
      await page.evaluate(() => 0);
    }
    return page.evaluate(() => window.spoken.map((text) => text.replaceAll(/\s/g, " ")));
  };
  assert.deepEqual(await pass(3), []);
  const unconfirmed = "Status unconfirmed since Nov 27, 2026, 11:30 AM CET";
  assert.deepEqual(await pass(58), [unconfirmed]);
  // A build that says the same says nothing new, and one that says another thing does.
  site.write("incidents/slow.md", "---\ntitle: Slow\ncomponents: { c0: degraded_performance }\n---\n\n## Investigating · 2026-11-27 11:32\n\nText.\n");
  site.build("2026-11-27T10:33:00Z");
  assert.deepEqual(await pass(3), [unconfirmed, "Degraded performance"]);
  assert.equal(await page.locator("[aria-live]").count(), 0);
  assert.equal(await page.locator("[role=status]").count(), 1);
  assert.equal(await page.locator("main [role=status]").count(), 0);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
  await site.close();
});

test("the menu of languages covers the page and moves nothing", async () => {
  for (const [path, width] of [["", 320], ["", 1280], ["he/", 360]]) {
    const page = await night.open(path, NOW, { viewport: { width, height: 740 } });
    const top = () => page.locator("h1").evaluate((it) => it.getBoundingClientRect().top);
    const before = await top();
    await page.locator(".languages summary").click();
    const menu = await page.locator(".languages ul").boundingBox();
    assert.equal(await top(), before);
    assert.ok(menu.x >= 0 && menu.x + menu.width <= width, JSON.stringify(menu));
    await page.locator(".languages a[lang=ja]").click({ trial: true });
    await page.context().close();
  }
});

for (const [name, timezoneId] of Object.entries(ZONES)) {
  for (const [device, width, height] of [["phone", 360, 740], ["desktop", 1280, 900]]) {
    test(`nothing moves when the script comes late: ${name}, ${device}`, async () => {
      const context = await browser.newContext({ timezoneId, viewport: { width, height } });
      await context.route(/\/page\.\w+\.js$/, async (route) => {
        await new Promise((done) => setTimeout(done, 400));
        await route.continue();
      });
      for (const path of ["", "incidents/payments/", "components/c0/", "de/"]) {
        const page = await context.newPage();
        await setClock(page);
        await page.addInitScript(() => {
          window.shift = 0;
          const observer = new PerformanceObserver((list) => list.getEntries().forEach((it) => (window.shift += it.value)));
          observer.observe({ type: "layout-shift", buffered: true });
        });
        await page.goto(night.url + path, { waitUntil: "load" });
        await page.locator("main time[data-own]").first().waitFor({ state: "attached" });
        // By then the browser has told of all that has moved.
        await new Promise((done) => setTimeout(done, 150));
        const shift = await page.evaluate(() => window.shift);
        assert.ok(shift <= 0.02, `${path}: ${shift}`);
        await page.close();
      }
      await context.close();
    });
  }
}
