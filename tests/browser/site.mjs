// A site in a folder of its own, built by the program, served like any static host would, and shown
// by a real browser.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const PROGRAM = process.env.ALLCLEAR ?? join(process.env.CARGO_TARGET_DIR ?? join(ROOT, "target"), "debug/allclear");

// The policy that every page must work under.
export const POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'";

export const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

export const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});

export class Site {
  constructor(config) {
    this.folder = mkdtempSync(join(tmpdir(), "allclear-"));
    if (config) this.write("allclear.toml", config);
  }

  // A copy of the site in the repository's root.
  static demo() {
    const site = new Site();
    for (const part of ["allclear.toml", "incidents", "evidence"]) {
      cpSync(join(ROOT, part), join(site.folder, part), { recursive: true });
    }
    return site;
  }

  write(path, text) {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  build(now) {
    execFileSync(PROGRAM, ["build", "--quiet", "--site", this.folder, "--now", now], { stdio: "pipe" });
    return this;
  }

  // Serves what was built. `time`, in milliseconds, is what the server's clock says.
  async serve(time) {
    const server = createServer((request, answer) => {
      server.answering++;
      answer.on("close", () => server.answering--);
      server.requests.push(`${request.method} ${request.url}`);
      let file = join(this.folder, "public", normalize(new URL(request.url, "http://x").pathname));
      try {
        if (statSync(file).isDirectory()) file = join(file, "index.html");
        const body = readFileSync(file);
        answer.setHeader("content-type", TYPES[extname(file)] ?? "text/plain");
        answer.setHeader("cache-control", server.caching);
        answer.setHeader("content-security-policy", POLICY);
        answer.setHeader("date", new Date(server.time).toUTCString());
        answer.statusCode = server.status;
        answer.end(request.method === "HEAD" ? undefined : body);
      } catch {
        answer.statusCode = 404;
        answer.end();
      }
    });
    Object.assign(server, { time, requests: [], answering: 0, caching: "no-cache", status: 200 });
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
    this.server = server;
    this.url = `http://127.0.0.1:${server.address().port}/`;
    return this;
  }

  // A page in a browser whose clock says `clock`; what the browser complains of is in `complaints`.
  async open(path, clock, options = {}) {
    const context = await browser.newContext({ timezoneId: "America/New_York", ...options });
    const page = await context.newPage();
    page.complaints = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) page.complaints.push(message.text());
    });
    page.on("pageerror", (error) => page.complaints.push(String(error)));
    if (clock) await page.clock.install({ time: clock });
    await page.goto(this.url + path, { waitUntil: "networkidle" });
    return page;
  }

  async close() {
    this.server?.closeAllConnections();
    this.server?.close();
    rmSync(this.folder, { recursive: true });
  }
}
