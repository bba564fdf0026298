//! Who she is, and what opens a door, does not reach a log.
//!
//! The ward runs at debug level and every line that any program wrote is read.

use std::fs;
use std::path::Path;
use std::time::Duration;

use promises::{PASSWORD, Stage, USER};
use protocol::feed::Watch;
use ward::region::{BridgeFolder, MonitorPort, invite};
use ward::viewer::Login;

#[tokio::test(flavor = "multi_thread")]
async fn no_log_holds_an_episode_a_password_or_a_token() -> anyhow::Result<()> {
    let stage = Stage::with_log_level("debug")?;
    let token = invite(&stage.binaries, stage.server_data(), &["clinic".to_owned()])?.remove(0);
    let monitor_port =
        MonitorPort {
            device: "bed-1".into(), bed: "分娩室 1".into(), port: stage.port("bed-1")
        };
    let path = stage.folder().join("bridges/clinic");
    let server = stage.running().bridges;
    let bridge = BridgeFolder::write(&path, server, "試験施設", "clinic", &[monitor_port])?;
    bridge.enroll(&stage.binaries, server, &token)?;
    let monitor = stage.monitor("bed-1", "reassuring", &[])?;
    let running = bridge.start(&stage.binaries)?;
    stage.heard(3, Duration::from_secs(20))?;
    let login = Login::at(&stage.running().web, USER, PASSWORD).await?;
    let mut viewer = login.watch(&Watch { history_seconds: 60, tracks: Vec::new() }).await?;
    viewer.next_frame().await?;
    assert!(Login::at(&stage.running().web, USER, "a wrong password!").await.is_err());
    let episode = stage.sql("SELECT episode FROM episodes")?.remove(0)["episode"].clone();
    let episode = episode.as_str().unwrap_or_default().to_owned();
    assert_eq!(episode.len(), 32, "an episode in full");
    running.stop()?;
    monitor.stop()?;

    let mut at_debug = 0;
    let secrets = [
        ("an episode", episode.as_str()),
        ("a password", PASSWORD),
        ("a wrong password", "a wrong password!"),
        ("a token", token.trim_start_matches("ubg1-")),
        ("a session", login.secret()),
    ];
    for log in logs(stage.folder())? {
        let text = fs::read_to_string(&log)?;
        at_debug += text.lines().filter(|line| line.contains("DEBUG")).count();
        for (what, secret) in secrets {
            assert!(!text.contains(secret), "{} holds {what}", log.display());
        }
    }
    assert!(at_debug > 0, "no line at debug level: is the level taken?");
    Ok(())
}

fn logs(folder: &Path) -> anyhow::Result<Vec<std::path::PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(logs(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "log") {
            found.push(path);
        }
    }
    Ok(found)
}
