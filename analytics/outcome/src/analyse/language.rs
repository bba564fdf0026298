//! The language of sentences in the output.

/// The language of sentences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Language {
    /// 日本語
    #[default]
    Ja,
    /// English
    En,
}

impl Language {
    /// The language of a machine by its settings, the first of them that is set counts:
    /// English where it says so, otherwise Japanese.
    #[must_use]
    pub fn of_settings<'a>(settings: impl IntoIterator<Item = &'a str>) -> Self {
        let first = settings.into_iter().find(|setting| !setting.is_empty());
        match first.is_some_and(|setting| setting.starts_with("en")) {
            true => Self::En,
            false => Self::Ja,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_setting_counts_and_japanese_is_the_rule() {
        assert_eq!(Language::of_settings(["", "en_GB.UTF-8"]), Language::En);
        assert_eq!(Language::of_settings(["ja_JP.UTF-8", "en_GB.UTF-8"]), Language::Ja);
        assert_eq!(Language::of_settings(["C.UTF-8"]), Language::Ja);
        assert_eq!(Language::of_settings([]), Language::Ja);
    }
}
