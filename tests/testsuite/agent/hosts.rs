//! What `init --agent` writes.

use serde_json::Value;

use crate::site_test::{SiteTest, files_below};

/// The kinds of hosts, with the files that `init --agent` writes for each.
const HOSTS: [(&str, &[&str]); 3] = [
    ("systemd", &["deploy/allclear-agent.service"]),
    (
        "container",
        &[
            ".containerignore",
            ".dockerignore",
            "Containerfile",
            "get-allclear.sh",
        ],
    ),
    (
        "kubernetes",
        &[
            ".containerignore",
            ".dockerignore",
            "Containerfile",
            "deploy/kubernetes.yaml",
            "get-allclear.sh",
        ],
    ),
];

#[test]
fn each_host_gets_its_files_and_nothing_is_overwritten() {
    for (host, files) in HOSTS {
        let site = SiteTest::new();
        site.run(&["init", "--agent", host, "--quiet"]);
        let mut expected: Vec<&str> = files.to_vec();
        expected.push("allclear.toml");
        if files.contains(&"get-allclear.sh") {
            expected.push(".gitignore");
        }
        expected.sort_unstable();
        assert_eq!(files_below(&site.path("")), expected, "{host}");
        let again = site.run_fails(2, &["init", "--agent", host]);
        assert!(
            again.stderr().contains(" is there already\n"),
            "{}",
            again.stderr()
        );
        site.write(files[0], "mine");
        let refused = site.run_fails(2, &["init", "--agent", host]);
        assert!(refused.stderr().contains(files[0]), "{}", refused.stderr());
        assert_eq!(site.read(files[0]), "mine");
    }
}

/// Runs the agent once as a file says, but in the folders and at the port of a test.
#[track_caller]
fn run_as_written(site: &SiteTest, arguments: &[&str]) {
    assert_eq!(arguments[0], "agent");
    let mut written = arguments.to_vec();
    for (option, here) in [
        ("--site", "."),
        ("--output", "public"),
        ("--listen", "127.0.0.1:0"),
    ] {
        let at = written.iter().position(|it| *it == option).unwrap();
        written[at + 1] = here;
    }
    // There is no page yet, and no test asks the world.
    let pull = written.iter().position(|it| *it == "--pull").unwrap();
    written.remove(pull);
    written.push("--once");
    site.run_warns(&written);
    assert!(site.path("public/index.html").exists());
}

#[test]
fn the_unit_runs_an_agent_and_leaves_it_the_time_to_end() {
    let site = SiteTest::new();
    site.run(&["init", "--agent", "systemd", "--quiet"]);
    let unit = site.read("deploy/allclear-agent.service");
    let value = |key: &str| {
        let mut lines = unit.lines().filter_map(|line| line.strip_prefix(key));
        lines.next().unwrap().trim_start_matches('=').to_owned()
    };
    let command = value("ExecStart");
    // The program comes to where the unit looks for it.
    let copies = "\n#   install --mode=755 \"$(command -v allclear)\" /usr/local/bin/\n";
    assert!(unit.contains(copies), "{unit}");
    let words: Vec<&str> = command.split(' ').collect();
    assert_eq!(words[0], "/usr/local/bin/allclear");
    run_as_written(&site, &words[1..]);
    assert!(value("TimeoutStopSec").parse::<u32>().unwrap() > 10);
    // All that it writes lies in the one folder that it may write to.
    let home = format!("/var/lib/{}", value("StateDirectory"));
    let folders = words.iter().skip(1).filter(|word| word.starts_with('/'));
    assert!(folders.clone().count() == 2 && folders.clone().all(|it| it.starts_with(&home)));
}

#[test]
fn the_image_and_the_deployment_agree() {
    let site = SiteTest::new();
    site.run(&["init", "--agent", "kubernetes", "--quiet"]);
    let containerfile = site.read("Containerfile");
    let command = containerfile
        .lines()
        .find_map(|line| line.strip_prefix("CMD "))
        .unwrap();
    let command: Vec<String> = serde_json::from_str(command).unwrap();
    let words: Vec<&str> = command.iter().map(String::as_str).collect();
    let listen = words[words.iter().position(|it| *it == "--listen").unwrap() + 1];
    let port = listen.rsplit(':').next().unwrap();
    run_as_written(&site, &words);

    let text = site.read("deploy/kubernetes.yaml");
    let documents: Vec<Value> = text
        .split("\n---\n")
        .map(|document| serde_saphyr::from_str(document).unwrap())
        .collect();
    let deployment = documents
        .iter()
        .find(|it| it["kind"] == "Deployment")
        .unwrap();
    let spec = &deployment["spec"];
    assert_eq!(spec["replicas"], 1);
    assert_eq!(spec["strategy"]["type"], "Recreate");
    let pod = &spec["template"]["spec"];
    assert!(pod["terminationGracePeriodSeconds"].as_u64().unwrap() > 10);
    assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
    assert!(containerfile.contains(&format!(
        "USER {0}:{0}\n",
        pod["securityContext"]["runAsUser"]
    )));
    let containers = pod["containers"].as_array().unwrap();
    for container in containers {
        let context = &container["securityContext"];
        assert_eq!(context["allowPrivilegeEscalation"], false);
        assert_eq!(context["readOnlyRootFilesystem"], true);
        assert_eq!(context["capabilities"]["drop"][0], "ALL");
    }
    let agent = &containers[0];
    assert_eq!(agent["ports"][0]["containerPort"].to_string(), port);
    assert_eq!(agent["livenessProbe"]["httpGet"]["path"], "/livez");
    let mounts: Vec<&str> = (agent["volumeMounts"].as_array().unwrap().iter())
        .map(|mount| mount["mountPath"].as_str().unwrap())
        .collect();
    assert!(containerfile.contains(&format!(
        "VOLUME {}\n",
        serde_json::json!(mounts).to_string().replace(',', ", ")
    )));
}
