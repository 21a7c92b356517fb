// Lighthouse of the page in an outage, of an incident and of a component, on a phone: 100 in all that it looks at, but for
// performance. That score is of the machine, too: where Chromium starts slowly, an empty page has 80. Of it counts what no
// clock measures, and the score is printed beside that of an empty page.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import lighthouse from "lighthouse";
import { launch } from "chrome-launcher";

import { Site, browser } from "./site.mjs";

// Playwright's browser is not needed here.
await browser.close();

const BUILT = "2022-12-29T01:30:00Z";
const WHOLE = ["accessibility", "best-practices", "seo"];
const UNTIMED = [
  "bf-cache",
  "cumulative-layout-shift",
  "dom-size",
  "duplicated-javascript",
  "font-display",
  "legacy-javascript",
  "no-document-write",
  "redirects",
  "total-byte-weight",
  "unsized-images",
  "unused-javascript",
  "uses-long-cache-ttl",
  "uses-passive-event-listeners",
  "viewport",
];
const demo = Site.demo();
await demo.build(BUILT).serve(Date.parse(BUILT) + 60_000);
const chrome = await launch({
  chromePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  chromeFlags: ["--headless=new", "--no-sandbox"],
  logLevel: "silent",
});
after(async () => {
  chrome.kill();
  await demo.close();
});

// What Lighthouse says of a page.
async function report(url) {
  const options = { port: chrome.port, output: "json", logLevel: "silent", onlyCategories: ["performance", ...WHOLE] };
  // Chromium may be too slow to load anything on a busy machine.
  for (let run = 0; ; run++) {
    const { lhr } = await lighthouse(url, options);
    if (!lhr.runtimeError) return lhr;
    assert.ok(run < 2, lhr.runtimeError.message);
  }
}

const score = ({ categories }, name) => Math.round(100 * categories[name].score);

let empty;
before(async () => {
  const server = createServer((_, answer) => {
    answer.setHeader("content-type", "text/html");
    answer.end('<!DOCTYPE html><html lang="en"><meta name="viewport" content="width=device-width"><title>Empty</title><p>Nothing');
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  empty = score(await report(`http://127.0.0.1:${server.address().port}/`), "performance");
  server.close();
});

for (const path of ["", "incidents/2022-12-28-login-failures/", "components/login/"]) {
  test(`Lighthouse finds nothing to better: /${path}`, async (t) => {
    const lhr = await report(demo.url + path);
    const lost = WHOLE.flatMap((name) => lhr.categories[name].auditRefs)
      .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 1)
      .map(({ id }) => `${id}: ${lhr.audits[id].displayValue ?? lhr.audits[id].score}`);
    assert.deepEqual(lost, []);
    assert.deepEqual(WHOLE.map((name) => score(lhr, name)), [100, 100, 100]);
    const short = UNTIMED.filter((id) => lhr.audits[id].score !== 1).map((id) => `${id}: ${lhr.audits[id].displayValue}`);
    assert.deepEqual(short, []);
    t.diagnostic(`performance: ${score(lhr, "performance")}, and ${empty} of an empty page on this machine`);
  });
}
