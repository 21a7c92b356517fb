// The book that mdBook has made of docs/: its pages, its links, its search, and how it looks.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, extname, join, normalize, relative } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const docs = join(root, 'docs');
const book = join(root, 'target/book');

function below(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? below(path) : [path];
  });
}

// The pages as HTML, by the names of their sources.
const pages = below(docs)
  .map((path) => relative(docs, path))
  .filter((path) => path.endsWith('.md') && path !== 'SUMMARY.md')
  .map((path) => path.replace(/\.md$/, '.html'))
  .sort();

const files = below(book).filter((path) => path.endsWith('.html'));
const texts = new Map(files.map((path) => [path, readFileSync(path, 'utf8')]));

test('every page is in the book', () => {
  assert.ok(pages.length >= 40, `${pages.length} pages`);
  for (const page of pages) {
    assert.ok(existsSync(join(book, page)), page);
  }
});

test('every link of the book leads somewhere', () => {
  const ids = new Map();
  const idsOf = (path) => {
    if (!ids.has(path)) {
      ids.set(path, new Set([...texts.get(path).matchAll(/\sid="([^"]*)"/g)].map((it) => it[1])));
    }
    return ids.get(path);
  };
  const wrong = [];
  let seen = 0;
  for (const [path, text] of texts) {
    // The page to print holds all others, whose links are its own.
    const name = relative(book, path);
    if (['404.html', 'print.html', 'toc.html'].includes(name)) continue;
    // What is shown as code is no link.
    for (const [, link] of text.replace(/<!--[^]*?-->/g, '').matchAll(/\s(?:href|src)="([^"]*)"/g)) {
      if (/^(?:[a-z]+:|\/\/|#?$)/.test(link)) continue;
      seen += 1;
      const [file, place] = link.replace(/&amp;/g, '&').split('#');
      let target = file ? normalize(join(dirname(path), decodeURIComponent(file))) : path;
      if (existsSync(target) && statSync(target).isDirectory()) target = join(target, 'index.html');
      if (!existsSync(target)) {
        wrong.push(`${name}: ${link}: there is no such file`);
      } else if (place && texts.has(target) && !idsOf(target).has(decodeURIComponent(place))) {
        wrong.push(`${name}: ${link}: there is no such place`);
      }
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(seen >= 1000, `${seen} links`);
});

// What somebody who has read nothing else looks for, and one of the pages that must be among the first five.
const QUESTIONS = [
  ['unconfirmed', ['reference/headline', 'why/headline', 'README']],
  ['post an update', ['how-to/post-an-update']],
  ['gatus', ['how-to/evidence/gatus']],
  ['undo wrong all-clear', ['how-to/undo-a-wrong-all-clear']],
  ['valid_for', ['how-to/evidence/README', 'reference/site']],
  ['ambiguous-time', ['reference/diagnostics']],
];

test('the search finds what people look for', () => {
  const script = (start) => {
    const name = readdirSync(book).find((it) => it.startsWith(start) && it.endsWith('.js'));
    return readFileSync(join(book, name), 'utf8');
  };
  const context = vm.createContext({ window: { search: {} } });
  context.self = context.window;
  vm.runInContext(`${script('elasticlunr')};this.elasticlunr = this.elasticlunr || window.elasticlunr`, context);
  vm.runInContext(script('searchindex'), context);
  const { index, doc_urls: addresses, search_options: options } = context.window.search;
  const loaded = context.elasticlunr.Index.load(index);
  for (const [question, wanted] of QUESTIONS) {
    const found = loaded.search(question, { ...options, bool: 'AND' });
    const first = found.slice(0, 5).map((it) => addresses[it.ref]);
    assert.ok(
      first.some((address) => wanted.some((page) => address.startsWith(`${page}.html`))),
      `"${question}" finds ${first.join(', ')}`,
    );
  }
});

const TYPES = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' };
let server, browser;

before(async () => {
  server = createServer((request, response) => {
    const path = join(book, normalize(decodeURIComponent(new URL(request.url, 'http://a').pathname)));
    if (!existsSync(path) || statSync(path).isDirectory()) return response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream' });
    response.end(readFileSync(path));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const require = createRequire(join(root, 'tests/browser/package.json'));
  const { chromium } = require('playwright-core');
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] });
});

after(async () => {
  await browser?.close();
  server?.close();
});

for (const [width, colorScheme] of [[360, 'light'], [1280, 'dark']]) {
  test(`no page is wider than a window of ${width}, ${colorScheme}`, async () => {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 } });
    const tab = await context.newPage();
    const faults = [];
    tab.on('pageerror', (error) => faults.push(String(error)));
    for (const page of pages) {
      await tab.goto(`http://127.0.0.1:${server.address().port}/${page}`, { waitUntil: 'load' });
      const wide = await tab.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
      if (wide > 0) faults.push(`${page} is ${wide} pixels too wide`);
      if (process.env.ALLCLEAR_SCREENSHOTS) {
        const name = page.replace(/\//g, '-').replace('.html', '');
        await tab.screenshot({ path: join(process.env.ALLCLEAR_SCREENSHOTS, `${name}-${width}-${colorScheme}.png`) });
      }
    }
    await context.close();
    assert.deepEqual(faults, []);
  });
}

test('the search of the book answers a reader', async () => {
  const tab = await browser.newPage();
  await tab.goto(`http://127.0.0.1:${server.address().port}/README.html?search=unconfirmed`);
  await tab.waitForSelector('#mdbook-searchresults li, #searchresults li');
  const links = await tab.$$eval('#mdbook-searchresults a, #searchresults a', (all) => all.map((it) => it.textContent));
  assert.ok(links.length >= 2, links.join('\n'));
  await tab.close();
});
