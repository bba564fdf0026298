//! `ubugoe-ward play`: monitors on pseudo-terminals until told to stop.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use super::stop::Stop;
use anyhow::{Context, bail, ensure};
use ward::monitor::{Faults, Settings, VirtualMonitor};
use ward::pty::{Bed, Line, play};
use ward::source::{AtEnd, ParquetRecordings, Recording, Scenario, Source, Synth, WfdbFolder};

/// Play virtual monitors in real time, each on a pseudo-terminal of its own.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Where the link to a monitor's port goes, and what it plays: LINK=SCENARIO, or LINK
    /// alone with recordings. Once for each monitor.
    #[arg(long = "monitor", value_name = "LINK[=SCENARIO]", required = true)]
    monitors: Vec<MonitorArgument>,
    /// Play recordings from a Parquet file, or from the signals.parquet of a folder.
    #[arg(long, value_name = "PATH", conflicts_with = "wfdb")]
    recordings: Option<PathBuf>,
    /// Play recordings from a folder of WFDB records (.hea and .dat).
    #[arg(long, value_name = "FOLDER")]
    wfdb: Option<PathBuf>,
    /// Which record; once for each. The first monitor plays the first, and so on, from the
    /// first again where there are more monitors. Default: all, in their order.
    #[arg(long = "record", value_name = "ID")]
    records: Vec<String>,
    /// Start a recording over when it ends. Without this its monitor falls silent.
    #[arg(long = "loop")]
    loops: bool,
    /// Decides every chance: the same seed plays the same strips. Default: drawn, and printed.
    #[arg(long)]
    seed: Option<u64>,
    /// Bits a second on the line, 8 data bits, no parity, one stop bit.
    #[arg(long, default_value_t = Line::default().baud, value_parser = clap::value_parser!(u32).range(750..=4_000_000))]
    baud: u32,
    /// Seconds played in a second, for tests; the line is faster by as much.
    #[arg(long, default_value_t = 1.0, value_parser = speed)]
    speed: f64,
    /// Damage every n-th frame of each monitor.
    #[arg(long, value_name = "N")]
    damage_every: Option<NonZeroU32>,
    /// Send noise before every n-th frame of each monitor.
    #[arg(long, value_name = "N")]
    noise_every: Option<NonZeroU32>,
}

/// Where a monitor's link goes, and its scenario where one is named.
#[derive(Clone)]
struct MonitorArgument {
    link: PathBuf,
    scenario: Option<Scenario>,
}

/// Recordings of either kind.
enum Collection {
    Parquet(ParquetRecordings),
    Wfdb(WfdbFolder),
}

/// Plays until Ctrl-C or a request to terminate, then removes the links.
pub async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let seed = match arguments.seed {
        Some(seed) => seed,
        // Short enough to be read out to a colleague.
        None => u64::from(getrandom::u32().context("cannot draw a seed; give one with --seed")?),
    };
    println!("ward seed {seed}");
    check_links(&arguments.monitors)?;
    let (sources, names) = sources(&arguments, seed)?;
    // From here on a signal ends the play and not the process.
    let mut stop = Stop::listen()?;

    let links = arguments.monitors.iter().map(|monitor| monitor.link.clone());
    let beds = links.zip(sources).zip(0_u64..).map(|((link, source), nth)| {
        let monitor = VirtualMonitor::new(source, settings(&arguments, seed, nth));
        Bed { link, monitor }
    });
    let line = Line { baud: arguments.baud, speed: arguments.speed };
    let playing = play(beds.collect(), line)?;
    for (monitor, name) in arguments.monitors.iter().zip(names) {
        println!("{}  {name}", monitor.link.display());
    }
    println!("playing at {} baud; Ctrl-C stops", arguments.baud);

    stop.asked().await;
    playing.stop();
    println!("stopped; the links are removed");
    Ok(())
}

fn settings(arguments: &Arguments, seed: u64, nth: u64) -> Settings {
    let mut serial = *b"WARD000000";
    let digits = format!("{:06}", (nth + 1) % 1_000_000);
    serial[4..].copy_from_slice(digits.as_bytes());
    let faults = Faults {
        seed: seed.wrapping_add(nth),
        damage_every: arguments.damage_every,
        noise_every: arguments.noise_every,
        mute_after_frames: None,
    };
    Settings { serial, faults }
}

/// What each monitor plays, and its name for the list.
#[expect(clippy::type_complexity, reason = "two lists that are zipped a line later")]
fn sources(
    arguments: &Arguments,
    seed: u64,
) -> anyhow::Result<(Vec<Box<dyn Source>>, Vec<String>)> {
    let monitors = &arguments.monitors;
    let Some(collection) = Collection::of(arguments)? else {
        ensure!(arguments.records.is_empty(), "--record needs --recordings or --wfdb");
        return Ok(monitors
            .iter()
            .zip(0_u64..)
            .map(|(monitor, nth)| {
                let scenario = monitor.scenario.unwrap_or(Scenario::Reassuring);
                let source = Synth::new(scenario, seed.wrapping_add(nth));
                (Box::new(source) as Box<dyn Source>, scenario.to_string())
            })
            .unzip());
    };
    if let Some(named) = monitors.iter().find(|monitor| monitor.scenario.is_some()) {
        bail!(
            "\"{}\" names a scenario, but recordings are to be played; give --monitor LINK alone",
            named.link.display()
        );
    }
    let picked = if arguments.records.is_empty() { collection.ids() } else { &arguments.records };
    let at_end = if arguments.loops { AtEnd::Loop } else { AtEnd::Stop };
    let played = picked.iter().cycle().take(monitors.len()).map(|id| {
        let recording = collection.read(id, at_end)?;
        let name = format!("record {} ({} s)", recording.id(), recording.ticks().len() / 4);
        Ok((Box::new(recording) as Box<dyn Source>, name))
    });
    let played = played.collect::<anyhow::Result<Vec<_>>>()?;
    Ok(played.into_iter().unzip())
}

impl Collection {
    fn of(arguments: &Arguments) -> anyhow::Result<Option<Self>> {
        Ok(match (&arguments.recordings, &arguments.wfdb) {
            (Some(path), _) => Some(Self::Parquet(ParquetRecordings::open(path)?)),
            (None, Some(path)) => Some(Self::Wfdb(WfdbFolder::open(path)?)),
            (None, None) => None,
        })
    }

    fn ids(&self) -> &[String] {
        match self {
            Self::Parquet(it) => it.ids(),
            Self::Wfdb(it) => it.ids(),
        }
    }

    fn read(&self, id: &str, at_end: AtEnd) -> anyhow::Result<Recording> {
        Ok(match self {
            Self::Parquet(it) => it.read(id, at_end)?,
            Self::Wfdb(it) => it.read(id, at_end)?,
        })
    }
}

impl std::str::FromStr for MonitorArgument {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let (link, scenario) = match text.rsplit_once('=') {
            Some((link, scenario)) => (link, Some(scenario.parse()?)),
            None => (text, None),
        };
        ensure!(!link.is_empty(), "the path of the link is missing before \"=\"");
        Ok(Self { link: PathBuf::from(link), scenario })
    }
}

/// Two monitors under one name would take it from each other.
fn check_links(monitors: &[MonitorArgument]) -> anyhow::Result<()> {
    let mut links: Vec<&Path> = monitors.iter().map(|monitor| monitor.link.as_path()).collect();
    links.sort_unstable();
    match links.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => {
            bail!("two monitors have the link \"{}\"; give each its own", pair[0].display())
        }
        None => Ok(()),
    }
}

fn speed(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(speed) if (0.1..=1000.0).contains(&speed) => Ok(speed),
        _ => Err("give a number from 0.1 to 1000".to_owned()),
    }
}

const EXAMPLES: &str = "\
Examples:
  Two beds, synthesised:
    ubugoe-ward play --monitor run/bed-1=reassuring --monitor run/bed-2=late-decelerations
  Real recordings, the same again when they end:
    ubugoe-ward play --recordings data/ctu_uhb --record 1001 --loop --monitor run/bed-1
  WFDB records as downloaded:
    ubugoe-ward play --wfdb downloads/ctu-uhb --monitor run/bed-1 --monitor run/bed-2
  A bad line, played again exactly:
    ubugoe-ward play --seed 4711 --damage-every 10 --noise-every 7 --monitor run/bed-1=twins";
