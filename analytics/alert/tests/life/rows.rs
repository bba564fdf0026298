//! Each row of the table by name, as it ships.

use crate::script::check;

#[test]
fn level_5_is_high_at_once_and_calls_the_next_role_each_minute() {
    check(
        "00:00 level-5 on | 05:00 nothing",
        &[
            "00:00 raised 1 level-5@1.1 high",
            "01:00 escalated 1 to facility-doctor",
            "02:00 escalated 1 to centre-obstetrician",
        ],
    );
}

#[test]
fn a_baseline_below_80_is_as_a_level_5() {
    check(
        "00:00 severe-bradycardia on FHR 72 < 80 | 01:30 ack 1 anna | 01:31 ack 1 anna C fundal pressure stopped",
        &[
            "00:00 raised 1 severe-bradycardia@1.1 high [FHR 72 < 80]",
            "01:00 escalated 1 to facility-doctor",
            "01:30 refused: this alarm is acknowledged with a reason only",
            "01:31 acknowledged 1 by anna after 91 s C (fundal pressure stopped)",
        ],
    );
}

#[test]
fn level_4_must_last_a_minute_is_high_after_two_and_calls_the_doctor_after_three() {
    check(
        "00:00 level-4 on | 08:00 nothing",
        &[
            "01:00 raised 1 level-4@1.1 medium",
            "03:00 promoted 1 from medium to high",
            "04:00 escalated 1 to facility-doctor",
            "07:00 escalated 1 to centre-obstetrician",
        ],
    );
    check("00:00 level-4 on | 00:59 level-4 off | 02:00 nothing", &[]);
    check(
        "00:00 level-4 on | 02:59 ack 1 anna B | 09:00 nothing",
        &["01:00 raised 1 level-4@1.1 medium", "02:59 acknowledged 1 by anna after 119 s B"],
    );
}

#[test]
fn level_3_is_news_once_in_the_clocks_ten_minutes() {
    check(
        "01:00 level-3 on | 03:00 level-3 off | 04:00 level-3 on | 06:00 level-3 off
         | 09:30 level-3 on | 12:00 level-3 off | 12:10 level-3 on | 15:00 nothing",
        &[
            "02:00 raised 1 level-3@1.1 low",
            "03:00 ended 1",
            "03:00 resolved 1",
            // The second return was over before the block was; the third was not.
            "10:30 raised 2 level-3@1.1 low",
            "12:00 ended 2",
            "12:00 resolved 2",
        ],
    );
    check(
        "00:00 level-3 on | 02:00 level-3 off | 05:00 level-3 on | 11:00 nothing",
        &[
            "01:00 raised 1 level-3@1.1 low",
            "02:00 ended 1",
            "02:00 resolved 1",
            "10:00 raised 2 level-3@1.1 low",
        ],
    );
}

#[test]
fn one_fetus_is_news_beside_the_other() {
    check(
        "00:00 level-3 on | 00:10 level-3@1.2 on | 00:20 level-3@2 on | 02:00 nothing",
        &[
            "01:00 raised 1 level-3@1.1 low",
            "01:10 raised 2 level-3@1.2 low",
            "01:20 raised 3 level-3@2.1 low",
        ],
    );
}

#[test]
fn bradycardia_is_medium_and_stays_until_somebody_saw_it() {
    check(
        "00:00 bradycardia on FHR 105 < 110 | 00:10 bradycardia on FHR 95 < 110 | 00:40 bradycardia off | 20:00 nothing",
        &[
            "00:00 raised 1 bradycardia@1.1 medium [FHR 105 < 110]",
            "00:10 says 1 [FHR 95 < 110]",
            "00:40 ended 1",
        ],
    );
}

#[test]
fn tachycardia_is_low_and_goes_when_it_is_over() {
    check(
        "00:00 tachycardia on | 30:00 tachycardia off",
        &["00:00 raised 1 tachycardia@1.1 low", "30:00 ended 1", "30:00 resolved 1"],
    );
}

#[test]
fn tachysystole_is_low_and_goes_when_it_is_over() {
    check(
        "00:00 tachysystole on | 30:00 tachysystole off",
        &["00:00 raised 1 tachysystole@1 low", "30:00 ended 1", "30:00 resolved 1"],
    );
}

#[test]
fn the_mothers_rate_is_low_medium_after_three_minutes_and_stays() {
    check(
        "01:00 maternal-coincidence on since 00:00 | 05:00 maternal-coincidence off | 20:00 nothing",
        &[
            "01:00 raised 1 maternal-coincidence@1.1 low",
            "03:00 promoted 1 from low to medium",
            "05:00 ended 1",
        ],
    );
    check(
        "04:00 maternal-coincidence on since 00:00 | 20:00 nothing",
        &["04:00 raised 1 maternal-coincidence@1.1 medium"],
    );
}

#[test]
fn twice_the_mothers_rate_is_medium_and_stays() {
    check(
        "00:00 maternal-doubled on | 00:30 maternal-doubled off | 20:00 nothing",
        &["00:00 raised 1 maternal-doubled@1.1 medium", "00:30 ended 1"],
    );
}

#[test]
fn twins_with_one_rate_are_low_and_go_when_it_is_over() {
    check(
        "00:00 twins-coincide on | 05:00 twins-coincide off",
        &["00:00 raised 1 twins-coincide@1 low", "05:00 ended 1", "05:00 resolved 1"],
    );
}

#[test]
fn a_lost_signal_counts_from_a_minute_on() {
    check("00:00 signal-lost on | 00:59 signal-lost off | 09:00 nothing", &[]);
    check(
        "00:00 signal-lost on | 02:00 signal-lost off",
        &["01:00 raised 1 signal-lost@1.1 medium", "02:00 ended 1", "02:00 resolved 1"],
    );
}

#[test]
fn a_poor_signal_is_low_and_goes_when_it_is_over() {
    check(
        "00:00 signal-poor on | 02:00 signal-poor off",
        &["00:00 raised 1 signal-poor@1.1 low", "02:00 ended 1", "02:00 resolved 1"],
    );
}

#[test]
fn a_lost_link_counts_from_15_s_on_since_it_was_lost() {
    check("00:00 link-lost on | 00:14 link-lost off | 09:00 nothing", &[]);
    check(
        "00:10 link-lost on since 00:00 | 02:00 link-lost off",
        &["00:15 raised 1 link-lost@1 medium", "02:00 ended 1", "02:00 resolved 1"],
    );
}

#[test]
fn no_data_counts_from_a_minute_on() {
    check("00:00 silent on | 00:59 silent off | 09:00 nothing", &[]);
    check(
        "00:10 silent on since 00:00 | 02:00 silent off",
        &["01:00 raised 1 silent@1 medium", "02:00 ended 1", "02:00 resolved 1"],
    );
}

#[test]
fn a_fault_of_a_device_is_medium_at_once() {
    check(
        "00:00 device-fault on | 02:00 device-fault off",
        &["00:00 raised 1 device-fault@1 medium", "02:00 ended 1", "02:00 resolved 1"],
    );
}

#[test]
fn an_absent_analysis_is_one_alarm_of_the_region() {
    check("00:00 analysis-absent on | 00:14 analysis-absent off | 09:00 nothing", &[]);
    check(
        "00:05 analysis-absent on since 00:00 | 02:00 analysis-absent off",
        &["00:15 raised 1 analysis-absent medium", "02:00 ended 1", "02:00 resolved 1"],
    );
}
