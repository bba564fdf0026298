//! The table of rules: what ships, and what is refused.

use alert::rules::{During, Origin, Reviewers};
use alert::{Kind, Priority, Role, Rules, RulesError};
use sha2::{Digest, Sha256};

const SHIPPED: &str = include_str!("../tables/alarms-1.txt");

#[test]
fn the_shipped_table_is_named_hashed_and_unreviewed() {
    let rules = Rules::shipped();
    let identity = rules.identity();
    assert_eq!(identity.version, "alarms-1");
    assert_eq!(identity.sha256, <[u8; 32]>::from(Sha256::digest(SHIPPED)));
    assert_eq!(identity.reviewers, Reviewers::None);
    assert_eq!(identity.reviewers.en(), "alarm rules: not reviewed (for reference)");
    assert_eq!(identity.reviewers.ja(), "アラーム規則：未監修（参考）");
}

#[test]
fn every_kind_has_a_row_and_no_row_claims_to_be_confirmed() {
    let rules = Rules::shipped();
    for &kind in Kind::ALL {
        assert_eq!(rules.of(kind).kind, kind);
        assert!(rules.of(kind).origin.en().contains("unconfirmed"));
    }
    let added = Kind::ALL.iter().filter(|kind| rules.of(**kind).origin == Origin::Added);
    assert_eq!(added.copied().collect::<Vec<_>>(), [Kind::DeviceFault, Kind::AnalysisAbsent]);
}

#[test]
fn the_shipped_numbers_are_those_of_the_design() {
    let rules = Rules::shipped();
    assert_eq!(rules.chain(), Role::ALL);
    assert_eq!(rules.pause_max_s(), 120);
    let delays = [(Kind::Level5, 0), (Kind::Level4, 60), (Kind::LinkLost, 15), (Kind::Silent, 60)];
    for (kind, delay_s) in delays {
        assert_eq!(rules.of(kind).delay_s, delay_s, "{}", kind.word());
    }
    assert_eq!(rules.of(Kind::Level5).escalate_s, Some(60));
    assert_eq!(rules.of(Kind::Level4).escalate_s, Some(180));
    assert_eq!(rules.of(Kind::Level3).once_per_s, Some(600));
    let promotion = |kind| {
        let promotion = rules.of(kind).promotion.unwrap();
        (promotion.to, promotion.after_s, promotion.during)
    };
    assert_eq!(promotion(Kind::Level4), (Priority::High, 120, During::Unacknowledged));
    assert_eq!(promotion(Kind::MaternalCoincidence), (Priority::Medium, 180, During::Holding));
}

#[test]
fn a_site_may_sign_and_change_its_own_table() {
    let text = changed("version alarms-1", "version alarms-1-clinic")
        .replacen("reviewer -", "reviewer A. Sato", 1)
        .replacen("reviewer -", "reviewer B. Kato", 1)
        .replace(
            "escalation midwife facility-doctor centre-obstetrician",
            "escalation facility-doctor",
        )
        .replace("pause_max_s 120", "pause_max_s 60");
    let rules = Rules::parse(&text, [7; 32]).unwrap();
    let signed = Reviewers::Signed("A. Sato".to_owned(), "B. Kato".to_owned());
    assert_eq!(rules.identity().reviewers, signed);
    assert_eq!((rules.chain(), rules.pause_max_s()), (&[Role::FacilityDoctor][..], 60));
    assert_eq!(rules.identity().version, "alarms-1-clinic");
}

#[test]
fn one_signature_or_the_same_twice_is_none() {
    let one = changed("reviewer -\nreviewer -", "reviewer A. Sato\nreviewer -");
    let same = changed("reviewer -\nreviewer -", "reviewer A. Sato\nreviewer A. Sato");
    for text in [one, same] {
        let missing = RulesError::SettingMissing("reviewer");
        assert_eq!(Rules::parse(&text, [0; 32]), Err(missing));
    }
}

#[test]
fn what_is_missing_doubled_or_unknown_is_named() {
    let row = SHIPPED.lines().find(|line| line.starts_with("silent ")).unwrap();
    refuse(&changed(row, ""), "\"silent\" has no row");
    refuse(&format!("{SHIPPED}{row}\n"), "line 33 says again what was said");
    refuse(&changed("level-3 ", "level-6 "), "line 20 is none of a table of alarm rules");
    refuse(&changed("source=here", "source=book"), "line 31 is none of a table of alarm rules");
    refuse(&changed("pause_max_s 120\n", ""), "\"pause_max_s\" is missing");
    refuse(&changed("version alarms-1\n", ""), "\"version\" is missing");
    refuse(
        &changed("midwife facility-doctor", "midwife midwife"),
        "line 14 is none of a table of alarm rules",
    );
    let twice = changed("delay_s=15  latch=no", "delay_s=15  delay_s=15");
    refuse(&twice, "line 29 says again what was said");
    refuse(
        &changed("promote_after_s=120", "promote_after_s=-  "),
        "line 19 is none of a table of alarm rules",
    );
}

#[test]
fn what_is_out_of_bounds_says_by_how_much() {
    refuse(
        &changed("pause_max_s 120", "pause_max_s 121"),
        "\"pause_max_s\" of the table is 121 s; 10 to 120 s are allowed",
    );
    refuse(
        &changed("delay_s=15", "delay_s=301"),
        "\"delay_s\" of link-lost is 301 s; 0 to 300 s are allowed",
    );
    refuse(
        &changed("priority=high    delay_s=0", "priority=high    delay_s=16"),
        "\"delay_s\" of level-5 is 16 s; 0 to 15 s are allowed",
    );
    refuse(
        &changed("escalate_s=180", "escalate_s=3601"),
        "\"escalate_s\" of level-4 is 3601 s; 15 to 3600 s are allowed",
    );
    refuse(
        &changed("promote_after_s=120", "promote_after_s=9"),
        "\"promote_after_s\" of level-4 is 9 s; 10 to 3600 s are allowed",
    );
    refuse(
        &changed("once_per_s=600", "once_per_s=59"),
        "\"once_per_s\" of level-3 is 59 s; 60 to 3600 s are allowed",
    );
}

#[test]
fn no_edit_quietly_unmakes_a_high_alarm() {
    let high = "priority=high    delay_s=0   latch=yes";
    refuse(
        &changed(high, "priority=medium  delay_s=0   latch=yes"),
        "\"level-5\" may not have a lower priority than the design of alarms gives it",
    );
    refuse(
        &changed(high, "priority=high    delay_s=0   latch=no"),
        "\"level-5\" must latch, as every alarm that is or becomes high",
    );
    refuse(
        &changed("escalate_s=60 ", "escalate_s=-  "),
        "\"level-5\" must escalate, as every alarm that is or becomes high",
    );
    refuse(
        &changed(
            "promote_to=medium  promote_after_s=180",
            "promote_to=low     promote_after_s=180",
        ),
        "\"maternal-coincidence\" must be promoted to a higher priority than it has",
    );
    refuse(
        &changed("priority=low     delay_s=60", "priority=medium  delay_s=60"),
        "\"level-3\" must be low, and stay so, to be read as a digest",
    );
}

#[track_caller]
fn refuse(text: &str, why: &str) {
    let error = Rules::parse(text, [0; 32]).expect_err("the table is refused");
    assert_eq!(error.to_string(), why);
}

/// The shipped text with one thing changed.
#[track_caller]
fn changed(from: &str, to: &str) -> String {
    assert!(SHIPPED.contains(from), "the table does not say {from}");
    SHIPPED.replacen(from, to, 1)
}
