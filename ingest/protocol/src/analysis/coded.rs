//! Enumerations that travel as one byte and are written as one word.

/// Declares an enumeration with its wire codes and its words for files and queries.
macro_rules! coded {
    (
        $(#[$doc:meta])* $name:ident, $field:literal {
            $($(#[$variant_doc:meta])* $variant:ident = $code:literal, $word:literal;)+
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $name {
            $($(#[$variant_doc])* $variant = $code,)+
        }

        impl $name {
            /// Every value, by rising code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The code on the wire.
            #[must_use]
            pub const fn code(self) -> u8 {
                self as u8
            }

            /// Reads a wire code; `None` for one that is not listed.
            #[must_use]
            pub const fn from_code(code: u8) -> Option<Self> {
                match code {
                    $($code => Some(Self::$variant),)+
                    _ => None,
                }
            }

            /// A stable English word for files and queries.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            #[allow(dead_code, reason = "where a code of 0 means none, `read_optional` serves")]
            pub(crate) fn read(
                reader: &mut $crate::wire::Reader<'_>,
            ) -> Result<Self, $crate::WireError> {
                let code = reader.u8($field)?;
                Self::from_code(code)
                    .ok_or($crate::WireError::Value { field: $field, value: code.into() })
            }

            #[allow(dead_code, reason = "where there is always one, `read` serves")]
            pub(crate) fn read_optional(
                reader: &mut $crate::wire::Reader<'_>,
            ) -> Result<Option<Self>, $crate::WireError> {
                match reader.u8($field)? {
                    0 => Ok(None),
                    code => Self::from_code(code)
                        .map(Some)
                        .ok_or($crate::WireError::Value { field: $field, value: code.into() }),
                }
            }
        }
    };
}

pub(crate) use coded;
