//! Moments as people write them, and times of day as paper shows them.

use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};
use vitals::WallTime;

/// A moment of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// By the clock.
    At(WallTime),
    /// So many seconds after the recording began: files of others have no clock.
    Elapsed(u32),
}

impl Moment {
    /// Reads a moment: `2026-11-25 03:10`, with seconds or an offset where wanted
    /// (`2026-11-25T03:10:30+09:00`); or the time since the beginning, `0:30` or `0:30:00`.
    ///
    /// # Errors
    ///
    /// A sentence with examples.
    pub fn parse(text: &str, zone: &TimeZone) -> Result<Self, String> {
        let text = text.trim();
        if let Some(seconds) = elapsed(text) {
            return Ok(Self::Elapsed(seconds));
        }
        if let Ok(at) = text.parse::<Timestamp>() {
            return Ok(Self::At(WallTime(at.as_microsecond())));
        }
        let at = text.parse::<DateTime>().ok().filter(|_| text.contains(':'));
        let at = at.and_then(|at| at.to_zoned(zone.clone()).ok());
        at.map(|at| Self::At(WallTime(at.timestamp().as_microsecond()))).ok_or_else(|| {
            format!(
                "\"{text}\" is no time: write \"2026-11-25 03:10\", or for a file without a clock the time since it began, \"0:30\""
            )
        })
    }
}

/// Hours, minutes and perhaps seconds.
fn elapsed(text: &str) -> Option<u32> {
    let parts: Vec<u32> = text.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    match parts.as_slice() {
        [hours, minutes @ 0..60] => hours.checked_mul(3_600)?.checked_add(60 * minutes),
        [hours, minutes @ 0..60, seconds @ 0..60] => {
            hours.checked_mul(3_600)?.checked_add(60 * minutes + seconds)
        }
        _ => None,
    }
}

/// A zone by its name: `Asia/Tokyo`.
#[must_use]
pub fn zone(name: &str) -> Option<TimeZone> {
    match name {
        "Asia/Tokyo" => Some(japan()),
        other => TimeZone::get(other).ok(),
    }
}

/// Japanese time, also on a machine without a list of zones.
pub(super) fn japan() -> TimeZone {
    TimeZone::get("Asia/Tokyo").unwrap_or_else(|_| TimeZone::fixed(Offset::constant(9)))
}

/// A moment in a zone; one that no calendar has is the calendar's first.
pub(super) fn zoned(at: WallTime, zone: &TimeZone) -> Zoned {
    Timestamp::from_microsecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone())
}

/// A moment as messages show it.
pub(super) fn shown(at: WallTime, zone: &TimeZone) -> String {
    zoned(at, zone).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A period as the header shows it: the date once where it is the same.
pub(super) fn period(from: WallTime, to: WallTime, zone: &TimeZone) -> String {
    let (from, to) = (zoned(from, zone), zoned(to, zone));
    let until = match from.date() == to.date() {
        true => to.strftime("%H:%M:%S").to_string(),
        false => to.strftime("%Y-%m-%d %H:%M:%S").to_string(),
    };
    let name = zone.iana_name().map_or_else(String::new, |name| format!(" {name}"));
    format!("{} – {until} {}{name}", from.strftime("%Y-%m-%d %H:%M:%S"), from.strftime("%:z"))
}

/// The days from one moment to another, as paper writes them.
pub(super) fn days(from: WallTime, to: WallTime, zone: &TimeZone) -> Vec<String> {
    let (first, last) = (zoned(from, zone).date(), zoned(to, zone).date());
    let next = |day: &Date| day.tomorrow().ok().filter(|day| *day <= last);
    std::iter::successors(Some(first), next).map(|day| day.to_string()).collect()
}

/// The second of the local day.
pub(super) fn second_of_day(at: WallTime, zone: &TimeZone) -> u32 {
    let at = zoned(at, zone);
    let [hour, minute, second] =
        [at.hour(), at.minute(), at.second()].map(|it| u32::from(it.unsigned_abs()));
    hour * 3_600 + minute * 60 + second
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-25 03:10 in Tokyo.
    const TEN_PAST_THREE: i64 = 1_795_543_800_000_000;

    #[test]
    fn a_time_is_that_of_tokyo_unless_it_says_otherwise() {
        let at = Ok(Moment::At(WallTime(TEN_PAST_THREE)));
        for text in [
            "2026-11-25 03:10",
            "2026-11-25T03:10:00",
            " 2026-11-25 03:10:00 ",
            "2026-11-24T18:10Z",
            "2026-11-24T19:10:00+01:00",
        ] {
            assert_eq!(Moment::parse(text, &japan()), at, "{text}");
        }
        assert_eq!(shown(WallTime(TEN_PAST_THREE), &japan()), "2026-11-25 03:10:00");
    }

    #[test]
    fn the_time_since_the_beginning_needs_no_date() {
        assert_eq!(Moment::parse("0:30", &japan()), Ok(Moment::Elapsed(1_800)));
        assert_eq!(Moment::parse("26:00:05", &japan()), Ok(Moment::Elapsed(93_605)));
        for text in ["0:60", "12", "", "2026-11-25", "2026-13-01 00:00", "noon", "1:2:3:4"] {
            assert!(Moment::parse(text, &japan()).is_err(), "{text}");
        }
    }

    #[test]
    fn a_period_over_midnight_names_both_days() {
        let (from, to) = (WallTime(TEN_PAST_THREE), WallTime(TEN_PAST_THREE + 86_400_000_000));
        assert_eq!(days(from, to, &japan()), ["2026-11-25", "2026-11-26"]);
        let text = period(from, to, &japan());
        assert!(text.starts_with("2026-11-25 03:10:00 – 2026-11-26 03:10:00 +09:00"), "{text}");
        assert_eq!(second_of_day(from, &japan()), 3 * 3_600 + 600);
    }
}
