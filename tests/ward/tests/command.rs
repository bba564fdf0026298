//! The command as a person uses it.

#![expect(clippy::unwrap_used, reason = "helpers of tests may unwrap, as tests do")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use ward::source::Scenario;

#[test]
fn the_scenarios_are_listed_with_a_sentence_each() {
    let said = run(&["scenarios"]);
    let text = String::from_utf8(said.stdout).unwrap();
    assert_eq!(text.lines().count(), Scenario::ALL.len());
    for (line, scenario) in text.lines().zip(Scenario::ALL) {
        assert!(line.starts_with(scenario.name()) && line.ends_with('.'), "{line}");
    }
}

#[test]
fn printed_samples_are_those_of_the_seed() {
    let print = |seed| {
        run(&["synth", "--scenario", "twins", "--seconds", "30", "--csv", "--seed", seed]).stdout
    };
    let text = String::from_utf8(print("4711")).unwrap();
    assert_eq!(text.lines().count(), 1 + 30 * 4);
    assert!(text.starts_with("seconds,fhr1,quality,fhr2,mhr,ua,moves,mark,same,absent\n0.00,"));
    assert_eq!(print("4711"), text.as_bytes());
    assert_ne!(print("4712"), text.as_bytes());
}

#[test]
fn asked_to_terminate_it_removes_the_links_and_ends_well() {
    for signal in [Signal::TERM, Signal::INT] {
        let folder = tempfile::tempdir().unwrap();
        let links = ["bed-1", "bed-2"].map(|name| folder.path().join(name));
        let mut ward = ward()
            .args(["play", "--seed", "4711", "--monitor"])
            .arg(format!("{}=twins", links[0].display()))
            .arg("--monitor")
            .arg(format!("{}=sinusoidal", links[1].display()))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(ward.stdout.take().unwrap()).lines().map(Result::unwrap);
        assert_eq!(said.next().unwrap(), "ward seed 4711");
        assert!(said.next().unwrap().ends_with("bed-1  twins"));
        assert!(said.next().unwrap().ends_with("bed-2  sinusoidal"));
        said.next().unwrap();
        assert!(links.iter().all(|link| link.exists()));
        kill_process(Pid::from_child(&ward), signal).unwrap();
        assert!(ward.wait().unwrap().success());
        assert!(links.iter().all(|link| fs::symlink_metadata(link).is_err()));
    }
}

#[test]
fn what_cannot_be_played_is_said_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let bed = folder.path().join("bed");
    let bed = bed.to_str().unwrap();
    let table = folder.path().join("signals.parquet");
    fs::write(&table, "not a table").unwrap();
    let table = table.to_str().unwrap();
    let named = format!("{bed}=twins");
    for (arguments, expected) in [
        (&["--recordings", table, "--monitor", bed][..], "is not a Parquet file"),
        (&["--wfdb", table, "--monitor", bed][..], "cannot read"),
        (&["--record", "1001", "--monitor", bed][..], "--record needs --recordings or --wfdb"),
        (&["--monitor", bed, "--monitor", bed][..], "two monitors have the link"),
        (&["--monitor", "bed=calm"][..], "there is no scenario \"calm\""),
        (&["--monitor", &named, "--baud", "300"][..], "300 is not in"),
    ] {
        let said = ward().arg("play").args(arguments).output().unwrap();
        let text = String::from_utf8(said.stderr).unwrap();
        assert!(!said.status.success() && text.contains(expected), "{expected}: {text}");
        assert!(fs::symlink_metadata(bed).is_err());
    }
}

fn run(arguments: &[&str]) -> Output {
    let said = ward().args(arguments).output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    said
}

fn ward() -> Command {
    Command::new(env!("CARGO_BIN_EXE_ubugoe-ward"))
}
