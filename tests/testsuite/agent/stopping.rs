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
            "\n[[probes]]\ncomponent = \"web\"\nhttp = \"http://{}/{number}\"\ntimeout = \"10m\"\nsource = \"s{number}\"\n",
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
        assert!(!site.path("evidence").exists());
    }
}

/// Only one agent is at work on a folder, and one that was killed is in nobody's way.
#[test]
fn two_agents_do_not_share_a_folder() {
    let site = SiteTest::new();
    let agent = Running::start(&site, &[]);
    wait_for_state(&site, "no_known_problems");
    let refused = site.run_fails(2, &["agent", "--once"]);
    let expected = "error: another agent is at work on `public`\n  help: nothing was done; end the other one first, or name another folder with `-o DIR`\n";
    assert_eq!(refused.stderr(), expected);
    // Others may build into it.
    site.run_warns(&["agent", "--once", "-o", "elsewhere"]);
    agent.kill();
    site.run_warns(&["agent", "--once"]);
}
