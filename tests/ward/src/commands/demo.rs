//! `ubugoe-ward demo`: a whole region on this machine, from the monitors to the wall.
//!
//! One server, two clinics and an ambulance, and the analysis of their strips as the real
//! binaries, seven virtual monitors on pseudo-terminals, and one account to look at them. The demo watches its own wall and says
//! when all strips move.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::Args;
use protocol::block::Block;
use protocol::feed::{FeedFrame, TrackNumber, Watch};

use super::stop::Stop;
use ward::region::{self, Binaries, BridgeFolder, MonitorPort, Process, Server, WatchFolder};
use ward::viewer::{Login, Viewer};

/// How soon all strips should move after the server is up.
const MOVING_WITHIN: Duration = Duration::from_secs(5);
/// How long the demo waits for them before it says which do not.
const PATIENCE: Duration = Duration::from_secs(30);
/// Live blocks with a value after which a strip moves: two make a line.
const BLOCKS_MOVING: usize = 2;

/// Run a whole region on this machine: a server, three bridges, seven monitors, the analysis,
/// a wall.
#[derive(Args, Debug)]
pub struct DemoArguments {
    /// Folder for everything the demo keeps; a second run continues it.
    #[arg(long, default_value = "demo-data")]
    data: PathBuf,
    /// Stop by itself after so many seconds, with exit code 0 if all strips moved.
    #[arg(long)]
    seconds: Option<u64>,
    /// Replay recordings from this folder (signals.parquet, or WFDB .hea/.dat) instead of
    /// synthesised traces.
    #[arg(long)]
    recordings: Option<PathBuf>,
    /// Where browsers connect.
    #[arg(long, default_value = "127.0.0.1:8080")]
    web: String,
    /// Where bridges connect.
    #[arg(long, default_value = "127.0.0.1:4433")]
    bridges: String,
    /// Seed of the synthesised traces.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

struct Site {
    bridge: &'static str,
    facility: &'static str,
    kind: &'static str,
    /// Device, bed, scenario.
    beds: &'static [(&'static str, &'static str, &'static str)],
}

const SITES: &[Site] = &[
    Site {
        bridge: "minato",
        facility: "みなと産婦人科",
        kind: "clinic",
        beds: &[
            ("bed-1", "分娩室 1", "reassuring"),
            ("bed-2", "分娩室 2", "late-decelerations"),
            ("bed-3", "陣痛室 1", "variable-decelerations"),
            ("bed-4", "陣痛室 2", "reduced-variability"),
        ],
    },
    Site {
        bridge: "hikari",
        facility: "ひかりクリニック",
        kind: "clinic",
        beds: &[("bed-1", "分娩室 1", "twins"), ("bed-2", "分娩室 2", "tachysystole")],
    },
    Site {
        bridge: "ambulance-3",
        facility: "救急車 3",
        kind: "ambulance",
        beds: &[("stretcher", "搬送中", "prolonged-deceleration")],
    },
];

/// Runs the demo until Ctrl-C or SIGTERM, or until its time is over.
///
/// # Errors
///
/// Where a part does not come up, or a strip does not move.
pub async fn run(arguments: DemoArguments) -> anyhow::Result<()> {
    let mut stop = Stop::listen()?;
    let binaries = Binaries::beside_this_one()?;
    fs::create_dir_all(&arguments.data)
        .with_context(|| format!("creating {}", arguments.data.display()))?;
    let data = arguments.data.canonicalize()?;
    let monitors = start_monitors(&binaries, &data, &arguments)?;
    let server_data = data.join("server");
    let server = Server::start(&binaries, &server_data, &arguments.bridges, &arguments.web)?;
    let up = Instant::now();
    let (name, password) = login(&binaries, &data, &server_data)?;
    let bridges = start_bridges(&binaries, &data, &server_data, &server)?;
    let analysis = start_analysis(&binaries, &data, &server)?;
    say(&format!(
        "\n  産声 Ubugoe — デモが動いています / the demo is running\n\n    \
         画面 wall      {}\n    利用者 user    {name}\n    暗証 password  {password}\n    \
         データ data    {}\n",
        server.web,
        data.display()
    ))?;

    let stopping = async {
        match arguments.seconds {
            Some(seconds) => {
                tokio::select! {
                    () = tokio::time::sleep(Duration::from_secs(seconds)) => {}
                    () = stop.asked() => {}
                }
            }
            None => stop.asked().await,
        }
    };
    let moving = async {
        let login = Login::at(&server.web, &name, &password).await?;
        let viewer = login.watch(&Watch { history_seconds: 0, tracks: Vec::new() }).await?;
        report_moving(viewer, up).await
    };
    let moved = watch_until(stopping, moving).await;

    say("  止めています / stopping …")?;
    analysis.stop()?;
    for bridge in bridges {
        bridge.stop()?;
    }
    server.process.stop()?;
    monitors.stop()?;
    moved
}

/// Runs the check beside the waiting; what the check found is judged at the end.
async fn watch_until(
    stopping: impl Future<Output = ()>,
    moving: impl Future<Output = anyhow::Result<()>>,
) -> anyhow::Result<()> {
    tokio::pin!(stopping, moving);
    tokio::select! {
        () = &mut stopping => Ok(()),
        moved = &mut moving => {
            stopping.await;
            moved
        }
    }
}

fn start_monitors(
    binaries: &Binaries,
    data: &Path,
    arguments: &DemoArguments,
) -> anyhow::Result<Process> {
    let mut command = Command::new(&binaries.ward);
    command.arg("play");
    if let Some(folder) = &arguments.recordings {
        let folder = folder
            .canonicalize()
            .with_context(|| format!("the recordings in {}", folder.display()))?;
        let layout = if holds_wfdb(&folder)? { "--wfdb" } else { "--recordings" };
        command.arg(layout).arg(folder).arg("--loop");
    }
    command.args(["--seed", &arguments.seed.to_string()]);
    for site in SITES {
        for (device, _, scenario) in site.beds {
            let port = port(data, site.bridge, device).display().to_string();
            let monitor =
                if arguments.recordings.is_some() { port } else { format!("{port}={scenario}") };
            command.args(["--monitor", &monitor]);
        }
    }
    fs::create_dir_all(data.join("ports"))?;
    Process::start("ubugoe-ward play", &mut command, &data.join("monitors.log"))
}

fn holds_wfdb(folder: &Path) -> anyhow::Result<bool> {
    let mut entries = fs::read_dir(folder)
        .with_context(|| format!("reading {}", folder.display()))?
        .collect::<Result<Vec<_>, _>>()?
        .into_iter();
    Ok(entries.any(|entry| entry.path().extension().is_some_and(|e| e == "hea")))
}

fn port(data: &Path, bridge: &str, device: &str) -> PathBuf {
    data.join("ports").join(format!("{bridge}-{device}"))
}

/// The demo's account: made at the first run, and the same at every further one.
fn login(binaries: &Binaries, data: &Path, server_data: &Path) -> anyhow::Result<(String, String)> {
    let name = "demo".to_owned();
    let path = data.join("login.txt");
    if let Ok(password) = fs::read_to_string(&path) {
        return Ok((name, password.trim().to_owned()));
    }
    let mut bits = [0; 10];
    getrandom::fill(&mut bits).context("drawing a password")?;
    let password = data_encoding::BASE32_NOPAD.encode(&bits).to_lowercase();
    region::add_user(binaries, server_data, &name, &password)?;
    let mut file = fs::File::options().write(true).create_new(true).mode(0o600).open(&path)?;
    writeln!(file, "{password}")?;
    Ok((name, password))
}

fn start_bridges(
    binaries: &Binaries,
    data: &Path,
    server_data: &Path,
    server: &Server,
) -> anyhow::Result<Vec<Process>> {
    let mut folders = Vec::new();
    for site in SITES {
        let monitors: Vec<_> = site
            .beds
            .iter()
            .map(|(device, bed, _)| MonitorPort {
                device: (*device).to_owned(),
                bed: (*bed).to_owned(),
                port: port(data, site.bridge, device),
            })
            .collect();
        let path = data.join("bridges").join(site.bridge);
        let folder =
            BridgeFolder::write(&path, server.bridges, site.facility, site.kind, &monitors)?;
        folders.push((site.bridge.to_owned(), folder));
    }
    let new: Vec<_> = folders.iter().filter(|(_, folder)| !folder.is_enrolled()).collect();
    if !new.is_empty() {
        let names: Vec<_> = new.iter().map(|(name, _)| name.clone()).collect();
        let tokens = region::invite(binaries, server_data, &names)?;
        for ((_, folder), token) in new.iter().zip(&tokens) {
            folder.enroll(binaries, server.bridges, token)?;
        }
    }
    folders.iter().map(|(_, folder)| folder.start(binaries)).collect()
}

/// Strips move without it; it reads them beside.
fn start_analysis(binaries: &Binaries, data: &Path, server: &Server) -> anyhow::Result<Process> {
    let folder = WatchFolder::write(&data.join("analysis"), server.bridges)?;
    folder.enroll(binaries, server, "analysis-1")?;
    folder.start(binaries)
}

/// Waits until every strip moves, and says how long it took.
async fn report_moving(mut viewer: Viewer, up: Instant) -> anyhow::Result<()> {
    let expected: usize = SITES.iter().map(|site| site.beds.len()).sum();
    let mut tracks = std::collections::HashMap::<TrackNumber, usize>::new();
    let mut moving = BTreeSet::new();
    let deadline = up + PATIENCE;
    while moving.len() < expected {
        let left = deadline.saturating_duration_since(Instant::now());
        let Ok(frame) = tokio::time::timeout(left, viewer.next_frame()).await else {
            bail!("only {} of {expected} strips move after {PATIENCE:?}", moving.len());
        };
        let frame = frame?.context("the server closed the wall")?;
        if let FeedFrame::Blocks { entries, .. } = FeedFrame::decode(&frame)? {
            for entry in entries {
                let second = Block::decode(entry.block)?.second;
                // A recording may begin with a lost heart; its contractions move all the same.
                let heard = second.fhr1.iter().any(|reading| reading.value().is_some())
                    || second.ua.iter().any(|reading| reading.value().is_some());
                let blocks = tracks.entry(entry.track).or_default();
                *blocks += usize::from(heard);
                if *blocks >= BLOCKS_MOVING {
                    moving.insert(entry.track);
                }
            }
        }
    }
    let took = up.elapsed();
    say(&format!(
        "  {expected} / {expected} 本の記録が動いています / strips are moving, \
         {:.1} s after the server was up{}\n",
        took.as_secs_f64(),
        if took > MOVING_WITHIN { " (slower than 5 s)" } else { "" }
    ))
}

fn say(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()?;
    Ok(())
}
