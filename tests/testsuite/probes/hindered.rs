//! Probes that can never look, because something is missing here.

use snapbox::str;

use super::server::Server;
use super::{GOOD, probe, site_with};
use crate::site_test::SiteTest;

/// Probes of an address that nobody may ask, and of one that needs a variable; with others behind them.
fn hindered(others: &str) -> SiteTest {
    let private = probe("web", "http = \"http://127.0.0.1:9/\"\nsource = \"a\"");
    let unset = probe(
        "api",
        "http = \"https://example.com/${NO_SUCH_VARIABLE}\"\nsource = \"b\"",
    );
    site_with("control = []", &(private + &unset + others))
}

#[test]
fn probes_that_can_never_look_are_no_silence() {
    // Quiet is for what goes well.
    let told = hindered("").run_fails(2, &["probe", "--quiet"]);
    assert_eq!(told.stdout(), "");
    told.expect_stderr(str![[r#"
warning[hindered-probe]: this probe can never look: 127.0.0.1 is in a private network, which is not asked
  --> allclear.toml:21:1
   |
21 | [[probes]]
   | ^^^^^^^^^^
   |
   = help: write `private = true` into `[probe]` to have addresses of private networks asked

warning[hindered-probe]: this probe can never look: the environment variable NO_SUCH_VARIABLE is not set
  --> allclear.toml:26:1
   |
26 | [[probes]]
   | ^^^^^^^^^^
   |
   = help: set `NO_SUCH_VARIABLE` where allclear runs; a pipeline has to hand it to this step

"#]]);
    let seen = hindered("").run_fails(2, &["probe", "--format", "json"]);
    assert_eq!(seen.json()["probes"].as_array().unwrap().len(), 2);
}

#[test]
fn a_probe_that_can_never_look_spoils_no_other() {
    let good = Server::saying(GOOD);
    let other = probe(
        "login",
        &format!("tcp = \"127.0.0.1:{}\"\nsource = \"c\"", good.port),
    );
    // Whoever may ask private networks lacks only the variable.
    let site = hindered(&other);
    let config = site.read("allclear.toml");
    site.write(
        "allclear.toml",
        config.replace("control = []", "control = []\nprivate = true"),
    );
    let told = site.run_warns(&["probe", "--dry-run"]);
    assert!(
        told.stdout().contains("login  operational"),
        "{}",
        told.stdout()
    );
    assert_eq!(
        told.stderr().matches("warning[").count(),
        1,
        "{}",
        told.stderr()
    );
    assert!(
        told.stderr().contains("NO_SUCH_VARIABLE"),
        "{}",
        told.stderr()
    );
}
