// Real programs that read status pages, on the demo as `serve` serves it: each at three instants, with what it
// understood compared with what `allclear status` says.
//
// Where a client cannot be had as a package, a reader with the needs that its documentation states stands for it.

import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { Statuspage } from "statuspage.io";
import { z } from "zod";

import { PROGRAM, ROOT, browser } from "../browser/site.mjs";

const PYTHON = process.env.CLIENTS_PYTHON ?? join(ROOT, "target/client-checks/bin/python");

const children = [];
after(() => {
  for (const child of children) child.kill("SIGKILL");
  return browser.close();
});

// Serves the demo as it was at an instant; the address ends with a slash.
async function served(now) {
  const child = spawn(PROGRAM, ["serve", "--site", ROOT, "--now", now, "--port", "0"], { cwd: ROOT, env: { ...process.env, NO_COLOR: "1" } });
  children.push(child);
  let out = "";
  let err = "";
  child.stdout.on("data", (text) => (out += text));
  child.stderr.on("data", (text) => (err += text));
  const deadline = Date.now() + 30_000;
  while (!out.includes("\n")) {
    assert.ok(Date.now() < deadline, `serve does not start: ${err}`);
    await new Promise((done) => setTimeout(done, 20));
  }
  return out.split(" ")[0];
}

// It exits with 3 where there is trouble.
const status = (now) => JSON.parse(spawnSync(PROGRAM, ["status", "--site", ROOT, "--now", now, "--format", "json"]).stdout);

// What the API may say of a component: what nobody confirms must not be an unknown word, which two clients read as
// operational.
const word = (exact) => ({ suspected: "degraded_performance", unknown: "degraded_performance" })[exact] ?? exact;

const INSTANTS = [
  { name: "all clear", now: "2022-12-28T12:00:00Z", state: "all_clear", indicator: "none", description: "All Systems Operational" },
  { name: "outage", now: "2022-12-29T01:30:00Z", state: "partial_outage", indicator: "major", description: "Partial System Outage" },
  { name: "expired", now: "2022-12-29T12:00:00Z", state: "unknown", indicator: "minor", description: "Status unconfirmed since Dec 28, 2022, 9:40 PM EST" },
];

// The answer of a strict typed client: any word outside of the enums, any key that is missing or of another type fails.
const instant = z.iso.datetime({ offset: true });
const COMPONENT_STATUS = z.enum(["operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance"]);
const IMPACT = z.enum(["none", "minor", "major", "critical", "maintenance"]);
const Page = z.object({ id: z.string().min(1), name: z.string().min(1), url: z.url(), time_zone: z.string(), updated_at: instant });
const Component = z.object({
  id: z.string().min(1),
  name: z.string(),
  status: COMPONENT_STATUS,
  created_at: instant,
  updated_at: instant,
  position: z.int(),
  description: z.string().nullable(),
  showcase: z.boolean(),
  start_date: z.iso.date().nullable(),
  group_id: z.string().nullable(),
  page_id: z.string(),
  group: z.boolean(),
  only_show_if_degraded: z.boolean(),
  components: z.array(z.string()).optional(),
});
const Update = z.object({
  id: z.string(),
  status: z.string(),
  body: z.string(),
  incident_id: z.string(),
  created_at: instant,
  updated_at: instant,
  display_at: instant,
  affected_components: z.array(z.object({ code: z.string(), name: z.string(), old_status: COMPONENT_STATUS, new_status: COMPONENT_STATUS })).nullable(),
  deliver_notifications: z.boolean(),
  custom_tweet: z.string().nullable(),
  tweet_id: z.union([z.number(), z.string()]).nullable(),
});
const post = (states) =>
  z.object({
    id: z.string(),
    name: z.string(),
    status: z.enum(states),
    created_at: instant,
    updated_at: instant,
    monitoring_at: instant.nullable(),
    resolved_at: instant.nullable(),
    impact: IMPACT,
    shortlink: z.url(),
    started_at: instant,
    page_id: z.string(),
    incident_updates: z.array(Update.extend({ status: z.enum(states) })),
    components: z.array(Component),
    reminder_intervals: z.string().nullable(),
  });
const Incident = post(["investigating", "identified", "monitoring", "resolved", "postmortem"]);
const Maintenance = post(["scheduled", "in_progress", "verifying", "completed"]).extend({ scheduled_for: instant, scheduled_until: instant });
// One of the clients has no word `maintenance` here, and fails over it.
const Status = z.object({ indicator: z.enum(["none", "minor", "major", "critical"]), description: z.string().min(1) });
const DOCUMENTS = {
  "summary.json": z.object({ page: Page, status: Status, components: z.array(Component), incidents: z.array(Incident), scheduled_maintenances: z.array(Maintenance) }),
  "status.json": z.object({ page: Page, status: Status }),
  "components.json": z.object({ page: Page, status: Status, components: z.array(Component) }),
  "incidents.json": z.object({ page: Page, incidents: z.array(Incident) }),
  "incidents/unresolved.json": z.object({ page: Page, incidents: z.array(Incident) }),
  "scheduled-maintenances.json": z.object({ page: Page, scheduled_maintenances: z.array(Maintenance) }),
  "scheduled-maintenances/upcoming.json": z.object({ page: Page, scheduled_maintenances: z.array(Maintenance) }),
  "scheduled-maintenances/active.json": z.object({ page: Page, scheduled_maintenances: z.array(Maintenance) }),
};

// Statuses of components by their names, groups apart.
const statuses = (components) => Object.fromEntries(components.filter((it) => !it.group).map((it) => [it.name, it.status]));

for (const { name, now, state, indicator, description } of INSTANTS) {
  describe(name, () => {
    let url, truth, wanted;
    before(async () => {
      url = await served(now);
      truth = status(now);
      wanted = Object.fromEntries(truth.components.map((it) => [it.name, word(it.status)]));
      assert.equal(truth.headline.state, state);
    });

    const isTrue = (summary) => {
      assert.equal(summary.status.indicator, indicator);
      assert.equal(summary.status.description, description);
      assert.deepEqual(statuses(summary.components), wanted);
      assert.deepEqual(summary.incidents.map((it) => [it.id, it.name, it.status, it.impact]), truth.incidents.map((it) => [it.slug, it.title, it.state, it.impact]));
      assert.deepEqual(summary.scheduled_maintenances.map((it) => [it.id, it.name, it.status]), truth.maintenances.map((it) => [it.slug, it.title, it.state]));
    };

    test("statuspage.io", async () => {
      const client = new Statuspage("page");
      client.setApiUrl(url);
      isTrue(await client.api.getSummary());
      assert.equal((await client.api.getStatus()).status.indicator, indicator);
      assert.deepEqual(statuses((await client.api.getComponents()).components), wanted);
      const open = truth.incidents.map((it) => it.slug);
      assert.deepEqual((await client.api.incidents.getUnresolved()).incidents.map((it) => it.id), open);
      const all = (await client.api.incidents.getAll()).incidents.map((it) => it.id);
      assert.ok(all.length >= 2 && open.every((id) => all.includes(id)), all.join());
      const upcoming = (await client.api.scheduledMaintenances.getUpcoming()).scheduled_maintenances;
      assert.deepEqual(upcoming.map((it) => it.id), truth.maintenances.filter((it) => it.state === "scheduled").map((it) => it.slug));
    });

    test("@statuspage/status-widget, from another origin", async () => {
      const widget = readFileSync(new URL("node_modules/@statuspage/status-widget/dist/index.js", import.meta.url), "utf8");
      const page = await browser.newPage();
      const complaints = [];
      page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
      const other = createServer((request, answer) => {
        const isScript = request.url === "/widget.js";
        answer.setHeader("content-type", isScript ? "text/javascript" : "text/html");
        answer.end(isScript ? widget : `<!doctype html><link rel="icon" href="data:,"><statuspage-widget src="${url.slice(0, -1)}"></statuspage-widget><script src="/widget.js"></script>`);
      });
      await new Promise((done) => other.listen(0, "127.0.0.1", done));
      await page.goto(`http://127.0.0.1:${other.address().port}/`);
      const shown = await page.waitForFunction(() => document.querySelector("statuspage-widget").shadowRoot?.querySelector(".status-text")?.textContent.trim());
      const summary = await (await fetch(`${url}api/v2/summary.json`)).json();
      assert.equal(await shown.jsonValue(), summary.status.description);
      const dot = await page.evaluate(() => document.querySelector("statuspage-widget").shadowRoot.querySelector(".status-indicator").className);
      assert.ok(dot.split(" ").includes(indicator), dot);
      assert.deepEqual(complaints, []);
      await page.close();
      other.closeAllConnections();
      other.close();
    });

    test("DiscordStatus and statuspage-prometheus-exporter", () => {
      const read = JSON.parse(execFileSync(PYTHON, [join(ROOT, "tests/clients/read.py"), url], { stdio: ["ignore", "pipe", "ignore"] }));
      isTrue(read.discordstatus.summary);
      assert.equal(read.discordstatus.status.status.indicator, indicator);
      assert.deepEqual(statuses(read.discordstatus.components.components), wanted);
      assert.deepEqual(read.discordstatus.unresolved_incidents.incidents.map((it) => it.id), truth.incidents.map((it) => it.slug));
      assert.deepEqual(read.discordstatus.active_maintenances.scheduled_maintenances, []);
      assert.ok(read.discordstatus.all_maintenances.scheduled_maintenances.length >= 1);
      const { exporter } = read;
      assert.equal(exporter.success, true);
      // 1 is its word for "operational".
      assert.equal(exporter.status, state === "all_clear" ? 1 : 0);
      const named = Object.fromEntries(exporter.component_metadata.map((it) => [it.name, it.status]));
      for (const [component, expected] of Object.entries(wanted)) assert.equal(named[component], expected);
      assert.deepEqual(exporter.incident_metadata.map((it) => [it.id, it.name, it.status, it.impact]), truth.incidents.map((it) => [it.slug, it.title, it.state, it.impact]));
      for (const incident of exporter.incident_metadata) assert.ok(incident.shortlink.startsWith(url), incident.shortlink);
    });

    test("a strict typed parser", async () => {
      for (const [document, schema] of Object.entries(DOCUMENTS)) {
        const answer = await fetch(`${url}api/v2/${document}`);
        assert.equal(answer.status, 200, document);
        // One client looks for this type, those in browsers need the other header.
        assert.match(answer.headers.get("content-type"), /application\/json/);
        assert.equal(answer.headers.get("access-control-allow-origin"), "*");
        const parsed = schema.safeParse(await answer.json());
        assert.ok(parsed.success, `${document}: ${parsed.error && z.prettifyError(parsed.error)}`);
      }
    });

    test("links that clients make up are pages", async () => {
      const { incidents } = await (await fetch(`${url}api/v2/incidents.json`)).json();
      assert.ok(incidents.length >= 2);
      for (const { id, shortlink, name: title } of incidents) {
        for (const link of [`${url}incidents/${id}`, shortlink]) {
          const answer = await fetch(link);
          assert.equal(answer.status, 200, link);
          assert.ok((await answer.text()).includes(title), link);
        }
      }
    });

    test("what Home Assistant's integration reads", async () => {
      const { page, components, incidents, scheduled_maintenances, status: said } = await (await fetch(`${url}api/v2/summary.json`)).json();
      // An indicator or a status that it does not know is "none" and "operational" to it.
      assert.ok(["none", "minor", "major", "critical"].includes(said.indicator));
      assert.ok(!Number.isNaN(Date.parse(page.updated_at)) && Date.parse(page.updated_at) <= Date.parse(now));
      for (const incident of incidents) {
        for (const key of ["id", "name", "status", "impact", "shortlink", "started_at", "updated_at"]) assert.equal(typeof incident[key], "string", key);
        assert.ok(incident.incident_updates[0].body.length > 0);
      }
      for (const maintenance of scheduled_maintenances) assert.ok(Date.parse(maintenance.scheduled_for) < Date.parse(maintenance.scheduled_until));
      const groups = new Set(components.filter((it) => it.group).map((it) => it.id));
      assert.equal(groups.size, 2);
      for (const component of components.filter((it) => !it.group)) {
        assert.ok(groups.has(component.group_id), component.id);
        assert.equal(typeof component.showcase, "boolean");
      }
    });

    test("what statuspage-exporter in Go reads", async () => {
      const head = await fetch(`${url}api/v2/components.json`, { method: "HEAD" });
      assert.equal(head.status, 200);
      const { status: said, components } = await (await fetch(`${url}api/v2/components.json`)).json();
      assert.equal(said.indicator, indicator);
      assert.deepEqual(statuses(components), wanted);
    });
  });
}
