//! The tables one can ask: their columns with units, and how the stored rows become them.

use store::TableName;
use vitals::{Absence, ActivityTransducer, Flags, HeartTransducer, Quality};

mod records;

/// A table for SQL.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// What a row is.
    pub row: &'static str,
    /// Its columns, in order; names that share a meaning stand together.
    pub columns: &'static [Column],
}

/// Columns of a table that share a meaning.
#[derive(Debug)]
pub struct Column {
    /// Their names.
    pub names: &'static [&'static str],
    /// Meaning, unit, and when it is NULL.
    pub meaning: &'static str,
}

const fn column(names: &'static [&'static str], meaning: &'static str) -> Column {
    Column { names, meaning }
}

const EPISODE: Column =
    column(&["episode"], "one woman's monitoring from start to end: 32 hexadecimal digits");
const BRIDGE: Column = column(&["bridge"], "the bridge that sent it; filter on it for speed");
const DEVICE: Column = column(&["device"], "the monitor, as bridge/device");
const RUN: Column = column(
    &["epoch", "seq"],
    "the block's name: run of the bridge, and count of the device's blocks in it, from 0",
);

/// Every table.
pub const TABLES: [Table; 7] = [
    Table {
        name: "samples",
        row: "one tick of a monitor, four a second",
        columns: &[
            EPISODE,
            BRIDGE,
            DEVICE,
            RUN,
            column(&["tick"], "the monitor's own count, 250 ms each"),
            column(
                &["at"],
                "when the tick was, UTC, by the bridge's clock; filter on it for speed",
            ),
            column(
                &["fhr1_bpm", "fhr2_bpm", "mhr_bpm"],
                "fetal and maternal heart rate, beats per minute in exact quarters; NULL where absent",
            ),
            column(
                &["ua"],
                "uterine activity in exact halves: relative units, or mmHg where blocks.ua_transducer is 'intra-uterine'; NULL where absent",
            ),
            column(
                &["fhr1_quality", "fhr2_quality", "mhr_quality", "ua_quality"],
                "'good', 'fair', 'poor' or 'unrated'; NULL where absent",
            ),
            column(
                &["fhr1_absence", "fhr2_absence", "mhr_absence", "ua_absence"],
                "why there is no value: 'no transducer', 'inoperative', 'blank', 'damaged frame', 'device silent', 'port lost' or 'spool damaged'; NULL where there is one",
            ),
            column(
                &["movement"],
                "whether the monitor marks fetal movement; NULL where it does not look for it",
            ),
            column(&["movement_code"], "the two bits the monitor sent for it, 0 to 3"),
            column(
                &["coincidence"],
                "two channels show the same rate: perhaps one heart on two channels",
            ),
            column(&["twin_offset"], "the monitor's +20 bpm twin offset is on; values are as sent"),
            column(&["event_mark"], "the event marker was pressed since the second before"),
        ],
    },
    Table {
        name: "blocks",
        row: "one second of a monitor, as its bridge sent it",
        columns: &[
            EPISODE,
            BRIDGE,
            DEVICE,
            RUN,
            column(&["tick"], "the monitor's own count at the first of the four ticks"),
            column(&["at"], "when the first tick was, UTC, by the bridge's clock"),
            column(&["built_at"], "when the bridge had the second complete, same clock"),
            column(&["received_at"], "when the region had it, by the region's clock"),
            column(
                &["latency_ms"],
                "received_at less built_at, ms; holds the difference of the two clocks",
            ),
            column(
                &["fhr1_transducer", "fhr2_transducer", "mhr_transducer"],
                "'none', 'ultrasound', 'direct ECG', 'maternal ECG', 'external' or 'unknown'",
            ),
            column(&["ua_transducer"], "'none', 'external', 'intra-uterine' or 'unknown'"),
            column(
                &["coincidence", "twin_offset", "movement_profile", "telemetry", "decg_logic"],
                "what the monitor says of the second: two channels alike, twin offset on, movement looked for, wireless transducers, logic for direct ECG on",
            ),
            column(
                &["ticks_inserted", "ticks_deleted"],
                "the monitor filled in or dropped ticks to keep time",
            ),
            column(&["event_mark"], "the event marker was pressed since the second before"),
            column(&["reserved_bit"], "the monitor set a bit that its manual reserves"),
            column(
                &["refused_before"],
                "the bridge refused seconds before this one: its spool was full",
            ),
            column(&["checksum"], "CRC-32 the bridge computed over the block"),
        ],
    },
    Table {
        name: "episodes",
        row: "one episode on one monitor",
        columns: &[
            EPISODE,
            BRIDGE,
            DEVICE,
            column(
                &["first_at", "last_at"],
                "time of the first and the last tick, UTC, by the bridge's clock",
            ),
            column(&["seconds"], "seconds that were recorded"),
            column(&["samples"], "ticks that were recorded, four a second"),
            column(
                &["fhr1_absent", "fhr2_absent", "mhr_absent", "ua_absent"],
                "share of the recorded ticks without a value, 0 to 1",
            ),
            column(&["gaps"], "places where more than 1.5 s lie between one second and the next"),
            column(&["gap_seconds"], "seconds missing in them"),
        ],
    },
    records::FINDINGS,
    records::ASSESSMENTS,
    records::CONDITIONS,
    records::JUDGEMENTS,
];

const FLAGS: [(&str, Flags); 10] = [
    ("coincidence", Flags::COINCIDENCE),
    ("twin_offset", Flags::TWIN_OFFSET),
    ("movement_profile", Flags::MOVEMENT_PROFILE),
    ("telemetry", Flags::TELEMETRY),
    ("decg_logic", Flags::DECG_LOGIC),
    ("ticks_inserted", Flags::TICKS_INSERTED),
    ("ticks_deleted", Flags::TICKS_DELETED),
    ("event_mark", Flags::EVENT_MARK),
    ("reserved_bit", Flags::RESERVED_BIT),
    ("refused_before", Flags::REFUSED_BEFORE),
];

const HEART_TRANSDUCERS: [(HeartTransducer, &str); 6] = [
    (HeartTransducer::None, "none"),
    (HeartTransducer::Ultrasound, "ultrasound"),
    (HeartTransducer::DirectEcg, "direct ECG"),
    (HeartTransducer::MaternalEcg, "maternal ECG"),
    (HeartTransducer::External, "external"),
    (HeartTransducer::Unknown, "unknown"),
];

const ACTIVITY_TRANSDUCERS: [(ActivityTransducer, &str); 4] = [
    (ActivityTransducer::None, "none"),
    (ActivityTransducer::External, "external"),
    (ActivityTransducer::IntraUterine, "intra-uterine"),
    (ActivityTransducer::Unknown, "unknown"),
];

const HEARTS: [&str; 3] = ["fhr1", "fhr2", "mhr"];
const CHANNELS: [&str; 4] = ["fhr1", "fhr2", "mhr", "ua"];
const IDENTITY: &str = "hex_id(episode) AS episode, bridge, bridge || '/' || device AS device";

/// What comes from the rows of one table of the store, there `stored`, and how.
pub(crate) fn definitions(table: TableName) -> Vec<(&'static str, String)> {
    match table {
        TableName::Samples => {
            vec![("samples", samples()), ("blocks", blocks()), ("episodes", episodes())]
        }
        of_records => vec![(of_records.as_str(), records::definition(of_records))],
    }
}

fn samples() -> String {
    let mut columns = vec![format!("{IDENTITY}, epoch, seq, device_tick AS tick, at")];
    columns.extend(
        HEARTS.map(|heart| {
            format!("CAST({heart}_quarters AS REAL) / CAST(4 AS REAL) AS {heart}_bpm")
        }),
    );
    columns.push("CAST(ua_halves AS REAL) / CAST(2 AS REAL) AS ua".to_owned());
    let qualities = [Quality::Poor, Quality::Fair, Quality::Good, Quality::Unrated];
    let qualities = qualities.map(|quality| (quality.code(), quality.word()));
    columns.extend(CHANNELS.map(|channel| words(&format!("{channel}_quality"), &qualities)));
    let absences = Absence::ALL.map(|absence| (absence.code(), absence.word()));
    columns.extend(CHANNELS.map(|channel| words(&format!("{channel}_absence"), &absences)));
    let profile = Flags::MOVEMENT_PROFILE.bits();
    columns.push(format!("CASE WHEN (flags & {profile}) <> 0 THEN movement = 1 END AS movement"));
    columns.push("movement AS movement_code".to_owned());
    let in_samples = ["coincidence", "twin_offset", "event_mark"];
    columns.extend(FLAGS.iter().filter(|(name, _)| in_samples.contains(name)).map(flag));
    format!("SELECT {} FROM stored", columns.join(", "))
}

fn blocks() -> String {
    let mut columns = vec![format!(
        "{IDENTITY}, epoch, seq, device_tick AS tick, at, built_at, received_at, \
         CAST(CAST(received_at AS BIGINT) - CAST(built_at AS BIGINT) AS DOUBLE) / 1000 AS latency_ms"
    )];
    let heart_words = HEART_TRANSDUCERS.map(|(transducer, word)| (transducer.code(), word));
    columns.extend(HEARTS.map(|heart| words(&format!("{heart}_transducer"), &heart_words)));
    let activity_words = ACTIVITY_TRANSDUCERS.map(|(transducer, word)| (transducer.code(), word));
    columns.push(words("ua_transducer", &activity_words));
    columns.extend(FLAGS.iter().map(flag));
    columns.push("checksum".to_owned());
    format!("SELECT {} FROM stored WHERE tick_in_block = 0", columns.join(", "))
}

fn episodes() -> String {
    let absent = CHANNELS.map(|channel| {
        format!(
            "avg(CASE WHEN {channel}_absence IS NULL THEN 0.0 ELSE 1.0 END) AS {channel}_absent"
        )
    });
    format!(
        "WITH ticks AS (
           SELECT episode, bridge, device, min(at) AS first_at, max(at) AS last_at,
             count(*) AS samples, {}
           FROM stored GROUP BY episode, bridge, device),
         steps AS (
           SELECT episode, bridge, device, CAST(at AS BIGINT) - lag(CAST(at AS BIGINT)) OVER
             (PARTITION BY episode, bridge, device ORDER BY at, epoch, seq) AS step
           FROM stored WHERE tick_in_block = 0),
         gaps AS (
           SELECT episode, bridge, device, count(*) FILTER (WHERE step > 1500000) AS gaps,
             coalesce(sum(step - 1000000) FILTER (WHERE step > 1500000), 0) / 1e6 AS gap_seconds
           FROM steps GROUP BY episode, bridge, device)
         SELECT hex_id(ticks.episode) AS episode, ticks.bridge AS bridge,
           ticks.bridge || '/' || ticks.device AS device, first_at, last_at,
           samples / 4 AS seconds, samples, {}, gaps, gap_seconds
         FROM ticks JOIN gaps ON ticks.episode = gaps.episode
           AND ticks.bridge = gaps.bridge AND ticks.device = gaps.device",
        absent.join(", "),
        CHANNELS.map(|channel| format!("{channel}_absent")).join(", "),
    )
}

fn words(column: &str, words: &[(u8, &str)]) -> String {
    let cases: Vec<_> =
        words.iter().map(|(code, word)| format!("WHEN {code} THEN '{word}'")).collect();
    format!("CASE {column} {} END AS {column}", cases.join(" "))
}

fn flag((name, flag): &(&str, Flags)) -> String {
    format!("(flags & {}) <> 0 AS {name}", flag.bits())
}

/// The tables and columns as text for a terminal.
#[must_use]
pub fn describe() -> String {
    let mut text = String::new();
    for table in &TABLES {
        text.push_str(&format!("{}: {}\n", table.name, table.row));
        for column in table.columns {
            text.push_str(&format!("  {}\n      {}\n", column.names.join(", "), column.meaning));
        }
        text.push('\n');
    }
    text
}
