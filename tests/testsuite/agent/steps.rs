//! Steps that fail alone, are said once, and work again.

use std::process::Command;

use super::{Mode, Running, Service, page, probes, wait_for, wait_for_state};
use crate::site_test::SiteTest;

/// While the files are wrong the last good page stays, and whoever watches is told.
#[test]
fn a_broken_site_keeps_its_last_page() {
    let site = SiteTest::new();
    let agent = Running::start(&site, &["--listen", "127.0.0.1:0"]);
    agent.wait_for(" write  public: ");
    let before = site.read("public/index.html");
    let good = site.read("allclear.toml");
    site.write("allclear.toml", good.replace("title", "titel"));
    let why = "allclear.toml:1: the site has no key `titel`";
    agent.wait_for(&format!(" build  ! {why}"));
    let text = wait_for("bad health", || {
        let (status, text) = agent.ask("/healthz");
        (status == 503).then_some(text)
    });
    assert!(text.starts_with(&format!("build: {why}")), "{text}");
    assert_eq!(agent.ask("/livez"), (200, "ok\n".to_owned()));
    assert_eq!(site.read("public/index.html"), before);
    site.write("allclear.toml", good.replace("Example", "Better"));
    agent.wait_for(" build  it works again");
    wait_for("new title", || {
        site.read("public/index.html")
            .contains("Better Status")
            .then_some(())
    });
    wait_for("good health", || {
        (agent.ask("/healthz").0 == 200).then_some(())
    });
    assert_eq!(agent.log().matches(" ! ").count(), 1, "{}", agent.log());
    assert_eq!(agent.ask("/nowhere").0, 404);
}

/// An outage is shown though somebody mistyped an incident meanwhile, and so is its end; a component that is removed at the
/// same time as its evidence comes in is in nobody's way.
#[test]
fn a_slip_of_the_pen_hides_no_outage() {
    let site = SiteTest::empty();
    site.run(&["init", "--quiet"]);
    let web = Service::start(Mode::Well);
    let config = site.read("allclear.toml") + &probes(&[("web", &web), ("api", &web)], &web);
    site.write("allclear.toml", config);
    let agent = Running::start(&site, &["--listen", "127.0.0.1:0"]);
    wait_for_state(&site, "all_clear");
    let wrong =
        "---\ntitle: Slow\ncomponents: {wbe: partial_outage}\nstarted: 2022-12-28 19:00\n---\n";
    site.write("incidents/slow.md", wrong);
    agent.wait_for(" build  ! incidents/slow.md:3: ");
    web.set(Mode::Failing);
    wait_for_state(&site, "major_outage");
    agent.wait_for("major_outage, by files as they were before");
    assert_eq!(agent.ask("/healthz").0, 503);
    web.set(Mode::Well);
    wait_for_state(&site, "all_clear");
    // What people want to say is not known: nothing good is said anew.
    assert_eq!(agent.log().matches("all_clear, by files").count(), 1);
    site.write("incidents/slow.md", wrong.replace("wbe", "web"));
    agent.wait_for(" build  it works again");
    wait_for_state(&site, "minor_outage");
}

/// A line of evidence that nothing can read hides no outage either, and once it is gone the page is built at once.
#[test]
fn a_line_that_cannot_be_read_hides_no_outage() {
    let site = SiteTest::empty();
    site.run(&["init", "--quiet"]);
    let web = Service::start(Mode::Well);
    let config = site.read("allclear.toml") + &probes(&[("web", &web), ("api", &web)], &web);
    site.write("allclear.toml", config);
    site.write("evidence/by-hand.jsonl", "garbage\n{}\n");
    let agent = Running::start(&site, &["--listen", "127.0.0.1:0"]);
    // The probes look from the start.
    agent.wait_for(" build  ! evidence/by-hand.jsonl:1: ");
    agent.wait_for("web operational: ");
    assert!(page(&site).is_none());
    site.write("evidence/by-hand.jsonl", "");
    wait_for_state(&site, "all_clear");
    site.write("evidence/by-hand.jsonl", "garbage\n{}\n");
    agent.wait_for("; the page of ");
    web.set(Mode::Failing);
    wait_for_state(&site, "major_outage");
    web.set(Mode::Well);
    wait_for("recovery", || {
        (agent.log().matches("web operational: ").count() > 1).then_some(())
    });
    // What cannot be read may be what tells of trouble: nothing good is said.
    assert_eq!(agent.log().matches("all_clear, by files").count(), 0);
    site.write("evidence/by-hand.jsonl", "");
    agent.wait_for(" build  it works again");
    wait_for_state(&site, "all_clear");
}

/// A probe that can never look is said once, also to who wants to hear little, and whoever watches learns of it until it can.
#[test]
fn a_probe_that_can_never_look_is_said_and_unhealthy() {
    let site = SiteTest::empty();
    site.run(&["init", "--quiet"]);
    let web = Service::start(Mode::Well);
    let all = probes(&[("web", &web), ("api", &web)], &web);
    let config = site.read("allclear.toml") + &all;
    let unset = config.replacen("/\"\nevery", "/${NO_SUCH_VARIABLE}\"\nevery", 1);
    site.write("allclear.toml", &unset);
    let agent = Running::start(&site, &["--listen", "127.0.0.1:0", "--quiet"]);
    let why = "`web` can never be asked (probe-web): the environment variable NO_SUCH_VARIABLE is not set; \
               set `NO_SUCH_VARIABLE` where allclear runs";
    agent.wait_for(&format!(" probe  ! {why}"));
    wait_for("page", || page(&site));
    let text = wait_for("bad health", || {
        let (status, text) = agent.ask("/healthz");
        (status == 503).then_some(text)
    });
    assert!(text.starts_with(&format!("probe: {why}")), "{text}");
    // It is asked for again, and said no more.
    wait_for("second answer", || {
        let metrics = agent.ask("/metrics").1;
        let silent = "allclear_probe_answers_total{verdict=\"silent\"} 2\n";
        metrics.contains(silent).then_some(())
    });
    assert_eq!(agent.log().matches(" ! ").count(), 1, "{}", agent.log());
    site.write("allclear.toml", &config);
    wait_for("good health", || {
        (agent.ask("/healthz").0 == 200).then_some(())
    });
    // Of a component whose evidence nobody requires it is no failure.
    let config = unset.replacen(
        "id = \"web\"",
        "id = \"web\"\nstates = { required = false }",
        1,
    );
    site.write("allclear.toml", config);
    wait_for("second word about it", || {
        (agent.log().matches(why).count() == 2).then_some(())
    });
    assert_eq!(agent.ask("/healthz").0, 200);
}

/// Where a firewall lets nothing out to the control addresses no outage would be seen: that is said before there is one.
#[test]
fn control_addresses_that_never_answer_are_said_at_the_start() {
    let site = SiteTest::empty();
    site.run(&["init", "--quiet"]);
    let web = Service::start(Mode::Well);
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = closed.local_addr().unwrap().to_string();
    drop(closed);
    let all = probes(&[("web", &web), ("api", &web)], &web);
    // The first address is that of `control`.
    let all = all.replacen(&web.address().to_string(), &address, 1);
    site.write("allclear.toml", site.read("allclear.toml") + &all);
    let agent = Running::start(&site, &["--quiet"]);
    let why = format!(
        " probe  ! no control address answers ({address}: no connection: connection refused), though a probe does: an outage would count for nothing; name others in `control` of `[probe]`\n"
    );
    agent.wait_for(&why);
    let asked = web.count();
    wait_for("another look", || (web.count() > asked + 4).then_some(()));
    assert_eq!(agent.log().matches(&why).count(), 1, "{}", agent.log());
    // Where they answer there is nothing to say.
    let site = SiteTest::empty();
    site.run(&["init", "--quiet"]);
    let config = site.read("allclear.toml") + &probes(&[("web", &web)], &web);
    site.write("allclear.toml", config);
    let agent = Running::start(&site, &[]);
    agent.wait_for("web operational: ");
    assert!(!agent.log().contains("control"), "{}", agent.log());
}

/// An incident file that is wrong is named with its line by a single round, too, which ends with 1.
#[test]
fn a_single_round_says_what_is_wrong_by_its_exit_code() {
    let site = SiteTest::new().file(
        "incidents/slow.md",
        "---\ntitle: Slow\ncomponents: {wbe: partial_outage}\nstarted: 2022-12-28 19:00\n---\n",
    );
    let outcome = site.run_fails(1, &["agent", "--once", "--quiet"]);
    let said = outcome.stderr();
    let said: Vec<&str> = said.splitn(2, ' ').collect();
    assert!(
        said[1].starts_with("build  ! incidents/slow.md:3: "),
        "{said:?}"
    );
    assert!(page(&site).is_none());
}

/// A disk without room keeps neither evidence nor page, and both come when there is room again.
#[test]
fn a_full_disk_is_said_once_and_written_to_later() {
    if Command::new("prlimit").arg("--version").output().is_err() {
        eprintln!("not run: a disk without room, because there is no `prlimit` (util-linux)");
        return;
    }
    let web = Service::start(Mode::Well);
    let site = SiteTest::new();
    let config = site.read("allclear.toml") + &probes(&[("web", &web)], &web);
    site.write("allclear.toml", config);
    let mut command = Command::new("sh");
    let limited = "trap '' XFSZ; ulimit -S -f 1; exec \"$0\" agent";
    command
        .args(["-c", limited])
        .arg(snapbox::cmd::cargo_bin!("allclear"));
    let agent = Running::spawn(&site, command);
    agent.wait_for(" write  ! cannot write ");
    assert!(page(&site).is_none());
    let pid = agent.id().to_string();
    let raised = Command::new("prlimit")
        .args(["--pid", &pid, "--fsize=unlimited"])
        .status();
    assert!(raised.unwrap().success());
    agent.wait_for(" write  it works again");
    wait_for("page", || page(&site));
    assert_eq!(
        agent.log().matches(" write  ! ").count(),
        1,
        "{}",
        agent.log()
    );
}
