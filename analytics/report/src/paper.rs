//! The paper: how fast, how high, in which language.

use ctg::tick::TICKS_PER_MINUTE;

/// Units of the canvas in a centimetre: a unit is a hundredth of a millimetre.
///
/// `plotters` draws on whole units. This one is finer than any printer and still exact for a
/// centimetre; a quarter of a beat is 8 units at 30 bpm/cm.
pub(crate) const UNITS_PER_CM: i32 = 1_000;

/// The paper that a strip is drawn on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paper {
    /// How fast it runs.
    pub speed: Speed,
    /// How high a beat is.
    pub scale: Scale,
    /// How it is cut.
    pub format: Format,
    /// The language of everything that this room writes itself.
    pub language: Language,
}

/// How fast the paper runs. Japanese wards record at 3 cm/min [C: MON12].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Speed {
    /// 1 cm/min.
    OneCmPerMin,
    /// 2 cm/min.
    TwoCmPerMin,
    /// 3 cm/min.
    #[default]
    ThreeCmPerMin,
}

impl Speed {
    /// Centimetres in a minute.
    #[must_use]
    pub const fn cm_per_min(self) -> u32 {
        match self {
            Self::OneCmPerMin => 1,
            Self::TwoCmPerMin => 2,
            Self::ThreeCmPerMin => 3,
        }
    }

    /// How far so many ticks reach, units.
    pub(crate) fn units(self, ticks: u32) -> i32 {
        let per_minute = u64::from(self.cm_per_min()) * UNITS_PER_CM as u64;
        let minute = u64::from(TICKS_PER_MINUTE);
        let units = (u64::from(ticks) * per_minute + minute / 2) / minute;
        i32::try_from(units).unwrap_or(i32::MAX)
    }
}

/// How high a beat per minute is, and what the paper reaches from and to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// 20 bpm/cm, 50 to 210 bpm.
    Bpm20PerCm,
    /// 30 bpm/cm, 30 to 240 bpm.
    #[default]
    Bpm30PerCm,
}

impl Scale {
    /// Beats per minute in a centimetre.
    #[must_use]
    pub const fn bpm_per_cm(self) -> u32 {
        match self {
            Self::Bpm20PerCm => 20,
            Self::Bpm30PerCm => 30,
        }
    }

    /// The lowest and the highest rate on the paper, bpm.
    #[must_use]
    pub const fn bounds_bpm(self) -> (u32, u32) {
        match self {
            Self::Bpm20PerCm => (50, 210),
            Self::Bpm30PerCm => (30, 240),
        }
    }

    /// How high the fetal part is, units.
    pub(crate) const fn height(self) -> i32 {
        let (low, high) = self.bounds_bpm();
        ((high - low) / self.bpm_per_cm()) as i32 * UNITS_PER_CM
    }
}

const _: () = assert!(Scale::Bpm20PerCm.height() == 8_000 && Scale::Bpm30PerCm.height() == 7_000);

/// How the paper is cut. The scale is the same on all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Pages of A4 on their long side: 24 cm of strip, 8 min at 3 cm/min.
    #[default]
    A4Landscape,
    /// Pages of A4 on their short side: up to 15 cm of strip, 5 min at 3 cm/min, with more room
    /// for notes and reasons below.
    A4Portrait,
    /// One sheet as long as the strip, at most [`SHEET_CM_MAX`].
    Continuous,
}

/// The longest continuous sheet, centimetres of strip: 2 h 40 min at 3 cm/min, 8 h at 1 cm/min.
///
/// A PDF page ends at 508 cm (14,400 points; PDF 32000-1, annex C.2).
pub const SHEET_CM_MAX: u32 = 480;

/// The language of what this room writes itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// 日本語.
    #[default]
    Japanese,
    /// English.
    English,
}

impl Language {
    /// One of two texts.
    pub(crate) const fn of<T: Copy>(self, japanese: T, english: T) -> T {
        match self {
            Self::Japanese => japanese,
            Self::English => english,
        }
    }

    /// Its tag in a document.
    pub(crate) const fn tag(self) -> &'static str {
        self.of("ja", "en")
    }
}
