//! The digital interface of Philips/HP Series 50 fetal monitors: one serial line, both ways.
//!
//! In: bytes as they come. Out: one [`Event`] at most for each byte; frames for the other
//! direction through [`Message::encode`].
//! Never: judging values, measuring time, asking again. The interface has no acknowledge and
//! no repetition: what is damaged on the line is gone, and an [`Event::Fault`] says so.
//!
//! Source: Philips, *Series 50 Fetal Monitors, Digital Interface Protocol Specifications,
//! Programmer's Guide*, M1350-9074S, March 2002. The same language comes from Corometrics
//! 170 to 174 and 250cx in "HP" mode, and is said to come from Avalon FM20 to FM50.
//!
//! ```
//! use device_codec::series50::{Decoder, Event, FRAME_BYTES_MAX, Interpretation, Message, Request};
//!
//! // What a bridge writes to the monitor: who are you, and then: send a block each second.
//! let mut frame = [0; FRAME_BYTES_MAX];
//! let asked = Message::Request(Request::Identity).encode(&mut frame).expect("it fits");
//! assert_eq!(frame[..asked], [0x10, 0x02, 0x3f, 0x49, 0x10, 0x03, 0x16, 0x2c]);
//! let started = Message::Start.encode(&mut frame).expect("it fits");
//! assert_eq!(frame[..started], [0x10, 0x02, 0x47, 0x10, 0x03, 0x42, 0x1f]);
//!
//! // What it does with the bytes that come back.
//! let mut decoder = Decoder::new();
//! decoder.decode(&[0x10, 0x02, 0x4d, 0x4d, 0x10, 0x03, 0x65, 0xf1], |event| match event {
//!     Event::Message { message: Message::Ctg(block), .. } => {
//!         let second = block.second(&Interpretation::default());
//!         assert_eq!(second.fhr1.len(), 4);
//!     }
//!     Event::Message { message, wire_bytes } => {
//!         assert_eq!((message, wire_bytes), (Message::EventMark, 8));
//!     }
//!     Event::Junk { bytes } => println!("{bytes} bytes between frames"),
//!     Event::Fault(fault) => println!("{fault}"),
//! });
//! ```

mod ctg_block;
mod decoder;
mod fault;
mod fields;
mod frame;
mod message;
mod note;
mod second;
mod text;
mod vital_signs;

pub use ctg_block::{ActivityMode, CtgBlock, HeartMode, HeartSample, SaturationScale, Status};
pub use decoder::{Decoder, Event};
pub use fault::Fault;
pub use frame::{EncodeError, FRAME_BYTES_MAX, JUNK_BYTES_MAX, PAYLOAD_BYTES_MAX};
pub use message::{Identity, Message, Request};
pub use note::{NOTE_BYTES_MAX, Note, NoteTooLong};
pub use second::{InoperativeRates, Interpretation};
pub use text::{Revision, Text};
pub use vital_signs::{
    NonInvasivePressure, OxygenSaturation, PulseRate, Saturation, Temperature, Unmeasured,
};

/// The line speed the guide names, 8 data bits, no parity, one stop bit: ten bits a byte on
/// the line, 8.3 ms each.
///
/// Later devices may run at other speeds (not confirmed), so a bridge takes it as a setting.
pub const BAUD_DEFAULT: u32 = 1200;

/// Most bytes of one C block on the line: every one of its 34 data bytes escaped.
pub const CTG_FRAME_BYTES_MAX: usize = 75;
