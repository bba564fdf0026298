//! The blocks of the interface, one variant each.
//!
//! ```text
//! type  direction  bytes  content, after the type character
//!   C   monitor →     35  one second of CTG: see `ctg_block`
//!   I   monitor →     27  model 6, protocol revision 3, software 7, serial number 10
//!   P   monitor →      9  systolic, diastolic, mean u16 mmHg; pulse u16, quarters of a bpm
//!   S   monitor →      4  oxygen saturation u8, halves of a percent; pulse u16, quarters
//!   T   monitor →      2  temperature u8, tenths of a degree above 25 °C
//!   F   monitor →      4  failure code, 3 characters
//!   M   monitor →      2  M: the event marker was pressed
//!   N   both       ≤ 510  length of an id u8, the id, text
//!   ?   → monitor      2  C or I: send that block
//!   G   → monitor      1  send a C every second from now on
//!   H   → monitor      1  stop that
//!   V   → monitor      4  wanted revision, 3 characters
//! ```
//!
//! Bytes count the type character and no escapes. Numbers are big-endian.

use super::ctg_block::CtgBlock;
use super::fault::Fault;
use super::fields::Fields;
use super::frame::{self, EncodeError};
use super::note::Note;
use super::text::{Revision, Text};
use super::vital_signs::{
    NonInvasivePressure, OxygenSaturation, PulseRate, Saturation, Temperature,
};

/// One message, either way. It holds the words of the wire, so that writing what was read
/// gives the same bytes, reserved bits included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "a note of 508 bytes has to go somewhere and there is no heap; a message is read at once"
)]
pub enum Message {
    /// `C`: one second of CTG.
    Ctg(CtgBlock),
    /// `I`: what the monitor is. Sent when asked, and unasked after a restart, which also
    /// means that the monitor has forgotten that it was started.
    Identity(Identity),
    /// `P`: the mother's blood pressure by cuff.
    NonInvasivePressure(NonInvasivePressure),
    /// `S`: the mother's oxygen saturation.
    Saturation(Saturation),
    /// `T`: the mother's temperature.
    Temperature(Temperature),
    /// `F`: a failure code, such as `503`. After a fatal one the monitor restarts.
    Failure(Text<3>),
    /// `MM`: somebody pressed the event marker.
    EventMark,
    /// `N`: a note. Towards the monitor it is **printed on the paper strip**.
    Note(Note),
    /// `?`: asks for one block.
    Request(Request),
    /// `G`: asks for a `C` every second. [`Message::Stop`] and any request for a `C` end it.
    Start,
    /// `H`: ends the `C` every second; marks and notes go on.
    Stop,
    /// `V`: asks for a revision of the protocol; the next [`Identity`] tells whether it took.
    Revision(Revision),
}

/// What a monitor says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The model, such as `M1350A`.
    pub model: Text<6>,
    /// The revision of the protocol it speaks now.
    pub protocol: Revision,
    /// Its software, such as `A.02.00`.
    pub software: Text<7>,
    /// Its serial number.
    pub serial: Text<10>,
}

/// A block that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// One `C` block. Ends the automatic sending. By polling, every 0.9 to 1.1 s: outside
    /// that the monitor inserts or deletes ticks and says so.
    Ctg,
    /// The `I` block.
    Identity,
}

impl Request {
    const fn code(self) -> u8 {
        match self {
            Self::Ctg => b'C',
            Self::Identity => b'I',
        }
    }
}

impl Message {
    /// The type character.
    #[must_use]
    pub const fn block_type(&self) -> u8 {
        match self {
            Self::Ctg(_) => b'C',
            Self::Identity(_) => b'I',
            Self::NonInvasivePressure(_) => b'P',
            Self::Saturation(_) => b'S',
            Self::Temperature(_) => b'T',
            Self::Failure(_) => b'F',
            Self::EventMark => b'M',
            Self::Note(_) => b'N',
            Self::Request(_) => b'?',
            Self::Start => b'G',
            Self::Stop => b'H',
            Self::Revision(_) => b'V',
        }
    }

    /// Whether this is one of `?`, `G`, `H` and `V`: they steer the interface and nothing
    /// else. A bridge writes no other to a patient's monitor.
    #[must_use]
    pub const fn is_command(&self) -> bool {
        matches!(self, Self::Request(_) | Self::Start | Self::Stop | Self::Revision(_))
    }

    /// Writes the frame, escapes and checksum included; returns its bytes.
    ///
    /// # Errors
    ///
    /// [`EncodeError::BufferTooSmall`]; [`super::FRAME_BYTES_MAX`] bytes are always enough,
    /// [`super::CTG_FRAME_BYTES_MAX`] for a `C`.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        let block: &[u8] = &[self.block_type()];
        match self {
            Self::Ctg(ctg) => frame::write(&[block, &ctg.to_body()], out),
            Self::Identity(Identity { model, protocol, software, serial }) => frame::write(
                &[block, model.bytes(), protocol.bytes(), software.bytes(), serial.bytes()],
                out,
            ),
            Self::NonInvasivePressure(pressure) => {
                let words = [
                    pressure.systolic_mmhg,
                    pressure.diastolic_mmhg,
                    pressure.mean_mmhg,
                    pressure.pulse.wire(),
                ];
                frame::write(&[block, words.map(u16::to_be_bytes).as_flattened()], out)
            }
            Self::Saturation(Saturation { saturation, pulse }) => {
                frame::write(&[block, &[saturation.wire()], &pulse.wire().to_be_bytes()], out)
            }
            Self::Temperature(temperature) => frame::write(&[block, &[temperature.wire()]], out),
            Self::Failure(code) => frame::write(&[block, code.bytes()], out),
            Self::EventMark => frame::write(&[block, b"M"], out),
            Self::Note(note) => {
                frame::write(&[block, &[note.id_length()], note.id(), note.text()], out)
            }
            Self::Request(request) => frame::write(&[block, &[request.code()]], out),
            Self::Start | Self::Stop => frame::write(&[block], out),
            Self::Revision(revision) => frame::write(&[block, revision.bytes()], out),
        }
    }

    /// Reads a payload whose checksum was right.
    pub(super) fn from_payload(payload: &[u8], wire_bytes: usize) -> Result<Self, Fault> {
        let Some((&block, body)) = payload.split_first() else {
            return Err(Fault::Empty { wire_bytes });
        };
        let payload_bytes = payload.len();
        let fields = Fields::new(body);
        let read = match block {
            b'C' => CtgBlock::from_body(fields).map(Self::Ctg),
            b'I' => identity(fields).map(Self::Identity),
            b'P' => pressure(fields).map(Self::NonInvasivePressure),
            b'S' => saturation(fields).map(Self::Saturation),
            b'T' => only(fields).map(|[raw]| Self::Temperature(Temperature::from_wire(raw))),
            b'F' => only(fields).map(|code| Self::Failure(Text::from_bytes(code))),
            b'M' => match only(fields) {
                Some([b'M']) => Some(Self::EventMark),
                Some([found]) => return Err(Fault::Content { block, found, wire_bytes }),
                None => None,
            },
            b'N' => Note::from_body(fields).map(Self::Note),
            b'?' => match only(fields) {
                Some([b'C']) => Some(Self::Request(Request::Ctg)),
                Some([b'I']) => Some(Self::Request(Request::Identity)),
                Some([found]) => return Err(Fault::Content { block, found, wire_bytes }),
                None => None,
            },
            b'G' => fields.end_with(Self::Start),
            b'H' => fields.end_with(Self::Stop),
            b'V' => only(fields).map(|code| Self::Revision(Revision::from_bytes(code))),
            _ => return Err(Fault::UnknownType { block, payload_bytes, wire_bytes }),
        };
        read.ok_or(Fault::Length { block, payload_bytes, wire_bytes })
    }
}

/// The one field of a block that has only one.
fn only<const N: usize>(mut fields: Fields<'_>) -> Option<[u8; N]> {
    let field = fields.bytes()?;
    fields.end_with(field)
}

fn identity(mut fields: Fields<'_>) -> Option<Identity> {
    let identity = Identity {
        model: Text::from_bytes(fields.bytes()?),
        protocol: Revision::from_bytes(fields.bytes()?),
        software: Text::from_bytes(fields.bytes()?),
        serial: Text::from_bytes(fields.bytes()?),
    };
    fields.end_with(identity)
}

fn pressure(mut fields: Fields<'_>) -> Option<NonInvasivePressure> {
    let pressure = NonInvasivePressure {
        systolic_mmhg: fields.word()?,
        diastolic_mmhg: fields.word()?,
        mean_mmhg: fields.word()?,
        pulse: PulseRate::from_wire(fields.word()?),
    };
    fields.end_with(pressure)
}

fn saturation(mut fields: Fields<'_>) -> Option<Saturation> {
    let saturation = Saturation {
        saturation: OxygenSaturation::from_wire(fields.byte()?),
        pulse: PulseRate::from_wire(fields.word()?),
    };
    fields.end_with(saturation)
}
