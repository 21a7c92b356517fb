// Every kind of page, in both themes and both directions, as readers with different needs meet it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { ROOT, Site, browser } from "./site.mjs";

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const BUILT = "2022-12-29T01:30:00Z";
const LANGUAGES = ["en", "ar", "de", "es", "fa", "fr", "he", "hi", "id", "it", "ja", "ko", "nl", "pl", "pt-BR", "ru", "tr", "uk", "zh", "zh-Hant"];
const THEMES = ["default", "plain"];

// One page of each kind.
const PAGES = [
  "",
  "incidents/2022-12-28-login-failures/",
  "incidents/2022-11-22-late-notifications/",
  "incidents/2023-01-14-notification-queue/",
  "incidents/backup/",
  "components/notifications/",
  "history/",
  "history/2022-12/",
  "about/",
  "subscribe/",
  "404.html",
];

const BACKUP = `---
title: Backup
kind: maintenance
components: [notifications]
starts: 2022-12-03 02:00
ends: 2022-12-03 03:30
repeat: FREQ=WEEKLY
---
`;

// The demo with a theme and in all languages, and with work that is done each week; it has texts in the first two
// languages only.
const sites = Object.fromEntries(THEMES.map((theme) => [theme, Site.demo()]));

before(async () => {
  const config = readFileSync(join(ROOT, "allclear.toml"), "utf8")
    .replace('languages = ["en", "ar"]', `languages = ${JSON.stringify(LANGUAGES)}`);
  for (const [theme, site] of Object.entries(sites)) {
    site.write("incidents/backup.md", BACKUP);
    site.write("pages/imprint.md", "---\ntitle: Imprint\n---\n\nThis is a [page](../about/) of our own.\n");
    site.write("allclear.toml", config.replace('theme = "default"', `theme = "${theme}"`));
    await site.build(BUILT).serve(Date.parse(BUILT) + 60_000);
  }
});

after(async () => {
  await Promise.all(Object.values(sites).map((site) => site.close()));
  await browser.close();
});

// Shows each page in turn in one window.
async function each(site, language, options, look, pages = PAGES) {
  const { clock, ...others } = { clock: Date.parse(BUILT) + 60_000, ...options };
  const context = await browser.newContext({ timezoneId: "Asia/Tokyo", bypassCSP: true, ...others });
  const page = await context.newPage();
  const foreign = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(site.url)) foreign.push(request.url());
  });
  if (clock) await page.clock.install({ time: clock });
  for (const path of pages) {
    const address = path === "404.html" && language ? `${language}/404.html` : language ? `${language}/${path}` : path;
    await page.goto(site.url + address, { waitUntil: "load" });
    await look(page, address);
  }
  assert.deepEqual(foreign, []);
  await context.close();
}

// What an element's looks decide, and not what it is: looked at in each scheme and width.
const LOOKS = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"];

for (const theme of THEMES) {
  for (const language of ["", "ar", "de", "he", "ja"]) {
    for (const colorScheme of ["light", "dark"]) {
      for (const width of [320, 1280]) {
        // Other languages differ in their letters and their direction, not in their colours.
        if (!["", "ar"].includes(language) && (colorScheme === "light") !== (width === 320)) continue;
        test(`axe finds nothing: ${theme}, ${language || "en"}, ${colorScheme}, ${width} px`, async () => {
          // In the dark a day has passed without a build: what pages say then must be as accessible.
          const clock = Date.parse(BUILT) + (colorScheme === "dark" ? 24 * 3600e3 : 60e3);
          const options = { colorScheme, clock, viewport: { width, height: 800 } };
          const isWhole = (colorScheme === "light") === (width === 320);
          const rules = isWhole ? {} : { runOnly: LOOKS };
          await each(sites[theme], language, options, async (page, path) => {
            await page.evaluate(AXE);
            const { violations } = await page.evaluate((rules) => window.axe.run(document, { resultTypes: ["violations"], ...rules }), rules);
            const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
            assert.deepEqual(found, [], path);
          }, [...PAGES, "embed/", "imprint/"]);
        });
      }
    }
  }

  for (const language of ["", "ar"]) {
    const where = `${theme}, ${language || "en"}`;
    test(`what is pressed is at least 24 pixels wide and high: ${where}`, async () => {
      for (const width of [320, 1280]) {
        await each(sites[theme], language, { viewport: { width, height: 800 } }, async (page, path) => {
          const small = await page.evaluate(() => {
            const all = [...document.querySelectorAll("a[href], summary, button, select, input:enabled")];
            // A link within a sentence is as high as its line.
            const isInText = (it) => getComputedStyle(it).display === "inline" && it.parentElement.innerText.trim() !== it.innerText.trim();
            const shown = all.filter((it) => it.checkVisibility({ visibilityProperty: true }) && !it.matches(".skip") && !isInText(it));
            return shown.flatMap((it) => {
              const { width, height } = it.getBoundingClientRect();
              return width >= 23.9 && height >= 23.9 ? [] : [`${width} x ${height}: ${it.outerHTML.slice(0, 100)}`];
            });
          });
          assert.deepEqual(small, [], `${path} at ${width} px`);
        });
      }
    });

    test(`nothing scrolls sideways, at 320 px and with text at 200 %: ${where}`, async () => {
      for (const [width, size] of [[320, "100%"], [360, "100%"], [640, "200%"], [1280, "200%"]]) {
        await each(sites[theme], language, { viewport: { width, height: 800 } }, async (page, path) => {
          await page.addStyleTag({ content: `html { font-size: ${size} !important }` });
          const found = await page.evaluate(() => {
            const wide = [...document.body.querySelectorAll("*")].filter((element) => {
              const { left, right } = element.getBoundingClientRect();
              return (left < -1 || right > innerWidth + 1) && element.checkVisibility() && !element.closest(".table, .unseen, .skip, svg, .timeline, .headline");
            });
            const clipped = [...document.body.querySelectorAll("*")].filter(
              (element) => getComputedStyle(element).overflowY === "hidden" && element.scrollHeight > element.clientHeight + 1,
            );
            return {
              width: document.documentElement.scrollWidth - innerWidth,
              wide: wide.map((element) => element.outerHTML.slice(0, 120)),
              clipped: clipped.filter((it) => !it.closest(".unseen, svg")).map((it) => it.outerHTML.slice(0, 120)),
            };
          });
          assert.deepEqual(found, { width: Math.min(0, found.width), wide: [], clipped: [] }, `${path} at ${width} px, ${size}`);
        });
      }
    });

    test(`the keyboard reaches everything in order, and the focus is seen: ${where}`, async () => {
      await each(sites[theme], language, { viewport: { width: 1280, height: 800 } }, async (page, path) => {
        const wanted = await page.evaluate(() => {
          const all = [...document.querySelectorAll("a[href], summary, [tabindex], button, select, input:enabled")].filter((it) => it.checkVisibility());
          all.forEach((element, number) => (element.dataset.number = number));
          return all.length;
        });
        for (let number = 0; number < wanted; number++) {
          await page.keyboard.press("Tab");
          const found = await page.evaluate(() => {
            const { outlineStyle, outlineWidth, backgroundColor } = getComputedStyle(document.activeElement);
            const { top, bottom } = document.activeElement.getBoundingClientRect();
            return {
              number: Number(document.activeElement.dataset.number),
              seen: (outlineStyle !== "none" && outlineWidth !== "0px") || backgroundColor !== "rgba(0, 0, 0, 0)",
              inside: top < innerHeight && bottom > 0,
            };
          });
          assert.deepEqual(found, { number, seen: true, inside: true }, path);
        }
      });
    });

    test(`shapes are seen in forced colours, and nothing moves: ${where}`, async () => {
      await each(sites[theme], language, { forcedColors: "active", reducedMotion: "no-preference" }, async (page, path) => {
        const found = await page.evaluate(() => {
          const ground = getComputedStyle(document.body).backgroundColor;
          const shapes = [...document.querySelectorAll(".icon, .bars path, .chart path, .strip path:not(.track)")];
          const lost = shapes.filter((shape) => {
            const { fill, stroke, display } = getComputedStyle(shape);
            return display !== "none" && shape.checkVisibility() && [fill, stroke].every((color) => color === "none" || color === ground) && !shape.matches(".track");
          });
          return { lost: lost.map((it) => it.outerHTML.slice(0, 100)), moving: document.getAnimations().length };
        });
        assert.deepEqual(found, { lost: [], moving: 0 }, path);
      });
    });
  }

  test(`without JavaScript a page is complete: ${theme}`, async () => {
    const lines = async (options) => {
      const texts = [];
      await each(sites[theme], "", options, async (page) => {
        texts.push(await page.evaluate(() => {
          for (const details of document.querySelectorAll("details")) details.open = true;
          // Nothing can be filtered without a script.
          document.querySelector(".filter")?.remove();
          return document.body.innerText.split("\n").map((line) => line.trim()).filter(Boolean);
        }));
      });
      return texts;
    };
    const without = await lines({ javaScriptEnabled: false, clock: undefined });
    assert.deepEqual(without, await lines({ timezoneId: "America/New_York" }));
    assert.match(without[0].join("\n"), /Partial outage\n/);
  });

  test(`every page in every language is valid HTML: ${theme}`, () => {
    const folder = join(sites[theme].folder, "public");
    const files = readdirSync(folder, { recursive: true }).filter((file) => /\.(html|css|svg)$/.test(file));
    assert.ok(files.length > LANGUAGES.length * PAGES.length, `${files.length} files`);
    const jar = require("vnu-jar");
    const checker = ["-Xss1m", "-jar", jar, "--stdout", "--format", "json", "--also-check-css", "--also-check-svg"];
    let report = '{"messages":[]}';
    try {
      report = execFileSync("java", [...checker, ...files], { cwd: folder, encoding: "utf8", maxBuffer: 1e8 }) || report;
    } catch (error) {
      assert.ok(error.stdout, String(error));
      report = error.stdout;
    }
    const found = JSON.parse(report).messages.map(({ url, lastLine, message }) => `${url}:${lastLine}: ${message}`);
    assert.deepEqual(found.slice(0, 20), []);
  });
}

test("no words run together where a reader sees no layout", async () => {
  await each(sites.default, "", {}, async (page, path) => {
    const found = await page.evaluate(() => {
      const words = /[\p{L}\p{N}]/u;
      const inline = [...document.querySelectorAll("body :is(a, b, bdi, small, span, strong, time)")];
      const joined = inline.filter((it) => {
        const next = it.nextSibling;
        return next?.nodeType === 1 && words.test(it.textContent.slice(-1)) && words.test(next.textContent[0] ?? "");
      });
      return joined.map((it) => `${it.outerHTML.slice(-60)} ${it.nextSibling.outerHTML.slice(0, 60)}`);
    });
    assert.deepEqual(found, [], path);
  }, [...PAGES, "embed/", "imprint/"]);
});

test("what is folded is open on paper", async () => {
  await each(sites.default, "", {}, async (page) => {
    const folded = () => page.evaluate(() =>
      [...document.querySelectorAll("main details:not([open]):not(.chart *)")].map((it) => it.lastElementChild.getBoundingClientRect().height));
    assert.ok((await folded()).length > 0);
    await page.emulateMedia({ media: "print" });
    for (const height of await folded()) assert.ok(height > 0);
  }, ["subscribe/"]);
});

test("time runs the way that readers of the language read", async () => {
  for (const [language, newestIsLeft] of [["", false], ["ar", true]]) {
    await each(sites.default, language, {}, async (page) => {
      const bars = await page.locator(".bars").first().boundingBox();
      const day = await page.locator(".bars").first().locator("a").last().boundingBox();
      assert.equal(day.x < bars.x + bars.width / 2, newestIsLeft);
    }, ["components/web/"]);
  }
});

test("a page in a language without the incident's text says so, and marks it", async () => {
  await each(sites.default, "de", {}, async (page) => {
    const title = page.locator("h1").first();
    assert.equal(await title.getAttribute("lang"), "en");
    assert.equal(await title.getAttribute("dir"), "ltr");
    assert.match(await page.locator(".original").first().innerText(), /English/);
  }, ["incidents/2022-12-28-login-failures/"]);
  await each(sites.default, "he", {}, async (page) => {
    const update = page.locator(".timeline .prose").first();
    assert.equal(await update.getAttribute("dir"), "ltr");
    assert.equal(await update.evaluate((it) => getComputedStyle(it).direction), "ltr");
  }, ["incidents/2022-12-28-login-failures/"]);
});

test("the language switch leads to the same page", async () => {
  await each(sites.default, "", { viewport: { width: 360, height: 800 } }, async (page) => {
    await page.locator(".languages summary").click();
    await page.locator(".languages a[lang=ja]").click();
    assert.equal(page.url(), `${sites.default.url}ja/components/notifications/`);
    assert.equal(await page.locator("html").getAttribute("lang"), "ja");
  }, ["components/notifications/"]);
});
