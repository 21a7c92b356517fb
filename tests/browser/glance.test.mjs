// The index at a glance: its bars for every eye and every finger, its height, and the line of the all-clear.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Site, browser } from "./site.mjs";

const BUILT = "2022-12-29T01:30:00Z";
const WIDTHS = [320, 360, 640, 768, 900, 1280];

const config = (components) => `title = "Glance"\nbase_url = "https://status.example.com/"\n${components}`;

const component = (id, more = "") => `\n[[components]]\nid = "${id}"\nname = "${id}"\nsince = 2022-01-01\n${more}`;

const incident = (id, status, day, next = "") => `---
title: ${id} fails
components: {${id}: ${status}}
started: ${day}T10:00:00Z
---

## Investigating · ${day}T10:00:00Z${next}

Looking for what it is.
`;

const over = (day) => `\n## Resolved · ${day}T10:30:00Z\n\nDone.\n`;

// Observed but for one day.
const observed = (id) =>
  [["2022-09-01T00:00:00Z", "2022-12-12T00:00:00Z"], ["2022-12-14T00:00:00Z", BUILT]]
    .map(([from, to]) => JSON.stringify({ component: id, status: "operational", from, to, source: "probe" }) + "\n")
    .join("");

const days = new Site(config(component("web", 'states = { valid_for = "15m" }')));
const large = new Site(config(Array.from({ length: 80 }, (_, at) => component(`part-${at}`, `group = "g${at % 8}"`)).join("")
  + Array.from({ length: 8 }, (_, at) => `\n[[groups]]\nid = "g${at}"\nname = "Group ${at}"\n`).join("")));

before(async () => {
  days.write("evidence/web.jsonl", observed("web"));
  for (const [day, status] of [["2022-12-20", "major_outage"], ["2022-12-21", "degraded_performance"], ["2022-10-10", "partial_outage"]]) {
    days.write(`incidents/${day}.md`, incident("web", status, day) + over(day));
  }
  for (let at = 0; at < 20; at++) {
    const status = ["major_outage", "partial_outage", "degraded_performance"][at % 3];
    const named = [0, 1].map((more) => `part-${at * 2 + more}: ${status}`).join(", ");
    const day = `2022-12-${25 + (at % 4)}`;
    large.write(`incidents/${at}.md`, incident("x", status, day, " {next=30m}").replace(/\{x: \w+\}/, `{${named}}`));
  }
  for (const site of [days, large]) await site.build(BUILT).serve(Date.parse(BUILT) + 60_000);
});

after(async () => {
  await Promise.all([days, large].map((site) => site.close()));
  await browser.close();
});

// How many pixels of each of the last days' bars differ from what is around them; a sheet of paper has room for 90.
async function inks(page, days) {
  const box = await page.locator(".bars").first().boundingBox();
  const png = (await page.screenshot({ clip: box })).toString("base64");
  return page.evaluate(async ([url, days]) => {
    const picture = new Image();
    picture.src = url;
    await picture.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: picture.width, height: picture.height });
    const pen = canvas.getContext("2d");
    pen.drawImage(picture, 0, 0);
    const light = (x, y) => {
      const [red, green, blue] = pen.getImageData(x, y, 1, 1).data;
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const ground = light(0, 0);
    return Array.from({ length: days }, (_, day) => {
      const x = Math.round((canvas.width * (day + 0.4)) / days);
      return Array.from({ length: canvas.height }, (_, y) => light(x, y)).filter((it) => Math.abs(it - ground) > 40).length;
    });
  }, [`data:image/png;base64,${png}`, days]);
}

for (const [eye, look] of Object.entries({
  "in colour": async () => {},
  "in the dark": (page) => page.emulateMedia({ colorScheme: "dark" }),
  "in forced colours": (page) => page.emulateMedia({ forcedColors: "active" }),
  "on paper": (page) => page.emulateMedia({ media: "print" }),
  "without colours": async (page) => {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Emulation.setEmulatedVisionDeficiency", { type: "achromatopsia" });
  },
})) {
  test(`a troubled day is told from a quiet one, and from one not measured, ${eye}`, async () => {
    const [width, deviceScaleFactor, bars] = eye === "on paper" ? [794, 3, 90] : [360, 1, 30];
    const page = await days.open("", Date.parse(BUILT) + 60_000, { viewport: { width, height: 800 }, deviceScaleFactor, bypassCSP: true });
    await look(page);
    const found = (await inks(page, bars)).slice(-30);
    // The last bar is that of 28 December, in UTC.
    const of = (day) => found[day];
    const [quiet, major, degraded, unknown] = [of(18), of(20), of(21), of(12)];
    assert.ok(major > degraded + 3 && degraded > quiet + 3 && quiet > unknown + 3 && unknown > 0, JSON.stringify(found));
    await page.context().close();
  });
}

for (const width of WIDTHS) {
  test(`what can be reached is in sight and wide enough for a finger, at ${width} px`, async () => {
    for (const site of [days, large]) {
      const page = await site.open("", Date.parse(BUILT) + 60_000, { viewport: { width, height: 800 } });
      const small = await page.evaluate(() =>
        [...document.querySelectorAll("main a, main summary, nav a")]
          .filter((it) => it.checkVisibility() && !it.closest(".prose"))
          .map((it) => [it.getBoundingClientRect(), it.outerHTML.slice(0, 100)])
          .filter(([box]) => box.width < 24 || box.height < 24 || box.left < 0 || box.right > innerWidth)
          .map(([box, html]) => `${box.width} x ${box.height} at ${box.left}: ${html}`),
      );
      assert.deepEqual(small.slice(0, 5), []);
      await page.context().close();
    }
  });
}

test("the words of a day stand below its bar while it is pointed at or has the focus", async () => {
  const page = await days.open("", Date.parse(BUILT) + 60_000, { viewport: { width: 1280, height: 800 } });
  const link = page.locator(".bars a").last();
  const words = () => link.evaluate((it) => getComputedStyle(it, "::after").content);
  assert.equal(await words(), "none");
  const wanted = '"Dec 20, 2022: Major outage for 30 min · Dec 21, 2022: Degraded performance for 30 min"';
  await link.focus();
  assert.equal(await words(), wanted);
  await page.evaluate(() => document.activeElement.blur());
  assert.equal(await words(), "none");
  await link.hover();
  assert.equal(await words(), wanted);
  await page.context().close();
});

test("the index of 80 components with 20 open incidents is no longer than 6,000 px on a phone", async () => {
  const page = await large.open("", Date.parse(BUILT) + 60_000, { viewport: { width: 360, height: 800 } });
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  assert.ok(height < 6_000, `${height} px`);
  await page.context().close();
});

test("the line of an all-clear shows what is left of its life, and moves nothing", async () => {
  const line = async (clock, options = {}) => {
    days.server.time = Date.parse(BUILT) + clock * 60_000;
    const page = await days.open("", options.javaScriptEnabled ?? days.server.time, { viewport: { width: 1280, height: 800 }, ...options });
    const found = await page.evaluate(() => {
      const { content, transform } = getComputedStyle(document.querySelector(".headline"), "::after");
      return content === "none" ? null : Math.round(10 * (/matrix\(([^,]*)/.exec(transform)?.[1] ?? 1)) / 10;
    });
    assert.deepEqual(page.complaints, []);
    await page.context().close();
    return found;
  };
  assert.equal(await line(0), 1);
  assert.equal(await line(3), 0.8);
  assert.equal(await line(12), 0.2);
  assert.equal(await line(16), null);
  assert.equal(await line(3, { reducedMotion: "reduce" }), null);
  assert.equal(await line(0, { javaScriptEnabled: false }), 0);
});
