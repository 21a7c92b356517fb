//! The tests of the whole program, as one binary: it links once.
//!
//! Each test makes a small site with [`site_test::SiteTest`], runs the real program, and compares
//! whole outputs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test may fail loudly, and says what it leaves out"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "a test makes its site and looks at what was written"
)]

mod about;
#[cfg(unix)]
mod action;
mod again;
#[cfg(all(unix, feature = "agent"))]
mod agent;
mod announced;
mod api;
mod architecture;
mod badges;
mod bars;
mod characters;
mod claims;
#[cfg(feature = "agent")]
mod cloud;
#[cfg(all(unix, feature = "agent"))]
mod collect;
mod commands;
#[cfg(unix)]
mod concurrent;
mod contributing;
mod corpora;
mod courses;
mod demo;
mod diagnostics;
mod documents;
mod escapes;
mod evidence;
mod examples;
mod faults;
mod feeds;
mod floods;
mod formats;
mod future_evidence;
mod glance;
mod gone;
#[cfg(feature = "agent")]
mod guarding;
mod history;
mod honest;
mod hosting;
mod importing;
mod impossible_courses;
#[cfg(unix)]
mod inside;
#[cfg(unix)]
mod install;
mod languages;
mod latency;
mod left_out;
mod llms;
mod long_texts;
mod malformed;
mod manifest;
mod measures;
#[cfg(feature = "agent")]
mod monitors;
mod new_post;
mod news;
#[cfg(feature = "agent")]
mod notify;
mod outage_replay;
mod own_pages;
mod packaging;
mod pages;
mod pipelines;
mod planned;
mod posting;
mod private_page;
mod probes;
#[cfg(all(unix, feature = "agent"))]
mod publish_folder;
#[cfg(feature = "agent")]
mod pulling;
mod quarter;
#[cfg(unix)]
mod regions;
mod release;
mod rendering;
mod repeat;
mod reporting;
mod rules;
mod schemas;
mod sharing;
mod signals;
mod signals_by_region;
mod since;
mod site_test;
mod sitemap;
#[cfg(target_os = "linux")]
mod special_files;
mod states;
mod static_files;
mod status;
#[cfg(target_os = "linux")]
mod subscribe;
mod terminal;
mod theme_faults;
mod theme_files;
mod themes;
mod twins;
mod typed;
mod typed_help;
mod unused;
mod uptime;
#[cfg(feature = "agent")]
mod verify;
#[cfg_attr(
    not(feature = "agent"),
    allow(dead_code, reason = "few tests need it there")
)]
mod web_server;
mod weight;
mod whole_pages;
mod whole_twins;
mod words;
mod writing;
