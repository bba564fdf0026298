//! The demo, asked to stop, leaves nothing running: a region on somebody's machine must go when
//! its owner says so, whether by Ctrl-C or, as a service manager does, by SIGTERM.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use promises::until;
use rustix::process::{Pid, Signal, kill_process};
use ward::region::Binaries;

/// By then a demo has ended that was asked to.
const PATIENCE: Duration = Duration::from_secs(60);
/// Server, bridges, monitors and the analysis.
const PARTS: usize = 6;

#[test]
fn a_running_demo_that_is_asked_to_stop_takes_all_its_parts_along() -> anyhow::Result<()> {
    for signal in [Signal::TERM, Signal::INT] {
        let folder = tempfile::tempdir()?;
        let mut demo = start(folder.path())?;
        let said = BufReader::new(demo.stdout.take().context("its output is a pipe")?).lines();
        let mut said = said.map_while(Result::ok);
        ensure!(said.any(|line| line.contains("the demo is running")), "it did not come up");
        let parts = running(folder.path())?;
        ensure!(parts.len() == PARTS + 1, "the demo and its parts are {parts:?}");
        kill_process(Pid::from_child(&demo), signal)?;
        ensure!(demo.wait()?.success(), "it did not end well");
        let left = running(folder.path())?;
        ensure!(left.is_empty(), "{left:?} still run");
    }
    Ok(())
}

#[test]
fn a_demo_that_is_asked_to_stop_while_it_starts_takes_its_parts_along() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut demo = start(folder.path())?;
    // Something of it runs, and the rest is still to come.
    until("the first part", PATIENCE, || Ok((running(folder.path())?.len() > 1).then_some(())))?;
    kill_process(Pid::from_child(&demo), Signal::TERM)?;
    let asked = Instant::now();
    demo.wait()?;
    ensure!(asked.elapsed() < PATIENCE, "it took {:?}", asked.elapsed());
    let left = running(folder.path())?;
    ensure!(left.is_empty(), "{left:?} still run");
    Ok(())
}

fn start(folder: &Path) -> anyhow::Result<Child> {
    let mut command = Command::new(Binaries::beside_this_one()?.ward);
    command.arg("demo").arg("--data").arg(folder);
    command.args(["--web", "127.0.0.1:0", "--bridges", "127.0.0.1:0"]);
    command.stdout(Stdio::piped()).spawn().context("starting the demo")
}

/// The command lines of the processes that speak of `folder`: all parts are given it.
fn running(folder: &Path) -> anyhow::Result<Vec<String>> {
    let folder = folder.to_str().context("a folder with a plain name")?;
    let mut found = Vec::new();
    for process in fs::read_dir("/proc")? {
        // One that ends meanwhile has no command line, and a dead one has an empty one.
        let Ok(line) = fs::read(process?.path().join("cmdline")) else { continue };
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        if line.contains(folder) {
            found.push(line);
        }
    }
    Ok(found)
}
