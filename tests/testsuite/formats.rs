//! The output of `check` for programs.

use std::process::Command;

use serde_json::Value;
use snapbox::str;

use crate::site_test::{NOW, SiteTest};

/// A site with an error that points at another place, one in a line, one of a whole file, and a warning.
fn site() -> SiteTest {
    SiteTest::new()
        .file("incidents/a/log-in.md", "---\ntitle: ü\ncomponents: {lögin: major_outage}\n---\n\n## Investigating · 2022-12-28 19:45\n")
        .file("incidents/b/log-in.md", "---\ntitle: Log-in, 100%\ncomponents: [login]\n---\n\n## Investigating · 2022-12-28 19:45\n")
        .file("incidents/b, c.md", b"---\ntitle: \xff\n---\n")
        .file("evidence/notes.csv", "time,value\n2022-12-28T23:00:00Z,12\n")
}

/// The output of `check` for the site in a format.
fn said(format: &str) -> String {
    let outcome = site().run_exits(1, &["check", "--now", NOW, "--format", format]);
    outcome.stdout().to_owned()
}

#[test]
fn as_gitlab_reads_them() {
    let report: Value = serde_json::from_str(&said("gitlab")).unwrap();
    let findings: Vec<String> = (report.as_array().unwrap().iter())
        .map(|finding| {
            let text = |key: &str| finding[key].as_str().unwrap();
            assert_eq!(text("fingerprint").len(), 64);
            format!(
                "{} {}:{} {}: {}",
                text("severity"),
                finding["location"]["path"].as_str().unwrap(),
                finding["location"]["lines"]["begin"],
                text("check_name"),
                text("description")
            )
        })
        .collect();
    snapbox::assert_data_eq!(
        findings.join("\n"),
        str![[r#"
minor evidence/notes.csv:1 unused-file: this file holds samples, but no signal names it (name it as the `file` of a signal in `allclear.toml`)
major incidents/a/log-in.md:3 unknown-component: there is no component `lögin` (did you mean `login`?)
major incidents/b/log-in.md:2 duplicate-slug: two incidents have the slug `log-in` (rename one of the files: the slug is the address of the incident's page)
major incidents/b, c.md:1 not-utf8: line 2 of this file is not UTF-8 (save it as UTF-8; in most editors that is a choice beside `Save as`)
"#]]
    );
}

#[test]
fn as_json() {
    snapbox::assert_data_eq!(
        said("json"),
        str![[r#"
{
  "diagnostics": [
    {
      "at": {
        "column": 1,
        "end_column": 1,
        "end_line": 3,
        "file": "evidence/notes.csv",
        "line": 1
      },
      "code": "unused-file",
      "help": "name it as the `file` of a signal in `allclear.toml`",
      "message": "this file holds samples, but no signal names it",
      "related": null,
      "severity": "warning"
    },
    {
      "at": {
        "column": 14,
        "end_column": 19,
        "end_line": 3,
        "file": "incidents/a/log-in.md",
        "line": 3
      },
      "code": "unknown-component",
      "help": "did you mean `login`?",
      "message": "there is no component `lögin`",
      "related": null,
      "severity": "error"
    },
    {
      "at": {
        "column": 1,
        "end_column": 20,
        "end_line": 3,
        "file": "incidents/b/log-in.md",
        "line": 2
      },
      "code": "duplicate-slug",
      "help": "rename one of the files: the slug is the address of the incident's page",
      "message": "two incidents have the slug `log-in`",
      "related": {
        "at": {
          "column": 1,
          "end_column": 34,
          "end_line": 3,
          "file": "incidents/a/log-in.md",
          "line": 2
        },
        "message": "the first"
      },
      "severity": "error"
    },
    {
      "at": {
        "column": null,
        "end_column": null,
        "end_line": null,
        "file": "incidents/b, c.md",
        "line": null
      },
      "code": "not-utf8",
      "help": "save it as UTF-8; in most editors that is a choice beside `Save as`",
      "message": "line 2 of this file is not UTF-8",
      "related": null,
      "severity": "error"
    }
  ],
  "errors": 3,
  "warnings": 1
}

"#]]
    );
}

#[test]
fn as_annotations_of_github() {
    snapbox::assert_data_eq!(
        said("github"),
        str![[r#"
::warning file=evidence/notes.csv,line=1,endLine=3,col=1,endColumn=1,title=unused-file::this file holds samples, but no signal names it%0Aname it as the `file` of a signal in `allclear.toml`
::error file=incidents/a/log-in.md,line=3,endLine=3,col=14,endColumn=19,title=unknown-component::there is no component `lögin`%0Adid you mean `login`?
::error file=incidents/b/log-in.md,line=2,endLine=3,col=1,endColumn=20,title=duplicate-slug::two incidents have the slug `log-in`%0Arename one of the files: the slug is the address of the incident's page
::error file=incidents/b%2C c.md,title=not-utf8::line 2 of this file is not UTF-8%0Asave it as UTF-8; in most editors that is a choice beside `Save as`

"#]]
    );
}

#[test]
fn as_sarif_that_is_valid_against_its_schema() {
    // The schema lies in the package of a library for SARIF, which is a dependency for this target only.
    let metadata = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--filter-platform",
            "x86_64-unknown-none",
            "--manifest-path",
        ])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .unwrap();
    let reason = String::from_utf8_lossy(&metadata.stderr);
    assert!(
        metadata.status.success(),
        "the package with the schema: {reason}"
    );
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages
        .iter()
        .find(|package| package["name"] == "serde-sarif")
        .unwrap();
    let manifest = std::path::PathBuf::from(package["manifest_path"].as_str().unwrap());
    let schema =
        std::fs::read_to_string(manifest.with_file_name("src").join("schema.json")).unwrap();
    let mut schema: Value = serde_json::from_str(&schema).unwrap();
    // The one pattern in it that is no regular expression is of a property that is not used here.
    for part in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][part]["properties"]["language"];
        language.as_object_mut().unwrap().remove("pattern");
    }
    let validator = jsonschema::validator_for(&schema).unwrap();

    let log: Value = serde_json::from_str(&said("sarif")).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&log)
        .map(|error| error.to_string())
        .collect();
    assert_eq!(errors, [""; 0]);
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    // The place of a rule in the list is looked up, not pinned: a new code may stand anywhere.
    let mut results = run["results"].as_array().unwrap().clone();
    for result in &mut results {
        let index = result.as_object_mut().unwrap().remove("ruleIndex").unwrap();
        let index = usize::try_from(index.as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    snapbox::assert_data_eq!(
        format!("{:#}\n", Value::from(results)),
        str![[r#"
[
  {
    "level": "warning",
    "locations": [
      {
        "physicalLocation": {
          "artifactLocation": {
            "uri": "evidence/notes.csv"
          },
          "region": {
            "endColumn": 1,
            "endLine": 3,
            "startColumn": 1,
            "startLine": 1
          }
        }
      }
    ],
    "message": {
      "text": "this file holds samples, but no signal names it/nname it as the `file` of a signal in `allclear.toml`"
    },
    "ruleId": "unused-file"
  },
  {
    "level": "error",
    "locations": [
      {
        "physicalLocation": {
          "artifactLocation": {
            "uri": "incidents/a/log-in.md"
          },
          "region": {
            "endColumn": 19,
            "endLine": 3,
            "startColumn": 14,
            "startLine": 3
          }
        }
      }
    ],
    "message": {
      "text": "there is no component `lögin`/ndid you mean `login`?"
    },
    "ruleId": "unknown-component"
  },
  {
    "level": "error",
    "locations": [
      {
        "physicalLocation": {
          "artifactLocation": {
            "uri": "incidents/b/log-in.md"
          },
          "region": {
            "endColumn": 20,
            "endLine": 3,
            "startColumn": 1,
            "startLine": 2
          }
        }
      }
    ],
    "message": {
      "text": "two incidents have the slug `log-in`/nrename one of the files: the slug is the address of the incident's page"
    },
    "relatedLocations": [
      {
        "message": {
          "text": "the first"
        },
        "physicalLocation": {
          "artifactLocation": {
            "uri": "incidents/a/log-in.md"
          },
          "region": {
            "endColumn": 34,
            "endLine": 3,
            "startColumn": 1,
            "startLine": 2
          }
        }
      }
    ],
    "ruleId": "duplicate-slug"
  },
  {
    "level": "error",
    "locations": [
      {
        "physicalLocation": {
          "artifactLocation": {
            "uri": "incidents/b%2C%20c.md"
          }
        }
      }
    ],
    "message": {
      "text": "line 2 of this file is not UTF-8/nsave it as UTF-8; in most editors that is a choice beside `Save as`"
    },
    "ruleId": "not-utf8"
  }
]

"#]]
    );
    // A site without fault gives an empty log, which is as valid.
    let clean = SiteTest::new().run(&["check", "--now", NOW, "--format", "sarif"]);
    let clean: Value = clean.json();
    assert!(validator.is_valid(&clean));
    assert_eq!(clean["runs"][0]["results"], serde_json::json!([]));
}

/// Hosts look for a file from the folder of the repository, where the program runs, and not from the folder of the site.
#[test]
fn hosts_find_the_files_of_a_site_below() {
    let site = SiteTest::empty()
        .file(
            "status/allclear.toml",
            SiteTest::new().read("allclear.toml"),
        )
        .file(
            "status/incidents/log-in.md",
            "---\ntitle: Log-in\ncomponents: [lgin]\n---\n\n## Investigating · 2022-12-28 19:45\n",
        );
    let absolute = site.path("status").canonicalize().unwrap();
    for folder in ["status", "./status/", absolute.to_str().unwrap()] {
        let said = |format: &str| {
            let words = ["check", "--now", NOW, "--site", folder, "--format", format];
            site.run_exits(1, &words).stdout().to_owned()
        };
        let file = "status/incidents/log-in.md";
        let command = said("github");
        let is_found = command.starts_with(&format!("::error file={file},line=3,"));
        assert!(is_found, "{folder}: {command}");
        let report: Value = serde_json::from_str(&said("gitlab")).unwrap();
        assert_eq!(report[0]["location"]["path"], file, "{folder}");
        let log: Value = serde_json::from_str(&said("sarif")).unwrap();
        let place = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], file, "{folder}");
    }
}
