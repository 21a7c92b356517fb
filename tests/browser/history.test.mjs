// The filter of the history: it works in the page, and its address can be shared.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Site, browser } from "./site.mjs";

const NOW = "2026-05-08T12:00:00Z";
const CONFIG = `title = "Mill"
base_url = "https://status.mill.example/"
languages = ["en", "tr"]
time_zone = "UTC"

[[components]]
id = "saw"
name = "Sägewerk"

[[components]]
id = "kiln"
name = "Kiln"
`;

const site = new Site(CONFIG);

function incident(slug, title, components, from, until) {
  const text = `---
title: ${title}
components: {${components.map((id) => `${id}: major_outage`).join(", ")}}
---

## Investigating · ${from}

Text.

## Resolved · ${until}
`;
  site.write(`incidents/${slug}.md`, text);
}

before(async () => {
  incident("belt", "The belt slips", ["saw"], "2026-05-05 09:00", "2026-05-05 10:00");
  incident("istanbul", "IŞIK flickers", ["kiln"], "2026-05-02 09:00", "2026-05-02 10:00");
  incident("cafe", "No coffee at the Café", ["saw", "kiln"], "2025-03-02 09:00", "2025-03-02 10:00");
  incident("long", "Smoke", ["kiln"], "2025-12-31 09:00", "2026-01-02 10:00");
  await site.build(NOW).serve(Date.parse(NOW));
});

after(async () => {
  await site.close();
  await browser.close();
});

const titles = (page) => page.locator(".dated > li:visible .told > a:first-child").allInnerTexts();
const said = (page) => page.locator(".filter [role=status]").innerText();
const asked = async (page, text) => {
  await page.locator("input[type=search]").fill(text);
  return titles(page);
};

test("the filter finds entries by their text and by a component, also in folded years", async () => {
  const page = await site.open("history/", Date.parse(NOW));
  const before = ["The belt slips", "IŞIK flickers", "Smoke"];
  assert.deepEqual(await titles(page), before);
  assert.equal(await said(page), "");

  assert.deepEqual(await asked(page, "CAFE coffee"), ["No coffee at the Café"]);
  assert.equal(await said(page), "Shown: 1 of 4");
  assert.equal(await page.locator(".year:visible").count(), 1);
  // Names of components are text, too, and letters match without their points, in all languages.
  assert.deepEqual(await asked(page, "sagewerk"), ["The belt slips", "No coffee at the Café"]);
  assert.deepEqual(await asked(page, "ışık"), ["IŞIK flickers"]);
  assert.deepEqual(await asked(page, "isik"), ["IŞIK flickers"]);
  // What went on in a second month is one of the entries, not two.
  assert.deepEqual(await asked(page, "smoke"), ["Smoke", "Smoke"]);
  assert.equal(await said(page), "Shown: 1 of 4");
  assert.deepEqual(await asked(page, "nothing like it"), []);
  assert.equal(await said(page), "Shown: 0 of 4");

  await asked(page, "");
  await page.locator("select").selectOption("saw");
  assert.deepEqual(await titles(page), ["The belt slips", "No coffee at the Café"]);
  assert.equal(await said(page), "Shown: 2 of 4");
  assert.deepEqual(await asked(page, "café"), ["No coffee at the Café"]);
  assert.equal(new URL(page.url()).hash, "#text=caf%C3%A9&of=saw");

  // All as it was.
  await page.locator("select").selectOption("");
  assert.deepEqual(await asked(page, ""), before);
  assert.equal(await said(page), "");
  assert.equal(new URL(page.url()).hash, "");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("an address with a filter can be shared", async () => {
  const page = await site.open("tr/history/#text=caf%C3%A9&of=saw", Date.parse(NOW));
  assert.deepEqual(await titles(page), ["No coffee at the Café"]);
  assert.equal(await page.locator("select").inputValue(), "saw");
  assert.equal(await page.locator("input[type=search]").inputValue(), "café");
  // Of a component that is not there any more, the text counts.
  await page.evaluate(() => (location.hash = "#text=smoke&of=gone"));
  await page.locator(".told > a:first-child:text('Smoke') >> visible=true").first().waitFor();
  assert.deepEqual(await titles(page), ["Smoke", "Smoke"]);
  await page.context().close();
});

test("without scripts there is no filter, and all entries are there", async () => {
  const page = await site.open("history/", Date.parse(NOW), { javaScriptEnabled: false });
  assert.equal(await page.locator(".filter").isVisible(), false);
  assert.equal(await page.locator("li[data-of]").count(), 5);
  await page.context().close();
});
