// A reader reports a problem: the real form, the real collector, under the policy that is published.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize } from "node:path";
import { after, before, test } from "node:test";
import { PROGRAM, Site, TYPES, browser } from "./site.mjs";

const NOW = "2022-12-29T01:30:00Z";
const BEGAN = Date.now();
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let site, server, base, collecting, collector;

before(async () => {
  site = Site.demo();
  server = createServer((request, answer) => {
    let file = join(site.folder, "public", normalize(new URL(request.url, "http://x").pathname));
    if (!existsSync(file)) return answer.writeHead(404).end();
    if (statSync(file).isDirectory()) file = join(file, "index.html");
    const headers = readFileSync(join(site.folder, "public/_headers"), "utf8");
    answer.setHeader("content-security-policy", headers.match(/Content-Security-Policy: (.*)/)[1]);
    answer.setHeader("referrer-policy", headers.match(/Referrer-Policy: (.*)/)[1]);
    answer.setHeader("content-type", TYPES[extname(file)] ?? "text/plain");
    answer.end(readFileSync(file));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  base = `http://127.0.0.1:${server.address().port}/`;

  // The collector says which port it has; the form has to know it before.
  const probe = createServer();
  await new Promise((done) => probe.listen(0, "127.0.0.1", done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  collecting = `http://127.0.0.1:${port}/`;
  const config = readFileSync(join(site.folder, "allclear.toml"), "utf8");
  const reports = `\n[reports]\nurl = "${collecting}"\nproxies = ["127.0.0.1"]\n`;
  site.write("allclear.toml", config.replace(/^base_url = .*$/m, `base_url = "${base}"`) + reports);
  site.build(NOW);
  collector = spawn(PROGRAM, ["collect", "--site", site.folder, "--listen", `127.0.0.1:${port}`]);
  await new Promise((done, failed) => {
    collector.stderr.on("data", (text) => String(text).includes("takes reports") && done());
    collector.on("exit", () => failed(new Error("the collector ended")));
  });
});

after(async () => {
  await browser.close();
  collector.kill();
  server.close();
  await site.close();
});

// Another reader each: one counts once for a component and hour.
let readers = 0;
const reader = (options = {}) =>
  browser.newContext({ extraHTTPHeaders: { "X-Forwarded-For": `192.0.2.${++readers}` }, ...options });

for (const javaScriptEnabled of [true, false]) {
  test(`by keyboard alone, ${javaScriptEnabled ? "with" : "without"} scripts`, async () => {
    const context = await reader({ javaScriptEnabled });
    const page = await context.newPage();
    await page.goto(base);
    await page.locator(".report summary").focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.locator(".report select[name=component]").selectOption("login");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await page.keyboard.press("Enter");
    await page.waitForURL(base + "reported/");
    assert.equal(await page.locator("h1").textContent(), "Thank you for your report");
    await context.close();
  });
}

test("in another language, from a component's page, and back to its index", async () => {
  const context = await reader();
  const page = await context.newPage();
  await page.goto(base + "ar/components/web/");
  await page.locator(".report summary").click();
  await page.locator("input[value=slow]").check();
  await page.locator(".report button").click();
  await page.waitForURL(base + "ar/reported/");
  await page.locator("main a").click();
  await page.waitForURL(base + "ar/");
  await context.close();
});

test("a form that does not say what fails is not sent", async () => {
  const context = await reader();
  const page = await context.newPage();
  await page.goto(base);
  await page.locator(".report summary").click();
  await page.locator(".report button").click();
  assert.equal(page.url(), base);
  assert.equal(await page.evaluate(() => document.querySelector("form").checkValidity()), false);
  await context.close();
});

test("open, it is accessible and fits, in light and dark, on a phone and at 400 %", async () => {
  for (const colorScheme of ["light", "dark"]) {
    for (const path of ["", "ar/", "components/web/", "reported/"]) {
      for (const width of [320, 360, 1280]) {
        const context = await browser.newContext({ colorScheme, viewport: { width, height: 740 }, bypassCSP: true });
        const page = await context.newPage();
        await page.goto(base + path);
        const name = `${path || "index"} ${colorScheme} ${width}`;
        if (path !== "reported/") {
          await page.locator(".report summary").click();
          const heights = await page.locator(".report :is(button, select, fieldset label)").evaluateAll((all) =>
            all.map((one) => one.getBoundingClientRect().height),
          );
          assert.ok(heights.length > 5 && Math.min(...heights) >= 24, `${name}: ${heights}`);
        }
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${name}: ${wide} pixels too wide`);
        await page.evaluate(AXE);
        const { violations } = await page.evaluate(() => axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] }));
        assert.deepEqual(violations.map((it) => [it.id, it.nodes.map((node) => node.html)]), [], name);
        if (process.env.SCREENSHOTS && width !== 320) {
          await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name.replaceAll("/", "-").replaceAll(" ", "-")}.png`) });
        }
        await context.close();
      }
    }
  }
});

// What lynx says; the server that it asks is this program, so that nothing may wait for it.
const lynx = (options, input) =>
  new Promise((done, failed) => {
    const child = execFile("lynx", options, { timeout: 30_000 }, (error, out) => (error ? failed(error) : done(out)));
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });

test("in lynx", async (t) => {
  try {
    await lynx(["-version"]);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    console.log("lynx is not installed: the form was not tried in it");
    return t.skip("lynx is not installed");
  }
  // It shows all of the form without a click.
  const shown = await lynx(["-dump", "-nolist", base]);
  for (const words of ["I have a problem too", "It is slow", "Report the problem"]) {
    assert.ok(shown.includes(words), shown);
  }
  // It follows the redirect to the page that says thanks.
  const form = "component=web&kind=slow&language=en\n---\n";
  const thanks = await lynx(["-dump", "-nolist", "-post_data", collecting], form);
  assert.ok(thanks.includes("Thank you for your report"), thanks);
});

test("all of them are counted", async () => {
  const ended = new Promise((done) => collector.on("exit", done));
  collector.kill("SIGTERM");
  assert.equal(await ended, 0);
  const folder = join(site.folder, "evidence/reports");
  const sums = {};
  const add = (component, kind, value) => {
    if (kind) sums[`${component} ${kind}`] = (sums[`${component} ${kind}`] ?? 0) + Number(value);
  };
  // The tests may run into another quarter of an hour: then what is over is in the files.
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".csv"))) {
    for (const row of readFileSync(join(folder, file), "utf8").split("\n")) {
      const [time, , kind, value] = row.split(",");
      if (Date.parse(time) > BEGAN) add(file.replace(".csv", ""), kind, value);
    }
  }
  for (const { components } of JSON.parse(readFileSync(join(folder, ".counts.json"), "utf8")).quarters) {
    for (const [component, rows] of Object.entries(components)) for (const { kind, value } of rows) add(component, kind, value);
  }
  assert.deepEqual(sums, { "login unreachable": 2, "web slow": 2 });
});
