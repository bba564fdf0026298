//! The tables of what the analysis published, and of what people judged.

use store::TableName;
use store::records::{ASSESSMENT_FLAGS, words};

use super::{BRIDGE, Column, DEVICE, EPISODE, IDENTITY, Table, column};

const FETUS: Column = column(&["fetus"], "1, or 2 for the second of twins");
const NAME: Column = column(
    &["id", "revision"],
    "names the record among its episode, fetus and table; a changed one comes again with a higher revision",
);
const STATE: Column = column(
    &["state"],
    "'provisional' (it may still change), 'final', or 'withdrawn' (it did not hold)",
);
const CURRENT: Column = column(
    &["is_current"],
    "whether this is the last revision of its id and not withdrawn; filter on it to count",
);
const PERIOD: Column = column(
    &["from_at", "to_at"],
    "its start, and its end (not inside), UTC, by the bridge's clock",
);
const RECEIVED: Column = column(&["received_at"], "when the region had it, by the region's clock");

/// What the analysis found on the strips.
pub(super) const FINDINGS: Table = Table {
    name: "findings",
    row: "one revision of an event or an artefact that the analysis found; the machine's",
    columns: &[
        EPISODE,
        BRIDGE,
        DEVICE,
        FETUS,
        NAME,
        STATE,
        CURRENT,
        column(
            &["kind"],
            "'acceleration', 'early deceleration' (or 'variable', 'late', 'prolonged', 'unknown'), 'contraction', 'sinusoidal', or an artefact: 'doubled', 'halved', 'spike', 'maternal coincidence', 'maternal doubled'",
        ),
        column(&["severity"], "'mild' or 'severe'; NULL where the kind has not the two"),
        column(
            &["in_definition", "in_expert"],
            "which reading counts it in: the written definitions, which grade the levels; what experts would mark",
        ),
        column(&["likelihood"], "how sure the analysis is that an expert would mark it, 0 to 1"),
        column(&["lost"], "share of its ticks without a value, 0 to 1"),
        PERIOD,
        column(&["seconds"], "how long it lasts"),
        column(&["extreme_at"], "when its peak or nadir was"),
        column(
            &["extreme_bpm", "depth_bpm"],
            "peak or nadir, and how far that lies from the baseline, bpm; NULL where it has none",
        ),
        column(
            &["height"],
            "of a contraction: its height over the resting tone, relative or mmHg as blocks.ua_transducer says; else NULL",
        ),
        column(&["fall_s"], "of a deceleration: from its start to the first bottom, s; else NULL"),
        column(&["area_bpm_s"], "between baseline and rate, bpm·s"),
        column(
            &["lag_s", "contraction"],
            "extreme_at less the peak of the contraction it is judged against, s, and the id of that; NULL where there is none",
        ),
        RECEIVED,
    ],
};

/// The levels that the analysis gave.
pub(super) const ASSESSMENTS: Table = Table {
    name: "assessments",
    row: "one revision of the machine's levels of some minutes",
    columns: &[
        EPISODE,
        BRIDGE,
        DEVICE,
        FETUS,
        NAME,
        STATE,
        CURRENT,
        column(
            &["span"],
            "'block' (clock-aligned, for the record) or 'rolling' (the last minutes; each revision moves on)",
        ),
        PERIOD,
        column(&["jsog"], "level of the Japanese table, 1 to 5; NULL where not classifiable"),
        column(&["jsog_shown"], "the level that the display rule makes of it"),
        column(
            &["unclassifiable"],
            "why there is no level: 'signal lost', 'baseline undetermined', 'variability undetermined', 'not in the table' or 'strip too short'; NULL where there is one",
        ),
        column(&["figo"], "'normal', 'suspicious' or 'pathological'; NULL where undetermined"),
        column(&["nichd"], "'I', 'II' or 'III'; NULL where undetermined"),
        column(
            &["nst"],
            "'reactive', 'not yet reactive' or 'non-reactive'; NULL where no test is asked for",
        ),
        column(&["variability"], "'absent', 'decreased', 'normal' or 'increased'"),
        column(&["baseline_bpm"], "the graded baseline, rounded to 5 bpm"),
        column(&["baseline_raw_bpm"], "the baseline before rounding, bpm"),
        column(&["bandwidth_bpm"], "bandwidth of the variability, bpm"),
        column(&["stv_ms", "ltv_ms"], "short-term and long-term variation, ms"),
        column(
            &["contractions"],
            "contractions in 10 min; NULL where uterine activity is not recorded",
        ),
        column(
            &["baseline_age_s", "variability_age_s"],
            "how old what was carried over is, s; 0 where it is of these minutes",
        ),
        column(&["lost"], "share of ticks without a usable rate, 0 to 1"),
        column(
            &["baseline_carried", "variability_carried"],
            "it is the last that could be determined, not of these minutes",
        ),
        column(&["caution_loss"], "so much is lost that the reading needs care"),
        column(&["to_be_checked"], "the shown level differs from the table's: 要確認"),
        column(&["table_unreviewed"], "no clinical reviewer has signed the table"),
        column(&["background_risk"], "a background risk was known to the grading"),
        column(&["sinusoidal"], "the sinusoidal pattern held"),
        column(&["no_uterine_activity"], "uterine activity was not recorded"),
        column(&["under_32_weeks"], "accelerations were judged as under 32 weeks"),
        column(&["gestation_unknown"], "nobody said how far she was: judged as from 32 weeks on"),
        column(
            &["history_short"],
            "the analysis had read less of the hour before than there was, as after a restart",
        ),
        column(
            &["why"],
            "the reasons, the weightiest first, apart by '; ': a word, '#' and the id of the finding behind it, a value",
        ),
        column(
            &["table_version", "table_hash"],
            "the table of levels, and the first 16 digits of its SHA-256",
        ),
        column(&["engine"], "name and version of the analysis"),
        RECEIVED,
    ],
};

/// The physiological conditions that the analysis saw begin and end.
pub(super) const CONDITIONS: Table = Table {
    name: "conditions",
    row: "one revision of a physiological condition: it begins, or is over",
    columns: &[
        EPISODE,
        BRIDGE,
        DEVICE,
        FETUS,
        NAME,
        STATE,
        CURRENT,
        column(
            &["kind"],
            "'bradycardia', 'tachycardia', 'tachysystole', 'maternal coincidence', 'maternal doubled', 'signal poor', 'level 3' to 'level 5', 'sinusoidal', 'prolonged deceleration', 'not classifiable' or 'twins coincide'",
        ),
        column(&["is_active"], "whether it holds"),
        column(&["since"], "when this state began, UTC, by the bridge's clock"),
        column(
            &["value"],
            "a number in the unit of the condition: bpm, percent, tenths of a contraction, s; 0 where there is none",
        ),
        RECEIVED,
    ],
};

/// The levels that people gave.
pub(super) const JUDGEMENTS: Table = Table {
    name: "judgements",
    row: "one level that a person gave to some minutes",
    columns: &[
        EPISODE,
        BRIDGE,
        DEVICE,
        FETUS,
        NAME,
        STATE,
        CURRENT,
        column(&["level"], "the level, 1 to 5"),
        column(&["account", "role"], "who said it, and as what"),
        PERIOD,
        column(&["at"], "when it was said, by the region's clock"),
        column(&["reason"], "what was written beside it; may be empty"),
        RECEIVED,
    ],
};

/// How a table comes from the rows of the store, there `stored`.
pub(super) fn definition(table: TableName) -> String {
    let own = match table {
        TableName::Findings => findings(),
        TableName::Assessments => assessments(),
        TableName::Conditions => conditions(),
        TableName::Judgements => judgements(),
        TableName::Samples => Vec::new(),
    };
    let state = case(table, "state");
    format!(
        "SELECT {IDENTITY}, fetus, id, revision, {state}, \
         row_number() OVER (PARTITION BY bridge, device, episode, fetus, id \
           ORDER BY revision DESC, received_at DESC) = 1 AND state <> 2 AS is_current, \
         {}, received_at FROM stored",
        own.join(", ")
    )
}

const CONTRACTION: &str = "kind = 32";
const SECONDS: &str =
    "CAST(CAST(to_at AS BIGINT) - CAST(from_at AS BIGINT) AS DOUBLE) / 1e6 AS seconds";

fn findings() -> Vec<String> {
    let part = |column: &str, parts: u16| format!("CAST({column} AS DOUBLE) / {parts}");
    vec![
        case(TableName::Findings, "kind"),
        case(TableName::Findings, "severity"),
        "(profiles & 1) <> 0 AS in_definition, (profiles & 2) <> 0 AS in_expert".to_owned(),
        format!("{} AS likelihood", part("likelihood_percent", 100)),
        format!("{} AS lost", part("lost_percent", 100)),
        "from_at, to_at".to_owned(),
        SECONDS.to_owned(),
        "extreme_at".to_owned(),
        format!("CASE WHEN {CONTRACTION} THEN NULL ELSE {} END AS extreme_bpm", part("value", 4)),
        format!("{} AS depth_bpm", part("depth_quarters", 4)),
        format!("CASE WHEN {CONTRACTION} THEN {} END AS height", part("value", 2)),
        format!("{} AS fall_s", part("fall_ticks", 4)),
        "area_bpm_s".to_owned(),
        format!("{} AS lag_s", part("lag_ms", 1_000)),
        "contraction".to_owned(),
    ]
}

fn assessments() -> Vec<String> {
    let part = |column: &str, parts: u16, name: &str| {
        format!("CAST({column} AS DOUBLE) / {parts} AS {name}")
    };
    let table = TableName::Assessments;
    let mut columns = vec![
        case(table, "span"),
        "from_at, to_at, jsog, jsog_shown".to_owned(),
        case(table, "unclassifiable"),
        case(table, "figo"),
        case(table, "nichd"),
        case(table, "nst"),
        case(table, "variability"),
        "baseline_bpm".to_owned(),
        part("baseline_quarters", 4, "baseline_raw_bpm"),
        part("bandwidth_quarters", 4, "bandwidth_bpm"),
        part("stv_centims", 100, "stv_ms"),
        part("ltv_centims", 100, "ltv_ms"),
        part("contractions_tenths", 10, "contractions"),
        "baseline_age_s, variability_age_s".to_owned(),
        part("lost_percent", 100, "lost"),
    ];
    columns.extend(
        ASSESSMENT_FLAGS.map(|(name, flag)| format!("(flags & {}) <> 0 AS {name}", flag.bits())),
    );
    columns.push("why_text(why) AS why, table_version, hex_hash(table_hash) AS table_hash".into());
    columns.push("engine".to_owned());
    columns
}

fn conditions() -> Vec<String> {
    let kind = case(TableName::Conditions, "kind");
    vec![kind, "is_active <> 0 AS is_active, from_at AS since, value".to_owned()]
}

fn judgements() -> Vec<String> {
    let role = case(TableName::Judgements, "role");
    vec![format!("level, account, {role}, from_at, to_at, at, reason")]
}

/// A column of codes as words.
fn case(table: TableName, column: &str) -> String {
    super::words(column, &words(table, column))
}
