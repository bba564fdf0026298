//! Frames between a bridge and its region, on one bidirectional QUIC stream.
//!
//! ```text
//! offset size  field
//!      0    1  kind
//!      1    2  n, length of the payload
//!      3    n  payload
//! ```
//!
//! The bridge opens with [`Hello`]; the region answers [`Welcome`], which says what it already
//! has, or [`Refusal`] and closes. Then the bridge sends blocks, each as encoded by
//! [`crate::Block`], and the region sends [`Ack`]s. All numbers are little-endian, a text
//! stands behind its length in one byte.
//!
//! Enrolment runs on a connection of its own with the ALPN [`ENROLL_ALPN`]: one
//! [`EnrollRequest`], answered by [`EnrollAnswer`] or [`Refusal`]. An analysis enrols likewise;
//! what the token was drawn for decides what the certificate is good for.

use vitals::{BridgeId, DeviceId, WallTime};

use crate::block::BLOCK_BYTES_MAX;
use crate::wire::{Reader, WireError, put_text};

/// Application protocol of the stream of blocks; the client must show an enrolled certificate.
pub const LINK_ALPN: &[u8] = b"ubugoe/1";
/// Application protocol of enrolment; the client has no certificate yet.
pub const ENROLL_ALPN: &[u8] = b"ubugoe-enroll/1";
/// The name in every region's certificate: the region is known by its own authority, not by
/// an address.
pub const SERVER_NAME: &str = "region.ubugoe";
/// The versions of this grammar that this build speaks, lowest and highest.
pub const VERSIONS: (u8, u8) = (1, 1);
/// Most devices on one bridge.
pub const DEVICES_MAX: usize = 64;
/// Most (device, epoch) pairs that a bridge announces: what its spool may still hold.
pub const EPOCHS_MAX: usize = 512;
/// Most bytes of one frame's payload.
pub const PAYLOAD_BYTES_MAX: usize = 60_000;
/// Bytes of a frame before its payload.
pub const HEADER_BYTES: usize = 3;

const KIND_HELLO: u8 = 0x01;
const KIND_WELCOME: u8 = 0x02;
const KIND_BLOCK: u8 = 0x03;
const KIND_ACK: u8 = 0x04;
const KIND_REFUSAL: u8 = 0x05;
const KIND_ENROLL_REQUEST: u8 = 0x11;
const KIND_ENROLL_ANSWER: u8 = 0x12;

/// Where a bridge stands; shown on the wall, used for grouping.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum SiteKind {
    /// A clinic or maternity home.
    #[default]
    Clinic = 0,
    /// A perinatal centre.
    Centre = 1,
    /// An ambulance.
    Ambulance = 2,
    /// A home.
    Home = 3,
}

impl SiteKind {
    /// Reads a wire code; `None` for one that is not listed.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::Clinic,
            1 => Self::Centre,
            2 => Self::Ambulance,
            3 => Self::Home,
            _ => return None,
        })
    }
}

/// A monitor that a bridge announces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its name on this bridge.
    pub id: DeviceId,
    /// What people call the bed; shown on the wall. Names no person.
    pub bed: String,
}

/// A run of one device, and a place in it: every block below `next` is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The device.
    pub device: DeviceId,
    /// The run.
    pub epoch: u64,
    /// In a [`Hello`], the first block that the bridge still holds; in a [`Welcome`] or an
    /// [`Ack`], the first block that the region does not have: all before it are on its disk.
    pub next: u64,
}

/// A bridge opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hello {
    /// Lowest and highest version of this grammar that the bridge speaks.
    pub versions: (u8, u8),
    /// The bridge's clock when it sent this.
    pub now: WallTime,
    /// Name and version of its software.
    pub software: String,
    /// What people call the place.
    pub facility: String,
    /// What kind of place it is.
    pub site: SiteKind,
    /// Its monitors.
    pub devices: Vec<Device>,
    /// What its spool still holds, oldest run first.
    pub owed: Vec<Progress>,
}

/// The region accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Welcome {
    /// The version both will speak.
    pub version: u8,
    /// The region's clock when it sent this.
    pub now: WallTime,
    /// For every run that the hello named, what the region has.
    pub stored: Vec<Progress>,
}

/// The region has blocks on its disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ack {
    /// For each run that moved, what the region has now.
    pub stored: Vec<Progress>,
}

/// Why the region will not go on. The code is stable, the text is for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What kind of refusal.
    pub code: RefusalCode,
    /// One sentence for the operator.
    pub text: String,
}

/// The kinds of refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum RefusalCode {
    /// No version in common.
    Version = 1,
    /// The certificate is not, or no longer, enrolled.
    NotEnrolled = 2,
    /// A frame could not be read.
    Malformed = 3,
    /// The token is wrong, used, or too old.
    Token = 4,
    /// The region cannot store at the moment; keep the blocks and come back.
    Unavailable = 5,
    /// Another connection of the same bridge took over.
    Replaced = 6,
}

impl RefusalCode {
    /// Reads a wire code; `None` for one that is not listed.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            1 => Self::Version,
            2 => Self::NotEnrolled,
            3 => Self::Malformed,
            4 => Self::Token,
            5 => Self::Unavailable,
            6 => Self::Replaced,
            _ => return None,
        })
    }
}

/// A new bridge asks for its certificate.
#[derive(Clone, PartialEq, Eq)]
pub struct EnrollRequest {
    /// The one-time secret from the operator's token.
    pub secret: Vec<u8>,
    /// Certificate signing request, DER.
    pub csr: Vec<u8>,
}

/// The region grants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrollAnswer {
    /// The name under which the region enrolled the machine: a bridge, or an analysis, whose
    /// names are made by the same rule.
    pub bridge: BridgeId,
    /// The machine's certificate, DER.
    pub certificate: Vec<u8>,
    /// The region's authority, DER.
    pub authority: Vec<u8>,
}

impl core::fmt::Debug for EnrollRequest {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("EnrollRequest").field("csr_bytes", &self.csr.len()).finish_non_exhaustive()
    }
}

/// One frame, read or to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// A bridge opens.
    Hello(Hello),
    /// The region accepts.
    Welcome(Welcome),
    /// One encoded block, not yet looked into.
    Block(Vec<u8>),
    /// The region has blocks on its disk.
    Ack(Ack),
    /// The region will not go on.
    Refusal(Refusal),
    /// A new bridge asks for its certificate.
    EnrollRequest(EnrollRequest),
    /// The region grants it.
    EnrollAnswer(EnrollAnswer),
}

impl Frame {
    /// Appends the frame, header and payload, to `out`.
    ///
    /// Lists longer than their bound are cut to it; callers keep below.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(&[self.kind(), 0, 0]);
        match self {
            Self::Hello(hello) => encode_hello(hello, out),
            Self::Welcome(welcome) => {
                out.push(welcome.version);
                out.extend_from_slice(&welcome.now.0.to_le_bytes());
                put_progress(out, &welcome.stored);
            }
            Self::Block(block) => out.extend_from_slice(block),
            Self::Ack(ack) => put_progress(out, &ack.stored),
            Self::Refusal(refusal) => {
                out.push(refusal.code as u8);
                put_text(out, &refusal.text);
            }
            Self::EnrollRequest(request) => {
                put_bytes(out, &request.secret);
                put_bytes(out, &request.csr);
            }
            Self::EnrollAnswer(answer) => {
                put_text(out, answer.bridge.as_str());
                put_bytes(out, &answer.certificate);
                put_bytes(out, &answer.authority);
            }
        }
        let payload = u16::try_from(out.len() - start - HEADER_BYTES)
            .expect("lists are bounded so that a frame stays below 64 KiB");
        out[start + 1..start + HEADER_BYTES].copy_from_slice(&payload.to_le_bytes());
    }

    /// The frame as bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.encode(&mut out);
        out
    }

    fn kind(&self) -> u8 {
        match self {
            Self::Hello(_) => KIND_HELLO,
            Self::Welcome(_) => KIND_WELCOME,
            Self::Block(_) => KIND_BLOCK,
            Self::Ack(_) => KIND_ACK,
            Self::Refusal(_) => KIND_REFUSAL,
            Self::EnrollRequest(_) => KIND_ENROLL_REQUEST,
            Self::EnrollAnswer(_) => KIND_ENROLL_ANSWER,
        }
    }

    /// Reads the frame at the front of `bytes`, and how many bytes it took.
    ///
    /// `Ok(None)` means that the frame is not complete yet: read more and call again.
    ///
    /// # Errors
    ///
    /// [`WireError`] for a frame that is wrong however much follows.
    pub fn decode(bytes: &[u8]) -> Result<Option<(Self, usize)>, WireError> {
        let Some((&[kind, low, high], rest)) = bytes.split_first_chunk::<HEADER_BYTES>() else {
            return Ok(None);
        };
        let len = usize::from(u16::from_le_bytes([low, high]));
        let max = match kind {
            KIND_BLOCK => BLOCK_BYTES_MAX,
            KIND_HELLO | KIND_WELCOME | KIND_ACK => PAYLOAD_BYTES_MAX,
            KIND_REFUSAL => 512,
            KIND_ENROLL_REQUEST | KIND_ENROLL_ANSWER => 16_384,
            received => return Err(WireError::Kind { received }),
        };
        if len > max {
            return Err(WireError::Oversize { announced: len, max });
        }
        let Some(payload) = rest.get(..len) else { return Ok(None) };
        Ok(Some((decode_payload(kind, payload)?, HEADER_BYTES + len)))
    }
}

fn decode_payload(kind: u8, payload: &[u8]) -> Result<Frame, WireError> {
    if kind == KIND_BLOCK {
        return Ok(Frame::Block(payload.to_vec()));
    }
    let mut reader = Reader::new(payload);
    let frame = match kind {
        KIND_HELLO => Frame::Hello(decode_hello(&mut reader)?),
        KIND_WELCOME => Frame::Welcome(Welcome {
            version: reader.u8("version")?,
            now: WallTime(reader.i64("now")?),
            stored: progress(&mut reader)?,
        }),
        KIND_ACK => Frame::Ack(Ack { stored: progress(&mut reader)? }),
        KIND_REFUSAL => {
            let code = reader.u8("refusal code")?;
            let known = RefusalCode::from_code(code)
                .ok_or(WireError::Value { field: "refusal code", value: code.into() })?;
            Frame::Refusal(Refusal { code: known, text: reader.text("refusal text")?.to_owned() })
        }
        KIND_ENROLL_REQUEST => Frame::EnrollRequest(EnrollRequest {
            secret: byte_string(&mut reader, "secret")?,
            csr: byte_string(&mut reader, "signing request")?,
        }),
        KIND_ENROLL_ANSWER => {
            let name = reader.text("bridge name")?;
            let bridge = BridgeId::new(name)
                .map_err(|_| WireError::Value { field: "bridge name", value: name.len() as u64 })?;
            Frame::EnrollAnswer(EnrollAnswer {
                bridge,
                certificate: byte_string(&mut reader, "certificate")?,
                authority: byte_string(&mut reader, "authority")?,
            })
        }
        received => return Err(WireError::Kind { received }),
    };
    reader.finish()?;
    Ok(frame)
}

fn encode_hello(hello: &Hello, out: &mut Vec<u8>) {
    out.extend_from_slice(&[hello.versions.0, hello.versions.1]);
    out.extend_from_slice(&hello.now.0.to_le_bytes());
    put_text(out, &hello.software);
    put_text(out, &hello.facility);
    out.push(hello.site as u8);
    let devices = &hello.devices[..hello.devices.len().min(DEVICES_MAX)];
    out.push(u8::try_from(devices.len()).expect("cut to 64 above"));
    for device in devices {
        put_text(out, device.id.as_str());
        put_text(out, &device.bed);
    }
    put_progress(out, &hello.owed);
}

fn decode_hello(reader: &mut Reader<'_>) -> Result<Hello, WireError> {
    let versions = (reader.u8("lowest version")?, reader.u8("highest version")?);
    let now = WallTime(reader.i64("now")?);
    let software = reader.text("software")?.to_owned();
    let facility = reader.text("facility")?.to_owned();
    let site = reader.u8("site kind")?;
    let site = SiteKind::from_code(site)
        .ok_or(WireError::Value { field: "site kind", value: site.into() })?;
    let count = usize::from(reader.u8("device count")?);
    if count > DEVICES_MAX {
        return Err(WireError::Value { field: "device count", value: count as u64 });
    }
    let mut devices = Vec::with_capacity(count);
    for _ in 0..count {
        devices.push(Device { id: device_id(reader)?, bed: reader.text("bed")?.to_owned() });
    }
    Ok(Hello { versions, now, software, facility, site, devices, owed: progress(reader)? })
}

fn device_id(reader: &mut Reader<'_>) -> Result<DeviceId, WireError> {
    let name = reader.text("device name")?;
    DeviceId::new(name)
        .map_err(|_| WireError::Value { field: "device name", value: name.len() as u64 })
}

fn put_progress(out: &mut Vec<u8>, list: &[Progress]) {
    let list = &list[..list.len().min(EPOCHS_MAX)];
    out.extend_from_slice(&u16::try_from(list.len()).expect("cut to 512 above").to_le_bytes());
    for progress in list {
        put_text(out, progress.device.as_str());
        out.extend_from_slice(&progress.epoch.to_le_bytes());
        out.extend_from_slice(&progress.next.to_le_bytes());
    }
}

fn progress(reader: &mut Reader<'_>) -> Result<Vec<Progress>, WireError> {
    let count = usize::from(reader.u16("run count")?);
    if count > EPOCHS_MAX {
        return Err(WireError::Value { field: "run count", value: count as u64 });
    }
    let mut list = Vec::new();
    for _ in 0..count {
        list.push(Progress {
            device: device_id(reader)?,
            epoch: reader.u64("epoch")?,
            next: reader.u64("next")?,
        });
    }
    Ok(list)
}

fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    let len = u16::try_from(bytes.len()).expect("certificates are a few hundred bytes");
    out.extend_from_slice(&len.to_le_bytes());
    out.extend_from_slice(bytes);
}

fn byte_string(reader: &mut Reader<'_>, field: &'static str) -> Result<Vec<u8>, WireError> {
    let len = usize::from(reader.u16(field)?);
    Ok(reader.take(len, field)?.to_vec())
}

// The fullest hello must fit one frame: runs and devices with the longest names and texts.
const _: () = assert!(
    EPOCHS_MAX * (1 + vitals::episode::NAME_BYTES_MAX + 16)
        + DEVICES_MAX * (1 + vitals::episode::NAME_BYTES_MAX + 256)
        + 600
        <= PAYLOAD_BYTES_MAX
);
