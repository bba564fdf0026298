//! A serial port made of nothing: a pseudo-terminal under a name that stays.
//!
//! In: a path for the name. Out: a port that a bridge opens as it opens a real one, and
//! [`play`], which connects virtual monitors to such ports.
//! Never: waiting. What the other end does not take is lost, as on a line.

mod error;
mod play;

pub use error::PtyError;
pub use play::{Bed, BedState, Line, Playing, play};

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

/// The monitor's end of a pseudo-terminal, and a symbolic link to the bridge's end.
///
/// Dropping it is pulling the plug: the bridge's end hangs up and the link is gone, as a USB
/// adapter's device file is.
#[derive(Debug)]
pub struct Pty {
    ours: OwnedFd,
    device: PathBuf,
    link: PathBuf,
}

impl Pty {
    /// Opens a pseudo-terminal and points `link` at it, in place of an older link.
    ///
    /// Folders on the way to the link are created. Nobody is connected at first.
    ///
    /// # Errors
    ///
    /// [`PtyError`] where the system has no terminal left, or the link cannot be made.
    pub fn open(link: &Path) -> Result<Self, PtyError> {
        let (ours, device) = open_pair().map_err(|error| PtyError::NoTerminal(error.into()))?;
        let failed = |source| PtyError::Link { link: link.to_owned(), source };
        match fs::symlink_metadata(link) {
            Ok(there) if !there.is_symlink() => {
                return Err(PtyError::LinkTaken { link: link.to_owned() });
            }
            _ => {}
        }
        if let Some(folder) = link.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        // Renaming replaces at once: a bridge finds the old port or the new one, never none.
        let mut fresh = link.as_os_str().to_owned();
        fresh.push(format!(".{}.new", std::process::id()));
        symlink(&device, &fresh).map_err(failed)?;
        fs::rename(&fresh, link).map_err(failed)?;
        Ok(Self { ours, device, link: link.to_owned() })
    }

    /// The name that stays.
    #[must_use]
    pub fn link(&self) -> &Path {
        &self.link
    }

    /// The device it points at, such as `/dev/pts/5`.
    #[must_use]
    pub fn device(&self) -> &Path {
        &self.device
    }

    /// Whether somebody has the other end open.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        let mut asked = [PollFd::new(&self.ours, PollFlags::IN)];
        match poll(&mut asked, Some(&rustix::event::Timespec { tv_sec: 0, tv_nsec: 0 })) {
            Ok(_) => !asked[0].revents().contains(PollFlags::HUP),
            Err(_) => false,
        }
    }

    /// Takes what the other end has sent; 0 where there is nothing, or nobody.
    pub fn read(&self, buffer: &mut [u8]) -> usize {
        // Every error here means that nothing can be had now: nothing sent (EAGAIN), or the
        // other end closed (EIO), which `is_connected` tells apart.
        rustix::io::read(&self.ours, buffer).unwrap_or(0)
    }

    /// Hands bytes to the other end; how many it took. The rest is for the caller to forget:
    /// a line does not wait.
    pub fn write(&self, bytes: &[u8]) -> usize {
        rustix::io::write(&self.ours, bytes).unwrap_or(0)
    }
}

impl AsFd for Pty {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.ours.as_fd()
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // Somebody may have pointed the link elsewhere since; then it is theirs.
        if fs::read_link(&self.link).is_ok_and(|target| target == self.device)
            && let Err(error) = fs::remove_file(&self.link)
            && error.kind() != io::ErrorKind::NotFound
        {
            eprintln!("cannot remove the link \"{}\": {error}", self.link.display());
        }
    }
}

fn open_pair() -> Result<(OwnedFd, PathBuf), Errno> {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
    grantpt(&ours)?;
    unlockpt(&ours)?;
    let device = PathBuf::from(OsString::from_vec(ptsname(&ours, Vec::new())?.into_bytes()));
    // Raw at both ends: a terminal's own idea of line ends and echoes would change the bytes.
    let mut settings = tcgetattr(&ours)?;
    settings.make_raw();
    tcsetattr(&ours, OptionalActions::Now, &settings)?;
    rustix::io::ioctl_fionbio(&ours, true)?;
    // Opened and closed once, the other end counts as hung up. Before that, the system keeps
    // what is written for whoever comes first, as no line does.
    let flags = rustix::fs::OFlags::RDWR | rustix::fs::OFlags::NOCTTY | rustix::fs::OFlags::CLOEXEC;
    drop(rustix::fs::open(&device, flags, rustix::fs::Mode::empty())?);
    Ok((ours, device))
}
