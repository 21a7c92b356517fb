// What a page says as time goes by without a new build, and what it does when one comes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";

import { ROOT, Site, browser } from "./site.mjs";

after(() => browser.close());

const CONFIG = `title = { en = "Example Status", ar = "حالة المثال" }
base_url = "https://status.example.com/"
languages = ["en", "ar"]
time_zone = "America/New_York"

[[components]]
id = "web"
name = { en = "Web", ar = "الموقع" }
`;

const at = (time) => Date.parse(`2022-12-28T${time}Z`);
const day = 24 * 60 * 60 * 1000;

const seen = (status = "operational", to = "22:00:00") =>
  `{"component":"web","status":"${status}","from":"2022-12-28T12:00:00Z","to":"2022-12-28T${to}Z","source":"probe"}\n`;

// Lets time go by as it does for a reader, in which there is time for the server to answer.
async function pass(site, page, minutes) {
  for (let step = 0; step < minutes * 6; step++) {
    site.server.time += 10_000;
    await page.clock.runFor(10_000);
    while (site.server.answering > 0) await new Promise((done) => setTimeout(done, 1));
    await page.evaluate(() => 0);
  }
}

const text = (page, selector) => page.locator(selector).first().innerText();
const own = (page) => page.locator(".headline .facts time").first().getAttribute("data-own");
const icon = (page) => page.locator("link[rel=icon]").getAttribute("href");

// Serves a site that was built at 22:00 and whose all-clear is good until 23:00.
async function clear(time) {
  const site = new Site(CONFIG);
  site.write("evidence/states.jsonl", seen());
  return site.build("2022-12-28T22:00:00Z").serve(time);
}

const WORDS = {
  "": ["All systems operational", "Status unconfirmed since Dec 28, 2022, 6:00"],
  "ar/": ["جميع الأنظمة تعمل", "الحالة غير مؤكدة منذ 28 ديسمبر 2022، 6:00"],
  "components/web/": ["Operational", "Status unconfirmed since Dec 28, 2022, 6:00"],
  "ar/components/web/": ["في الخدمة", "الحالة غير مؤكدة منذ 28 ديسمبر 2022، 6:00"],
};

for (const [path, [before, later]] of Object.entries(WORDS)) {
  const headline = path.includes("components") ? ".headline .detail" : "h1";
  for (const [clock, wrong] of [["right", 0], ["a day ahead", day], ["a day behind", -day]]) {
    test(`/${path} withdraws its all-clear, with a clock that is ${clock}`, async () => {
      const site = await clear(at("22:59:00"));
      const page = await site.open(path, at("22:59:00") + wrong);
      assert.ok((await text(page, headline)).startsWith(before));
      assert.match(await icon(page), /favicon-ok/);
      const title = await page.title();

      await pass(site, page, 2);
      const said = (await text(page, headline)).replaceAll(/[\u200e\u200f\u2066-\u2069]/g, "");
      assert.ok(said.startsWith(later), said);
      assert.match(await icon(page), /favicon-unknown/);
      assert.notEqual(await page.title(), title);
      assert.equal(await page.locator(".headline").count(), 1);
      assert.deepEqual(page.complaints, []);
      await site.close();
    });
  }
}

test("a page that is opened too late never shows its all-clear", async () => {
  for (const clock of ["23:05:00", "02:00:00"]) {
    const site = await clear(at("23:05:00"));
    const page = await site.open("", at(clock));
    assert.match(await text(page, "h1"), /Status unconfirmed/);
    await site.close();
  }
});

test("an old copy on the way does not turn the clock back", async () => {
  const site = await clear(at("23:05:00"));
  const { server } = site;
  // Whoever asks for the page itself gets a copy of 22:00; other addresses come from the server.
  const [handler] = server.listeners("request");
  server.removeAllListeners("request");
  server.on("request", (request, answer) => {
    server.time = request.url === "/" ? at("22:00:00") : at("23:05:00");
    handler(request, answer);
  });
  const page = await site.open("", at("23:05:00"));
  assert.match(await text(page, "h1"), /Status unconfirmed/);
  await site.close();
});

test("without a script the page is complete and says until when it is good", async () => {
  const site = await clear(at("22:10:00"));
  for (const path of ["", "components/web/"]) {
    const page = await site.open(path, undefined, { javaScriptEnabled: false });
    assert.match(await text(page, ".headline"), /Confirmed until Dec 28, 2022, 6:00\sPM EST/);
    const until = page.locator("time", { hasText: "6:00" }).first();
    assert.equal(await until.getAttribute("datetime"), "2022-12-28T23:00:00Z");
  }
  await site.close();
});

test("an open tab shows a new build without loading again", async () => {
  const site = await clear(at("22:10:00"));
  const page = await site.open("", at("22:10:00"));
  await page.evaluate(() => (window.mark = "the same document"));
  site.write("evidence/states.jsonl", seen("major_outage", "22:05:00"));
  site.build("2022-12-28T22:11:00Z");
  await pass(site, page, 2);
  assert.match(await text(page, "h1"), /Major outage/);
  assert.match(await page.title(), /^Major outage/);
  assert.match(await icon(page), /favicon-outage/);
  assert.equal(await page.evaluate(() => window.mark), "the same document");
  assert.deepEqual(page.complaints, []);
  await site.close();
});

test("an open tab asks seldom, and less often where it is told to or fails", async () => {
  const asked = async (change) => {
    const site = await clear(at("22:10:00"));
    Object.assign(site.server, change);
    const page = await site.open("", at("22:10:00"));
    site.server.requests.length = 0;
    await pass(site, page, 40);
    const count = site.server.requests.filter((request) => request === "GET /").length;
    await site.close();
    return count;
  };
  const usual = await asked({});
  assert.ok(usual >= 15 && usual <= 40, `${usual}`);
  const told = await asked({ caching: "max-age=600" });
  assert.ok(told >= 2 && told <= 5, `${told}`);
});

test("a failing server is left alone for longer and longer", async () => {
  const site = await clear(at("22:10:00"));
  const page = await site.open("", at("22:10:00"));
  site.server.status = 503;
  site.server.requests.length = 0;
  await pass(site, page, 40);
  const count = site.server.requests.length;
  assert.ok(count >= 2 && count <= 6, `${count}`);
  await site.close();
});

test("a late update and the hours of a maintenance are told", async () => {
  const site = new Site(CONFIG);
  site.write(
    "incidents/slow.md",
    "---\ntitle: Slow\ncomponents: { web: degraded_performance }\n---\n\n## Investigating · 2022-12-28 17:00 {next=30m}\n\nText.\n",
  );
  site.write(
    "incidents/work.md",
    "---\ntitle: Work\nkind: maintenance\ncomponents: [web]\nstarts: 2022-12-28 18:00\nends: 2022-12-28 19:00\n---\n\n## Scheduled · 2022-12-27 10:00\n\nText.\n",
  );
  await site.build("2022-12-28T22:05:00Z").serve(at("22:10:00"));
  for (const path of ["", "incidents/slow/"]) {
    const page = await site.open(path, at("22:10:00"));
    assert.match(await text(page, "main"), /Next update/);
    await pass(site, page, 21);
    assert.match(await text(page, "main"), /Overdue: an update was promised by/);
  }
  for (const path of ["", "incidents/work/"]) {
    site.server.time = at("22:10:00");
    const page = await site.open(path, at("22:10:00"));
    assert.doesNotMatch(await text(page, "main"), /In progress since|Planned to end/);
    await pass(site, page, 51);
    assert.match(await text(page, "main"), /In progress since/);
    await pass(site, page, 60);
    assert.match(await text(page, "main"), /Planned to end by/);
    assert.deepEqual(page.complaints, []);
  }
  await site.close();
});

test("a page that is not built as often as was promised says so", async () => {
  const site = new Site(`${CONFIG}\n[build]\nexpected_every = "1h"\n`);
  await site.build("2022-12-28T20:00:00Z").serve(at("20:10:00"));
  const page = await site.open("", at("20:10:00"));
  assert.doesNotMatch(await text(page, "main"), /Not updated since/);
  await pass(site, page, 111);
  assert.match(await text(page, "main"), /Not updated since Dec 28, 2022, 3:00/);
  await site.close();
});

test("times are told in the reader's zone too, and how far off they are", async () => {
  const site = await clear(at("22:10:00"));
  const home = await site.open("", at("22:10:00"));
  assert.match(await own(home), /^ \(10\smin\.\sago\)$/);
  const away = await site.open("", at("22:10:00"), { timezoneId: "Europe/Paris" });
  assert.match(await own(away), /^ \(10\smin\.\sago\)$/);
  assert.equal((await text(away, ".headline .facts time")).replaceAll(/\s/g, " "), "Dec 28, 2022, 11:00 PM");
  await site.close();
});

test("the script has at most 3.5 KB compressed", () => {
  const script = readFileSync(join(ROOT, "themes/default/assets/page.js"));
  assert.ok(gzipSync(script, { level: 9 }).length <= 3584);
});
