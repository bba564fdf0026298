//! `ubugoe-ward synth`: the samples of a scenario, to look at.

use std::io::{self, BufWriter, Write};

use anyhow::Context;
use vitals::{Flags, Reading, Second};
use ward::source::{Scenario, Source, Synth, Tick};

/// Print the samples of a scenario, four lines a second.
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  ubugoe-ward synth --scenario sinusoidal --seconds 600 --seed 4711 --csv > strip.csv"
)]
pub struct Arguments {
    /// Which scenario; `ubugoe-ward scenarios` lists them.
    #[arg(long)]
    scenario: Scenario,
    /// How many seconds.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// Another seed gives another woman; the same seed the same samples.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Comma-separated with a heading, instead of columns for the eye.
    #[arg(long)]
    csv: bool,
}

/// Prints the samples. Absent values are empty in CSV and `-` in columns.
pub fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let mut source = Synth::new(arguments.scenario, arguments.seed);
    let mut out = BufWriter::new(io::stdout().lock());
    let printed = print(&mut source, arguments, &mut out).and_then(|()| out.flush());
    match printed {
        // `| head` has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.context("cannot print the samples"),
    }
}

fn print(source: &mut Synth, arguments: &Arguments, out: &mut impl Write) -> io::Result<()> {
    let line = |cells: [String; COLUMNS]| {
        if arguments.csv {
            cells.join(",")
        } else {
            cells.map(|cell| format!("{:>8}", if cell.is_empty() { "-" } else { &cell })).concat()
        }
    };
    writeln!(out, "{}", line(HEADING.map(str::to_owned)))?;
    for second in (0..arguments.seconds).map_while(|_| source.next_second()).zip(0_u32..) {
        for cells in rows(&second.0, second.1) {
            writeln!(out, "{}", line(cells))?;
        }
    }
    Ok(())
}

fn rows(second: &Second, number: u32) -> impl Iterator<Item = [String; COLUMNS]> {
    let flags = second.flags;
    Tick::of(second).into_iter().zip(0_u32..).map(move |(tick, nth)| {
        let mark = |flag: Flags| u8::from(flags.contains(flag)).to_string();
        [
            format!("{:.2}", f64::from(number) + f64::from(nth) / 4.0),
            cell(tick.fhr1, |rate| rate.bpm()),
            tick.fhr1.quality().map_or(String::new(), |it| it.word().to_owned()),
            cell(tick.fhr2, |rate| rate.bpm()),
            cell(tick.mhr, |rate| rate.bpm()),
            cell(tick.ua, |activity| activity.units()),
            u8::from(tick.movement.is_moving()).to_string(),
            mark(Flags::EVENT_MARK),
            mark(Flags::COINCIDENCE),
            tick.fhr1.absence().map_or(String::new(), |why| why.word().replace(' ', "-")),
        ]
    })
}

fn cell<V: Copy>(reading: Reading<V>, number: impl Fn(V) -> f32) -> String {
    reading.value().map_or(String::new(), |value| number(value).to_string())
}

const COLUMNS: usize = 10;
const HEADING: [&str; COLUMNS] =
    ["seconds", "fhr1", "quality", "fhr2", "mhr", "ua", "moves", "mark", "same", "absent"];
