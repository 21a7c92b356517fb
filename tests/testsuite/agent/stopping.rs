//! How an agent ends, and who else is at work.

use super::{Mode, Running, Service, probes, wait_for, wait_for_state};
use crate::site_test::SiteTest;

/// A hundred probes that get no answer hold up no end.
#[test]
fn a_stop_waits_for_no_probe() {
    let hanging = Service::start(Mode::Hanging);
    let mut config = SiteTest::new().read("allclear.toml") + &probes(&[], &hanging);
    for number in 0..100 {
        config.push_str(&format!(
            "\n[[probes]]\ncomponent = \"web\"\nhttp = \"http://{}/{number}\"\ntimeout = \"40s\"\nsource = \"s{number}\"\n",
            hanging.address()
        ));
    }
    for signal in ["TERM", "INT"] {
        let site = SiteTest::empty().file("allclear.toml", &config);
        let mut agent = Running::start(&site, &["--listen", "127.0.0.1:0"]);
        wait_for("first round", || {
            (agent.ask("/livez").0 == 200).then_some(())
        });
        agent.signal(signal);
        assert_eq!(agent.wait().code(), Some(0));
        agent.wait_for(" agent  ended, as it was asked to");
        assert_eq!(
            crate::site_test::files_below(&site.path("evidence")),
            [".allclear-agent"]
        );
    }
}

/// A single round that is stopped before there is a page has not done its work.
#[test]
fn a_single_round_that_is_stopped_says_so_by_its_exit_code() {
    let hanging = Service::start(Mode::Hanging);
    let config = SiteTest::new().read("allclear.toml") + &probes(&[("web", &hanging)], &hanging);
    let config = config.replace("every = \"6s\"\ntimeout = \"4s\"", "timeout = \"40s\"");
    let site = SiteTest::empty().file("allclear.toml", &config);
    let mut agent = Running::start(&site, &["--once", "--listen", "127.0.0.1:0"]);
    // It listens to signals once it looks.
    wait_for("request", || (hanging.count() > 0).then_some(()));
    agent.signal("TERM");
    assert_eq!(agent.wait().code(), Some(2));
    assert!(!site.path("public/index.html").exists());
}

/// Only one agent is at work on a folder, and one that was killed is in nobody's way.
#[test]
fn two_agents_do_not_share_a_folder() {
    let site = SiteTest::new();
    let agent = Running::start(&site, &[]);
    wait_for_state(&site, "no_known_problems");
    // Evidence is there once, whatever the output.
    for arguments in [
        ["agent", "--once", "-o", "public"],
        ["agent", "--once", "-o", "b"],
    ] {
        let refused = site.run_fails(2, &arguments);
        let expected = "error: another agent keeps its evidence in `evidence`\n  help: nothing was done; one agent does all the work of a site, so end the other one first\n";
        assert_eq!(refused.stderr(), expected);
    }
    // Nor is the output of another site.
    let other = SiteTest::new();
    let output = site.path("public");
    let output = output.to_str().unwrap();
    let refused = other.run_fails(2, &["agent", "--once", "-o", output]);
    let expected = format!(
        "error: another agent is at work on `{output}`\n  help: nothing was done; end the other one first, or name another folder with `-o DIR`\n"
    );
    assert_eq!(refused.stderr(), expected);
    // Others may build.
    site.run(&["build", "-o", "elsewhere"]);
    agent.kill();
    site.run_warns(&["agent", "--once"]);
}

/// An address that another program has is named with what to choose instead.
#[test]
fn a_port_that_is_taken_is_said_with_the_option_that_names_it() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let site = SiteTest::new();
    let said = site.run_fails(2, &["agent", "--once", "--listen", &address]);
    assert!(
        said.stderr().contains(
            "  help: choose another port with `--listen`; `--listen 127.0.0.1:0` takes a free one\n"
        ),
        "{}",
        said.stderr()
    );
}
