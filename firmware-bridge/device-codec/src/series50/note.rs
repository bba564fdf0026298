//! Notes: text typed at the monitor, or to be printed on its strip.

use core::fmt;

use super::fields::Fields;

/// Most bytes of id and text together: the `N` block has at most 510.
pub const NOTE_BYTES_MAX: usize = 508;

/// The `N` block: a text, and an id that says who wrote it.
///
/// From a monitor the id is empty and the text has up to 28 bytes, 30 at most. A monitor
/// prints at most 28 bytes of id and text on its strip. Somebody typed it, perhaps with a
/// name in it: `Debug` counts the bytes and prints none.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Note {
    /// The id, then the text, then zeros.
    content: [u8; NOTE_BYTES_MAX],
    content_bytes: usize,
    id_length: u8,
}

impl Note {
    /// A note of these bytes.
    ///
    /// # Errors
    ///
    /// [`NoteTooLong`] for an id of more than 255 bytes, or id and text of more than
    /// [`NOTE_BYTES_MAX`] together.
    pub fn new(id: &[u8], text: &[u8]) -> Result<Self, NoteTooLong> {
        let too_long = NoteTooLong { id_bytes: id.len(), text_bytes: text.len() };
        let id_length = u8::try_from(id.len()).map_err(|_| too_long)?;
        let content_bytes = id.len().saturating_add(text.len());
        if content_bytes > NOTE_BYTES_MAX {
            return Err(too_long);
        }
        let mut content = [0; NOTE_BYTES_MAX];
        for (slot, byte) in content.iter_mut().zip(id.iter().chain(text)) {
            *slot = *byte;
        }
        Ok(Self { content, content_bytes, id_length })
    }

    /// Who wrote it; empty from a monitor.
    #[must_use]
    pub fn id(&self) -> &[u8] {
        self.content.get(..usize::from(self.id_length)).unwrap_or_default()
    }

    /// The text as it came; printable ASCII by the guide, which nothing enforces.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        self.content.get(usize::from(self.id_length)..self.content_bytes).unwrap_or_default()
    }

    pub(super) const fn id_length(&self) -> u8 {
        self.id_length
    }

    pub(super) fn from_body(mut fields: Fields<'_>) -> Option<Self> {
        let id_length = fields.byte()?;
        let (id, text) = fields.rest().split_at_checked(usize::from(id_length))?;
        Self::new(id, text).ok()
    }
}

impl fmt::Debug for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Note")
            .field("id_bytes", &self.id().len())
            .field("text_bytes", &self.text().len())
            .finish()
    }
}

/// A note that no `N` block can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoteTooLong {
    /// Bytes of its id.
    pub id_bytes: usize,
    /// Bytes of its text.
    pub text_bytes: usize,
}

impl fmt::Display for NoteTooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "an id of {} and a text of {} bytes do not fit a note; an id has at most 255 bytes, \
             both together {NOTE_BYTES_MAX}",
            self.id_bytes, self.text_bytes
        )
    }
}

impl core::error::Error for NoteTooLong {}

#[cfg(test)]
mod tests {
    use super::*;
    extern crate std;
    use std::format;

    #[test]
    fn a_note_prints_no_word_of_it() {
        let note = Note::new(b"PC", b"Sato-san").unwrap();
        assert_eq!(format!("{note:?}"), "Note { id_bytes: 2, text_bytes: 8 }");
    }

    #[test]
    fn a_note_that_fits_no_block_is_refused() {
        assert!(Note::new(&[0; 255], &[0; 253]).is_ok());
        assert!(Note::new(&[0; 255], &[0; 254]).is_err());
        assert!(Note::new(&[0; 256], &[]).is_err());
    }
}
