// The page while it is being written: `serve` and `watch`, with a browser that stays open.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";

import { PROGRAM, Site, browser } from "./site.mjs";

// A test that fails does not end its program.
const children = [];
after(() => {
  for (const child of children) child.kill("SIGKILL");
  return browser.close();
});

const CONFIG = `title = "Example Status"
base_url = "https://status.example.com/"

[[components]]
id = "web"
name = "Web"

[[components]]
id = "api"
`;

const incident = (title, more = "") =>
  `---\ntitle: ${title}\ncomponents: { web: partial_outage }\nstarted: 2022-12-28 19:00\n---\n\n## Investigating · 2022-12-28 19:45\n\nWe look.\n${more}`;

// Runs `serve` or `watch` on a site until the test is over.
async function run(site, command, ...options) {
  const where = options.includes("--site") ? [] : ["--site", site.folder];
  const child = spawn(PROGRAM, [command, ...where, ...options], { cwd: site.folder, env: { ...process.env, NO_COLOR: "1" } });
  children.push(child);
  const said = { out: "", err: "" };
  child.stdout.on("data", (text) => (said.out += text));
  child.stderr.on("data", (text) => (said.err += text));
  site.stop = () => {
    child.kill("SIGINT");
    return site.close();
  };
  await until(() => said.out.includes("\n"), () => said.err);
  return { child, said, url: said.out.split(" ")[0] };
}

async function until(holds, tell = () => "") {
  const deadline = Date.now() + 30_000;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `waited in vain: ${holds} ${tell()}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

const text = async (url) => (await fetch(url)).text();

async function started(now = "2022-12-28T20:00:00Z", ...options) {
  const site = new Site(CONFIG);
  site.write("incidents/one.md", incident("First"));
  const { said, url, child } = await run(site, "serve", "--now", now, ...options);
  return { site, said, url, child };
}

test("an open page loads itself again and stays where it was", async () => {
  const { site, url } = await started();
  site.write("incidents/one.md", incident("First", "\nText.\n".repeat(200)));
  const page = await browser.newPage({ viewport: { width: 600, height: 400 } });
  await until(async () => (await text(`${url}incidents/one/`)).includes("Text."));
  await page.goto(`${url}incidents/one/`);
  await page.evaluate(() => scrollTo(0, 1500));
  site.write("incidents/one.md", incident("Second", "\nText.\n".repeat(200)));
  await page.waitForFunction(() => document.querySelector("h1").textContent === "Second");
  assert.equal(await page.evaluate(() => scrollY), 1500);
  await page.close();
  await site.stop();
});

test("what is wrong is shown above the last good page, and goes away", async () => {
  const { site, url, said } = await started();
  const page = await browser.newPage();
  await page.goto(url);
  site.write("incidents/one.md", incident("First").replace("web:", "wbe: # <b>bold</b>\n"));
  const dialog = page.locator("dialog");
  await dialog.waitFor();
  assert.match(await dialog.innerText(), /error\[.*\n.*incidents\/one\.md:3/);
  assert.match(await dialog.innerText(), /<b>bold<\/b>/);
  assert.equal(await dialog.locator("b").count(), 0);
  assert.equal(await page.locator("main h3").first().innerText(), "First");
  assert.match(said.err, /error\[/);
  // A page that is opened only now says so too.
  const other = await browser.newPage();
  await other.goto(`${url}incidents/one/`);
  await other.locator("dialog").waitFor();
  site.write("incidents/one.md", incident("First"));
  await dialog.waitFor({ state: "detached" });
  await other.locator("dialog").waitFor({ state: "detached" });
  await until(() => said.out.includes("nothing is wrong any more"));
  await page.close();
  await other.close();
  await site.stop();
});

test("a site that is wrong from the start is served as soon as it is right", async () => {
  const site = new Site(CONFIG.replace("title", "titel"));
  const { url } = await run(site, "serve", "--now", "2022-12-28T20:00:00Z");
  const page = await browser.newPage();
  await page.goto(url);
  assert.match(await page.locator("dialog").innerText(), /titel/);
  site.write("allclear.toml", CONFIG);
  await page.waitForFunction(() => document.querySelector("h1")?.textContent === "No known problems");
  await page.close();
  await site.stop();
});

for (const options of [[], ["--poll"]]) {
  test(`whatever changes is seen: ${options.join() || "told"}`, async () => {
    const { site, url } = await started("2022-12-28T20:00:00Z", ...options);
    const index = () => text(url);
    const file = (path) => join(site.folder, path);
    // An editor that writes beside and renames.
    writeFileSync(file("incidents/.one.md.swp"), incident("Renamed"));
    renameSync(file("incidents/.one.md.swp"), file("incidents/one.md"));
    await until(async () => (await index()).includes("Renamed"));
    // A new file in a new folder.
    site.write("incidents/2022/deep/two.md", incident("Second"));
    await until(async () => (await index()).includes("Second"));
    // A folder that goes and comes back.
    renameSync(file("incidents"), file("elsewhere"));
    await until(async () => !(await index()).includes("Second"));
    renameSync(file("elsewhere"), file("incidents"));
    await until(async () => (await index()).includes("Second"));
    // After which its files are watched still.
    site.write("incidents/2022/deep/two.md", incident("Third"));
    await until(async () => (await index()).includes("Third"));
    rmSync(file("incidents/2022"), { recursive: true });
    await until(async () => !(await index()).includes("Third"));
    // Evidence, in a folder that was not there; the configuration; a theme.
    site.write("evidence/states.jsonl", '{"component":"api","status":"major_outage","from":"2022-12-28T19:50:00Z","source":"probe"}\n');
    await until(async () => (await index()).includes("Major outage"));
    site.write("allclear.toml", CONFIG.replace("Example Status", "Other Status"));
    await until(async () => (await index()).includes("Other Status"));
    // A logo in a folder of its own.
    const logo = (width) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} 16"></svg>`;
    const shown = async () => text(url + (await index()).match(/assets\/logo\.\w+\.svg/)?.[0]);
    site.write("pictures/logo.svg", logo(16));
    site.write("allclear.toml", CONFIG.replace("\n\n", '\nlogo = "pictures/logo.svg"\n\n'));
    await until(async () => (await shown()).includes("0 0 16 16"));
    site.write("pictures/logo.svg", logo(32));
    await until(async () => (await shown()).includes("0 0 32 16"));
    renameSync(file("pictures"), file("elsewhere"));
    renameSync(file("elsewhere"), file("pictures"));
    await new Promise((done) => setTimeout(done, 700));
    site.write("pictures/logo.svg", logo(64));
    await until(async () => (await shown()).includes("0 0 64 16"));
    site.write("themes/default/theme.toml", "contract = 2\n");
    site.write("themes/default/templates/headline.html", "<h1>Mine</h1>");
    await until(async () => (await index()).includes("<h1>Mine</h1>"));
    await site.stop();
  });
}

for (const options of [[], ["--poll"]]) {
  const how = options.join() || "told";

  test(`a site that goes away and comes back is seen again: ${how}`, async () => {
    const { site, url } = await started("2022-12-28T20:00:00Z", ...options);
    const shows = (title) => until(async () => (await text(url)).includes(title));
    const page = await browser.newPage();
    await page.goto(url);
    const away = `${site.folder}-away`;
    const isAway = async () => {
      assert.match(await page.locator("dialog").innerText(), /allclear\.toml|cannot open/);
      // What was there last is shown all the same.
      assert.equal(await page.locator("main h3").count(), 1);
    };
    const isBack = async (title) => {
      await shows(title);
      await page.locator("main h3", { hasText: title }).waitFor();
      await page.locator("dialog").waitFor({ state: "detached" });
    };
    // Moved away and back.
    renameSync(site.folder, away);
    await isAway();
    renameSync(away, site.folder);
    await page.locator("dialog").waitFor({ state: "detached" });
    site.write("incidents/one.md", incident("Moved back"));
    await isBack("Moved back");
    // Deleted, and restored from a copy.
    cpSync(site.folder, away, { recursive: true });
    rmSync(site.folder, { recursive: true });
    await isAway();
    cpSync(away, site.folder, { recursive: true });
    await page.locator("dialog").waitFor({ state: "detached" });
    site.write("incidents/one.md", incident("Restored"));
    await isBack("Restored");
    // A link in its place, and then a link to another copy.
    cpSync(site.folder, `${away}-2`, { recursive: true });
    rmSync(site.folder, { recursive: true });
    symlinkSync(away, site.folder);
    await shows("Moved back");
    site.write("incidents/one.md", incident("Behind a link"));
    await isBack("Behind a link");
    rmSync(site.folder);
    symlinkSync(`${away}-2`, site.folder);
    await isBack("Restored");
    site.write("incidents/one.md", incident("Behind another link"));
    await isBack("Behind another link");
    await page.close();
    await site.stop();
    for (const folder of [away, `${away}-2`]) rmSync(folder, { recursive: true });
  });

  test(`the folder in which it runs may go and come back: ${how}`, async () => {
    const site = new Site(CONFIG);
    const away = `${site.folder}-away`;
    site.write("incidents/one.md", incident("First"));
    const { url, said } = await run(site, "serve", "--site", ".", "--now", "2022-12-28T20:00:00Z", ...options);
    for (const title of ["Second", "Third"]) {
      cpSync(site.folder, away, { recursive: true });
      rmSync(site.folder, { recursive: true });
      const before = said.err;
      await until(() => said.err !== before, () => said.err);
      renameSync(away, site.folder);
      await until(() => said.out.includes("nothing is wrong any more"), () => said.err);
      said.out = "";
      site.write("incidents/one.md", incident(title));
      await until(async () => (await text(url)).includes(title));
    }
    await site.stop();
  });

  test(`folders that are made again, in one go or as links, are seen: ${how}`, async () => {
    const { site, url } = await started("2022-12-28T20:00:00Z", ...options);
    const shows = (title) => until(async () => (await text(url)).includes(title));
    const file = (path) => join(site.folder, path);
    for (const title of ["Again", "And again"]) {
      rmSync(file("incidents"), { recursive: true, force: true });
      site.write("incidents/one.md", incident(title));
      await shows(title);
      rmSync(file("incidents"), { recursive: true });
      await until(async () => !(await text(url)).includes(title));
    }
    // A whole tree that is moved in.
    site.write("drafts/2022/12/two.md", incident("Moved in"));
    mkdirSync(file("incidents"));
    renameSync(file("drafts/2022"), file("incidents/2022"));
    await shows("Moved in");
    site.write("incidents/2022/12/two.md", incident("Changed deep inside"));
    await shows("Changed deep inside");
    // A folder in a folder becomes a link to another part of the site, and the file behind it changes.
    renameSync(file("incidents/2022"), file("drafts/2022"));
    symlinkSync("../drafts/2022", file("incidents/2022"));
    site.write("drafts/2022/12/two.md", incident("Through a link"));
    await shows("Through a link");
    site.write("drafts/2022/12/two.md", incident("Through a link again"));
    await shows("Through a link again");
    await site.stop();
  });
}

test("two hundred rapid saves end in the right page", async () => {
  const { site, url } = await started();
  for (let number = 1; number <= 200; number++) {
    site.write("incidents/one.md", incident(`Title ${number}`));
    if (number % 10 === 0) await new Promise((done) => setTimeout(done, 15));
  }
  await until(async () => (await text(url)).includes("Title 200"));
  await new Promise((done) => setTimeout(done, 700));
  assert.match(await text(url), /Title 200/);
  await site.stop();
});

test("git switches between branches that differ in five thousand files", async () => {
  const site = new Site(CONFIG);
  site.write("incidents/one.md", incident("First"));
  site.write(".gitignore", "public/\n");
  const git = (...words) =>
    execFileSync("git", ["-C", site.folder, "-c", "user.name=Test", "-c", "user.email=test@example.com", ...words], { stdio: "pipe" });
  const commit = (message) => {
    git("add", ".");
    git("commit", "--quiet", "-m", message);
  };
  git("init", "--quiet", "-b", "few");
  commit("Few");
  git("switch", "--quiet", "-c", "many");
  mkdirSync(join(site.folder, "incidents/many"), { recursive: true });
  for (let number = 0; number < 5000; number++) {
    writeFileSync(join(site.folder, `incidents/many/n${number}.md`), incident(`Number ${number}`));
  }
  commit("Many");
  git("switch", "--quiet", "-c", "changed");
  for (let number = 0; number < 5000; number++) {
    writeFileSync(join(site.folder, `incidents/many/n${number}.md`), incident(`Changed ${number}`));
  }
  commit("Changed");
  git("switch", "--quiet", "few");
  const { url } = await run(site, "serve", "--now", "2022-12-28T20:00:00Z");
  const title = async (number) => (await text(`${url}incidents/n${number}/`)).match(/<h1>(.*?)<\/h1>/)?.[1];
  git("switch", "--quiet", "many");
  await until(async () => (await title(0)) === "Number 0" && (await title(4999)) === "Number 4999");
  git("switch", "--quiet", "changed");
  await until(async () => (await title(0)) === "Changed 0" && (await title(4999)) === "Changed 4999");
  git("switch", "--quiet", "few");
  await until(async () => !(await fetch(`${url}incidents/n0/`)).ok && !(await fetch(`${url}incidents/n4999/`)).ok);
  await site.stop();
});

test("a browser is opened where that was asked for", async () => {
  const site = new Site(CONFIG);
  const opened = join(site.folder, "opened");
  site.write("bin/xdg-open", `#!/bin/sh\nprintf %s "$1" > ${opened}\n`);
  chmodSync(join(site.folder, "bin/xdg-open"), 0o755);
  process.env.PATH = `${join(site.folder, "bin")}:${process.env.PATH}`;
  const { url } = await run(site, "serve", "--open");
  await until(() => existsSync(opened) && readFileSync(opened, "utf8") === url);
  await site.stop();
});

test("an output folder inside of the site does not wake it", async () => {
  const site = new Site(CONFIG);
  site.write("incidents/one.md", incident("First"));
  const { said } = await run(site, "watch", "--now", "2022-12-28T20:00:00Z");
  assert.ok(existsSync(join(site.folder, "public/index.html")));
  await new Promise((done) => setTimeout(done, 1500));
  assert.equal(said.out.split("\n").length, 2, said.out);
  site.write("incidents/one.md", incident("Second"));
  await until(() => readFileSync(join(site.folder, "public/index.html"), "utf8").includes("Second"));
  await site.stop();
});

test("time goes by while it is served", async () => {
  const site = new Site(CONFIG);
  const soon = new Date(Date.now() + 20_000).toISOString().slice(0, 19) + "Z";
  const later = new Date(Date.now() + 3_600_000).toISOString().slice(0, 19) + "Z";
  site.write("incidents/work.md", `---\ntitle: Work\nkind: maintenance\ncomponents: [web]\nstarts: ${soon}\nends: ${later}\n---\n`);
  const { url } = await run(site, "serve");
  assert.doesNotMatch(await text(url), /<h1>.*Maintenance in progress/);
  const deadline = Date.now() + 60_000;
  while (!/<h1>.*Maintenance in progress/.test(await text(url))) {
    assert.ok(Date.now() < deadline, "the maintenance did not begin");
    await new Promise((done) => setTimeout(done, 500));
  }
  await site.stop();
});

// What a server answers to raw bytes.
const raw = (url, bytes) =>
  new Promise((done) => {
    const socket = connect(new URL(url).port, "127.0.0.1", () => socket.write(bytes));
    let answer = "";
    socket.on("data", (data) => (answer += data));
    socket.on("close", () => done(answer));
    socket.on("error", () => done(answer));
    socket.setTimeout(2000, () => socket.destroy());
  });

const status = (url, headers, method = "GET") =>
  new Promise((done) => request(url, { headers, method }, (answer) => (answer.resume(), done(answer.statusCode))).end());

test("nothing but the page is served", async () => {
  const { site, url, said } = await started();
  const host = new URL(url).host;
  for (const path of [
    "/../allclear.toml", "/%2e%2e/allclear.toml", "/..%2fallclear.toml", "/incidents/one.md", "/allclear.toml",
    "//etc/passwd", "/%00", "/%ff%fe", "/%", `/${"a".repeat(5000)}`, "/incidents/../../allclear.toml", "\\..\\allclear.toml",
  ]) {
    const answer = await raw(url, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 (400|404|414|431) /, `${path}: ${answer.slice(0, 60)}`);
    assert.doesNotMatch(answer, /base_url|root:/);
  }
  // Another site that leads its own name here reads nothing.
  assert.equal(await status(url, { host: "evil.example" }), 403);
  assert.equal(await status(`${url}.allclear/events`, { host: "evil.example" }), 403);
  assert.equal(await status(url, {}, "POST"), 405);
  assert.equal(await status(url, {}, "HEAD"), 200);
  assert.equal(await status(`${url}incidents/one`, {}), 308);
  // A request without an end, and one that is far too large, hold nobody else up.
  const slow = connect(new URL(url).port, "127.0.0.1", () => slow.write("GET / HTTP/1.1\r\nHost: "));
  await raw(url, `GET / HTTP/1.1\r\nHost: ${host}\r\nX: ${"x".repeat(1e6)}\r\n\r\n`);
  assert.equal(await status(url, {}), 200);
  slow.destroy();
  // The published page knows nothing of all that.
  assert.match(await text(url), /\.allclear\/reload\.js/);
  site.build("2022-12-28T20:00:00Z");
  assert.doesNotMatch(readFileSync(join(site.folder, "public/index.html"), "utf8"), /reload/);
  assert.doesNotMatch(said.err, /panicked/);
  await site.stop();
});

test("pages of this machine read what programs read, and those of other sites nothing", async () => {
  const { site, url } = await started();
  const read = (page, path) => page.evaluate((address) => fetch(address).then((answer) => answer.json(), () => "refused"), `${url}${path}`);
  const page = await browser.newPage();
  // A server at another port of this machine is another origin.
  const client = createServer((_, answer) => answer.writeHead(200, { "content-type": "text/html" }).end("A client."));
  await new Promise((done) => client.listen(0, "127.0.0.1", done));
  await page.goto(`http://127.0.0.1:${client.address().port}/`);
  assert.equal((await read(page, "api/v2/summary.json")).incidents[0].name, "First");
  assert.equal(await read(page, "schemas/site.json"), "refused");
  await page.route("https://elsewhere.example/", (route) => route.fulfill({ contentType: "text/html", body: "A site." }));
  await page.goto("https://elsewhere.example/");
  assert.equal(await read(page, "api/v2/summary.json"), "refused");
  await page.close();
  client.closeAllConnections();
  client.close();
  const answer = await fetch(`${url}api/v2/summary.json`);
  assert.equal(answer.headers.get("content-type"), "application/json");
  assert.equal(answer.headers.get("access-control-allow-origin"), "*");
  assert.equal((await fetch(url)).headers.get("access-control-allow-origin"), null);
  await site.stop();
});

test("an address of the site never leads off it", async () => {
  const { site, url } = await started();
  site.write("pages/evil.example.md", "---\ntitle: Own\n---\nText.\n");
  await until(async () => (await fetch(`${url}evil.example/`)).ok);
  const host = new URL(url).host;
  const get = (path) => raw(url, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  for (const path of ["//evil.example", "//evil.example/", "///evil.example", "/%2fevil.example", "/\\evil.example", "/%5cevil.example", "/./evil.example", "/%2e/evil.example", "//incidents/one"]) {
    const answer = await get(path);
    assert.match(answer, /^HTTP\/1\.1 (200|308|400|404) /, `${path}: ${answer}`);
    const location = answer.match(/^location: (.*)\r$/im)?.[1] ?? "/";
    assert.match(location, /^\/(?![\/\\])/, path);
    assert.equal(new URL(location, url).host, host);
  }
  for (const path of ["/evil.example", "/evil%2eexample", "/evil.example?x=//other.example"]) {
    assert.match(await get(path), /^HTTP\/1\.1 308 [^]*^location: \/evil\.example\/\r$/im, path);
  }
  await site.stop();
});

test("a request means this server, or is refused", async () => {
  const { site, url } = await started();
  const { host, port } = new URL(url);
  const code = async (head, target = "/") => {
    const answer = await raw(url, `GET ${target} HTTP/1.1\r\n${head}Connection: close\r\n\r\n`);
    return Number(answer.split(" ")[1]);
  };
  for (const name of [`localhost:${port}`, `LocalHost:${port}`, `localhost.:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, `[0:0::1]:${port}`]) {
    assert.equal(await code(`Host: ${name}\r\n`), 200, name);
  }
  for (const name of ["evil.example", `evil.example:${port}`, "127.0.0.1", "localhost", `localhost:${port}.evil.example`, `localhost.evil.example:${port}`, `user@localhost:${port}`, `localhost:${port}@evil.example`, `localhost..:${port}`, `[::1`, ":", ""]) {
    const answer = await code(`Host: ${name}\r\n`);
    assert.ok([400, 403].includes(answer), `${name}: ${answer}`);
  }
  assert.equal(await code(""), 400);
  assert.equal(await code(`Host: ${host}\r\nHost: ${host}\r\n`), 400);
  assert.equal(await code(`Host: ${host}\r\nHost: evil.example\r\n`), 400);
  // The address that a proxy is asked for counts as the name does.
  assert.equal(await code(`Host: ${host}\r\n`, url), 200);
  assert.equal(await code(`Host: ${host}\r\n`, "http://evil.example/"), 403);
  assert.equal(await code("Host: evil.example\r\n", url), 403);
  for (const path of ["/", "/.allclear/events", "/.allclear/reload.js", "/nowhere"]) {
    assert.equal(await code("Host: evil.example\r\n", path), 403, path);
  }
  const options = await raw(url, `OPTIONS * HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  assert.match(options, /^HTTP\/1\.1 405 [^]*^allow: GET, HEAD\r$/im);
  // Several requests in one go are answered in turn, and what no browser understands as a script says so.
  const both = await raw(url, `GET /nowhere HTTP/1.1\r\nHost: ${host}\r\n\r\nHEAD / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  assert.deepEqual(both.match(/^HTTP\/1\.1 \d+/gm), ["HTTP/1.1 404", "HTTP/1.1 200"]);
  assert.equal(both.match(/^x-content-type-options: nosniff\r$/gim).length, 2);
  await site.stop();
});

test("a body is refused without being read", async () => {
  const { site, url } = await started();
  const host = new URL(url).host;
  for (const head of ["Content-Length: 10000000000", "Transfer-Encoding: chunked", "Content-Length: 10000000000\r\nExpect: 100-continue"]) {
    const socket = connect(new URL(url).port, "127.0.0.1");
    let [answer, sent, isClosed] = ["", 0, false];
    socket.on("data", (data) => (answer += data));
    socket.on("close", () => (isClosed = true));
    socket.on("error", () => {});
    socket.write(`POST / HTTP/1.1\r\nHost: ${host}\r\n${head}\r\n\r\n`);
    // What is not read yet when a connection ends takes the answer along, unless that was there before.
    await until(() => answer || isClosed);
    const chunk = head.includes("chunked") ? `8000\r\n${"x".repeat(0x8000)}\r\n` : "x".repeat(0x8000);
    while (!isClosed && sent < 1e9 && !head.includes("Expect")) {
      sent += chunk.length;
      if (!socket.write(chunk)) await Promise.race([new Promise((done) => socket.once("drain", done)), new Promise((done) => socket.once("close", done))]);
    }
    await until(() => isClosed);
    assert.match(answer, /^HTTP\/1\.1 405 /, head);
    assert.doesNotMatch(answer, / 100 /);
    assert.ok(sent < 1e8, `${head}: ${sent} bytes`);
  }
  assert.equal(await status(url, {}), 200);
  await site.stop();
});

test("one that sends a byte a second is closed before long", async () => {
  const { site, url } = await started();
  const { port, host } = new URL(url);
  const lasts = (begin) =>
    new Promise((done) => {
      const begun = Date.now();
      const socket = connect(port, "127.0.0.1", () => socket.write(begin));
      const drip = setInterval(() => socket.write("x"), 1000);
      socket.on("error", () => {});
      socket.resume();
      socket.on("close", () => (clearInterval(drip), done(Date.now() - begun)));
    });
  const heads = ["", "GET", `GET / HTTP/1.1\r\nHost: ${host}\r\nX: `, `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\nGET`];
  for (const time of await Promise.all(heads.map(lasts))) {
    assert.ok(time > 8000 && time < 13_000, `${time} ms`);
  }
  await site.stop();
});

test("many connections keep nobody out", async () => {
  const { site, url } = await started();
  const { port, host } = new URL(url);
  const page = await browser.newPage();
  await page.goto(url);
  // More than it has room for, of both kinds: silent ones, and readers of its news.
  const crowd = [];
  for (let number = 0; number < 700; number++) {
    const socket = connect(port, "127.0.0.1", () => {
      if (number % 2) socket.write(`GET /.allclear/events HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    });
    socket.on("error", () => {});
    socket.on("close", () => (socket.isGone = true));
    socket.resume();
    crowd.push(socket);
    if (number % 50 === 49) assert.equal(await status(url, { connection: "close" }), 200, `${number} connections`);
  }
  await until(() => crowd.slice(0, 300).every((socket) => socket.isGone));
  // The page has asked for the news again.
  site.write("incidents/one.md", incident("After the crowd"));
  await page.locator("main h3", { hasText: "After the crowd" }).waitFor();
  for (const socket of crowd) socket.destroy();
  await page.close();
  await site.stop();
});

test("pages that nobody looks at leave the browser its connections", async () => {
  const { site, url } = await started();
  const context = await browser.newContext();
  const see = (page, state) =>
    page.evaluate((state) => {
      Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
      Object.defineProperty(document, "hidden", { value: state === "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, state);
  const pages = [];
  for (let number = 0; number < 9; number++) {
    const page = await context.newPage();
    await page.goto(url, { timeout: 10_000 });
    await see(page, "hidden");
    pages.push(page);
  }
  site.write("incidents/one.md", incident("Second"));
  await until(async () => (await text(url)).includes("Second"));
  // Who comes back sees what is new.
  await see(pages[0], "visible");
  await pages[0].locator("main h3", { hasText: "Second" }).waitFor();
  await context.close();
  await site.stop();
});

test("a page of an earlier server is loaded again from the next one", async () => {
  const one = await started();
  const page = await browser.newPage();
  await page.goto(one.url);
  one.child.kill("SIGKILL");
  await new Promise((done) => one.child.on("close", done));
  one.site.write("incidents/one.md", incident("Second"));
  const { child } = await run(one.site, "serve", "--now", "2022-12-28T20:00:00Z", "--port", new URL(one.url).port);
  await page.locator("main h3", { hasText: "Second" }).waitFor();
  child.kill("SIGKILL");
  await page.close();
  await one.site.close();
});

test("a port that is taken gives another, and one that was asked for an error", async () => {
  const one = await started();
  const two = await started();
  assert.notEqual(one.url, two.url);
  const { port } = new URL(one.url);
  const child = spawn(PROGRAM, ["serve", "--site", one.site.folder, "--port", port]);
  let said = "";
  child.stderr.on("data", (text) => (said += text));
  const code = await new Promise((done) => child.on("close", done));
  assert.equal(code, 2);
  assert.match(said, /cannot serve at `127\.0\.0\.1:.*\n.*another port/);
  await one.site.stop();
  await two.site.stop();
});

test("other machines reach it only when asked, and that is said aloud", async () => {
  const { site, said } = await started("2022-12-28T20:00:00Z", "--host", "0.0.0.0");
  assert.match(said.err, /everybody who can reach 0\.0\.0\.0 can read the page/);
  await site.stop();
});
