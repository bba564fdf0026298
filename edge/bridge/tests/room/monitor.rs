//! A monitor on a pseudo-terminal: it obeys `?I`, `G` and `H`, and counts.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use device_codec::series50::{CtgBlock, Decoder, Event, FRAME_BYTES_MAX, Message};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use vitals::{Absence, Bpm, HeartTransducer, Quality, Reading, Second};

/// Time between two blocks: ten times as fast as a real one, so that tests are short.
pub const PACE: Duration = Duration::from_millis(100);

/// A monitor that is plugged in until it is dropped.
pub struct Monitor {
    link: PathBuf,
    unplugged: Arc<AtomicBool>,
    said: Arc<AtomicU64>,
    thread: Option<JoinHandle<()>>,
}

impl Monitor {
    /// Plugs a monitor in at `link`, beginning to count at `first`.
    pub fn plug_in(link: &Path, first: u64) -> Self {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&ours).unwrap();
        unlockpt(&ours).unwrap();
        let name = ptsname(&ours, Vec::new()).unwrap().into_bytes();
        let device = PathBuf::from(std::ffi::OsString::from_vec(name));
        std::os::unix::fs::symlink(&device, link).unwrap();
        // Held open, so that the terminal survives while no bridge is there.
        let theirs = OpenOptions::new().read(true).write(true).open(&device).unwrap();
        rustix::io::ioctl_fionbio(&ours, true).unwrap();
        let unplugged = Arc::new(AtomicBool::new(false));
        let said = Arc::new(AtomicU64::new(first));
        let thread = std::thread::spawn({
            let (unplugged, said) = (unplugged.clone(), said.clone());
            move || {
                play(File::from(ours), &unplugged, &said);
                drop(theirs);
            }
        });
        Self { link: link.to_owned(), unplugged, said, thread: Some(thread) }
    }

    /// How far it has counted.
    pub fn said(&self) -> u64 {
        self.said.load(Ordering::SeqCst)
    }
}

impl Drop for Monitor {
    fn drop(&mut self) {
        self.unplugged.store(true, Ordering::SeqCst);
        std::fs::remove_file(&self.link).unwrap();
        self.thread.take().map(JoinHandle::join);
    }
}

/// The second of a count: its first heart rate says which.
pub fn second_of(count: u64) -> Second {
    let mut second = Second::absent(Absence::Blank);
    let value = Bpm::from_quarters(u16::try_from(200 + count % 1_000).unwrap()).unwrap();
    second.fhr1 = [Reading::Measured { value, quality: Quality::Good }; 4];
    second.fhr2 = [Reading::Absent(Absence::NoTransducer); 4];
    second.mhr = [Reading::Absent(Absence::NoTransducer); 4];
    second.ua = [Reading::Absent(Absence::NoTransducer); 4];
    second.transducers.fhr1 = HeartTransducer::Ultrasound;
    second
}

fn play(mut port: File, unplugged: &AtomicBool, said: &AtomicU64) {
    let (mut decoder, mut buffer, mut frame) = (Decoder::new(), [0; 64], [0; FRAME_BYTES_MAX]);
    let mut is_sending = false;
    while !unplugged.load(Ordering::SeqCst) {
        while let Ok(read @ 1..) = port.read(&mut buffer) {
            decoder.decode(&buffer[..read], |event| match event {
                Event::Message { message: Message::Start, .. } => is_sending = true,
                Event::Message { message: Message::Stop, .. } => is_sending = false,
                _ => {}
            });
        }
        if is_sending {
            let count = said.fetch_add(1, Ordering::SeqCst);
            let block = Message::Ctg(CtgBlock::from_second(&second_of(count)));
            let bytes = block.encode(&mut frame).unwrap();
            // A full line loses what does not fit, as a real one does.
            port.write_all(&frame[..bytes]).unwrap_or_default();
        }
        std::thread::sleep(PACE);
    }
}
