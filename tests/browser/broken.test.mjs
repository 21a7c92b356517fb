// What a page says in browsers that lack or refuse something: an all-clear ends, whatever else fails.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";

import { ROOT, Site, browser } from "./site.mjs";

const CONFIG = `title = "Harbour Status"
base_url = "https://status.example.com/"
time_zone = "Europe/Kyiv"

[[components]]
id = "ferry"
name = "Ferry"
`;

const context = await browser.newContext();
const BUILT = Date.parse("2024-05-02T08:00:00Z");
const DAYS = 24 * 60 * 60 * 1000;

// An all-clear that ended at 9:00, in a browser of today.
const expired = new Site(CONFIG);
expired.write("evidence/states.csv", "component,status,from,to,source\nferry,operational,2024-05-02T06:00:00Z,2024-05-02T08:00:00Z,pier\n");
expired.build("2024-05-02T08:00:00Z");
await expired.serve(Date.now());
after(async () => {
  await expired.close();
  await browser.close();
});

const script = readFileSync(join(ROOT, "themes/default/assets/page.js"), "utf8");
const code = script.replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, "");
// Every name in the script, and every name behind a dot: the browser says which are its own.
const names = [...new Set(code.match(/(?<![\w$.])[A-Za-z_$][\w$]*/g))];
const members = [...new Set(code.match(/(?<=\.)[A-Za-z_$][\w$]*/g))];

// What no script can do without: to read its page, and to find a place in it.
const NEEDED = {
  Document: ["querySelectorAll", "documentElement"],
  Element: ["getAttribute", "previousElementSibling"],
};


// A page, opened after its all-clear, in which `change` ran first.
async function open(change, argument, address = expired.url) {
  const page = await context.newPage();
  page.errors = [];
  page.on("pageerror", (error) => page.errors.push(String(error)));
  await page.addInitScript(change, argument);
  await page.goto(address, { waitUntil: "commit" });
  return page;
}

async function withdraws(opened, what, timeout = 15_000) {
  const page = await opened;
  const gone = page.locator(".headline", { hasText: /Status unconfirmed since/ });
  await gone.waitFor({ timeout }).catch(() => assert.fail(`with ${what} it goes on to claim "All systems operational": ${page.errors}`));
  assert.equal(await page.locator("h1", { hasText: "All systems operational" }).count(), 0, what);
  assert.deepEqual(page.errors, [], what);
  await page.close();
}

// One after the other, four at a time.
async function each(names, check) {
  const left = [...names];
  const failures = [];
  const work = async () => {
    for (let name; (name = left.pop()); ) await check(name).catch((error) => failures.push(error.message));
  };
  await Promise.all([work(), work(), work(), work()]);
  assert.deepEqual(failures, []);
}

function breakGlobal([name, way]) {
  const refuse = () => {
    throw new Error(`${name} is refused`);
  };
  const descriptor = way === "missing" ? { value: undefined, configurable: true, writable: true } : { get: refuse, configurable: true };
  // What a browser guards itself, as `document`, cannot be broken.
  if (Object.getOwnPropertyDescriptor(globalThis, name)?.configurable !== false) Object.defineProperty(globalThis, name, descriptor);
}

const globals = await (async () => {
  const page = await browser.newPage();
  const found = await page.evaluate((names) => names.filter((name) => name in globalThis), names);
  await page.close();
  return found;
})();

test("the list of what the script uses is found", () => {
  for (const name of ["Date", "Intl", "DOMParser", "fetch", "setInterval", "Math"]) assert.ok(globals.includes(name), name);
  for (const name of ["replaceWith", "innerHTML", "format", "hidden"]) assert.ok(members.includes(name), name);
});

for (const way of ["missing", "refused"]) {
  test(`an all-clear ends with each global of the script ${way}`, async () => {
    assert.ok(globals.length > 5);
    await each(globals, (name) => withdraws(open(breakGlobal, [name, way]), `${name} ${way}`));
  });
}

function breakMember([name, way, needed]) {
  const refuse = () => {
    throw new Error(`${name} is refused`);
  };
  const missing = { value: undefined, configurable: true, writable: true };
  const refused = { get: refuse, set: refuse, configurable: true };
  const own = Object.getOwnPropertyNames(globalThis).filter((it) => /^[A-Z]/.test(it));
  for (const owner of own) {
    if (needed[owner]?.includes(name)) continue;
    for (const place of [globalThis[owner], globalThis[owner]?.prototype]) {
      const has = place && Object.getOwnPropertyDescriptor(place, name);
      if (has?.configurable) Object.defineProperty(place, name, way === "missing" ? missing : refused);
    }
  }
}

for (const way of ["missing", "refused"]) {
  test(`an all-clear ends with each member that the script uses ${way}`, async () => {
    await each(members, (name) => withdraws(open(breakMember, [name, way, NEEDED]), `.${name} ${way}`));
  });
}

test("an all-clear ends in a browser that does not know the site's zone", async () => {
  const forget = () => {
    const { DateTimeFormat } = Intl;
    Intl.DateTimeFormat = function (lang, options) {
      if (options?.timeZone) throw new RangeError(`Invalid time zone specified: ${options.timeZone}`);
      return new DateTimeFormat(lang, options);
    };
  };
  const page = await open(forget);
  await page.locator("h1", { hasText: "Status unconfirmed" }).waitFor();
  assert.deepEqual(page.errors, []);
  // The reader's own time can be told nevertheless.
  const time = page.locator(".headline .facts time").first();
  const at = new Date(await time.getAttribute("datetime"));
  const own = await page.evaluate((at) => new Date(at).toLocaleTimeString("en", { hour: "numeric", minute: "2-digit" }), at.getTime());
  assert.ok((await time.innerText()).endsWith(own), own);
  assert.match(await time.getAttribute("title"), /EEST$/);
  await page.close();
});

test("an all-clear ends where no text may become elements", async () => {
  const forbid = () => {
    const meta = document.createElement("meta");
    meta.httpEquiv = "Content-Security-Policy";
    meta.content = "require-trusted-types-for 'script'";
    new MutationObserver((_, observer) => {
      if (!document.head) return;
      observer.disconnect();
      document.head.prepend(meta);
    }).observe(document, { childList: true, subtree: true });
  };
  await withdraws(open(forbid), "Trusted Types");
});

test("an all-clear ends in a page that is opened from the disk", async () => {
  const address = pathToFileURL(join(expired.folder, "public/index.html")).href;
  for (const path of [address, address.replace("index.html", "components/ferry/index.html")]) {
    const page = await open(() => 0, 0, path);
    await page.locator(".headline", { hasText: "Status unconfirmed" }).waitFor({ timeout: 5000 });
    assert.match(await page.locator("link[rel=icon]").getAttribute("href"), /favicon-unknown/);
    assert.doesNotMatch(await page.title(), /All systems operational|: Operational/);
    assert.deepEqual(page.errors, []);
    await page.close();
  }
});

test("an all-clear ends though the server never answers again", async () => {
  const { server } = expired;
  const [handler] = server.listeners("request");
  let pages = 0;
  server.removeAllListeners("request");
  server.on("request", (request, answer) => {
    // The page itself once, its assets, and then silence.
    if (request.url !== "/" || pages++ === 0) handler(request, answer);
  });
  await withdraws(open(() => 0), "a server that hangs", 8000);
  server.removeAllListeners("request");
  server.on("request", handler);
});

test("an old copy without its server does not turn the clock back", async () => {
  const copies = createServer((request, answer) => {
    if (request.method === "HEAD") return answer.destroy();
    expired.server.time = BUILT;
    expired.server.listeners("request")[0](request, answer);
  });
  await new Promise((done) => copies.listen(0, "127.0.0.1", done));
  const address = `http://127.0.0.1:${copies.address().port}/`;
  await withdraws(open(() => 0, 0, address), "a copy of the day of the build", 8000);
  expired.server.time = Date.now();
  copies.closeAllConnections();
  copies.close();
});

test("a server whose clock is before the build does not turn the clock back", async () => {
  // As the router that answers in place of every server until somebody has agreed to its terms.
  expired.server.time = 0;
  await withdraws(open(() => 0), "a server of 1970", 8000);
  expired.server.time = Date.now();
});

test("an all-clear ends though the reader's clock has stopped years ago", async () => {
  // From the disk nobody says what time it is. That of the build has come in any case.
  const address = pathToFileURL(join(expired.folder, "public/index.html")).href;
  const setBack = () => {
    const { now } = Date;
    const start = now();
    Date.now = () => (now() - start) * 1000;
  };
  const page = await open(setBack, 0, address);
  assert.equal(await page.locator("h1", { hasText: "All systems operational" }).count(), 1);
  await page.locator("h1", { hasText: "Status unconfirmed" }).waitFor({ timeout: 20_000 });
  assert.deepEqual(page.errors, []);
  await page.close();
});

test("a theme without an icon or a footer says all that was foreseen", async () => {
  const site = new Site(`theme = "bare"\n${CONFIG}`);
  site.write("themes/bare/theme.toml", 'contract = 2\nextends = "default"\n');
  const base = readFileSync(join(ROOT, "themes/default/templates/base.html"), "utf8");
  const bare = base.replace(/<link rel="icon"[^>]* href=/, '<meta name="shape" content=').replace(/<(\/?)footer/g, "<$1div");
  assert.notEqual(base, bare);
  site.write("themes/bare/templates/base.html", bare);
  site.write("evidence/states.csv", "component,status,from,to,source\nferry,operational,2024-05-02T06:00:00Z,2024-05-02T08:00:00Z,pier\n");
  await site.build("2024-05-02T08:00:00Z").serve(Date.now());
  const page = await open(() => 0, 0, site.url);
  await page.locator("h1", { hasText: "Status unconfirmed" }).waitFor({ timeout: 5000 });
  assert.equal(await page.locator("template[data-from]").count(), 0);
  site.write("incidents/storm.md", "---\ntitle: Storm\ncomponents: { ferry: major_outage }\n---\n\n## Investigating · 2024-05-07T07:00:00Z\n\nNo ferries.\n");
  site.build("2024-05-07T08:00:00Z");
  await page.evaluate((days) => (Date.now = ((now) => () => now() + days)(Date.now)), 2 * DAYS);
  await page.locator("h1", { hasText: "Major outage" }).waitFor({ timeout: 25_000 });
  assert.doesNotMatch(await page.locator("body").innerText(), /null/);
  assert.deepEqual(page.errors, []);
  await page.close();
  await site.close();
});
