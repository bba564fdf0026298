//! Files that are on the disk when the call returns.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::StoreError;

/// Makes the names in a folder durable: without it a new or renamed file can vanish.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    File::open(folder)
        .and_then(|handle| handle.sync_all())
        .map_err(|e| StoreError::io("sync folder", folder, e))
}

/// The name under which a file is written before it gets its own.
pub(crate) fn temporary(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".tmp");
    name.into()
}

/// Puts a finished temporary file in its place: synced, renamed, folder synced.
pub(crate) fn publish(file: &File, from: &Path, to: &Path) -> Result<(), StoreError> {
    file.sync_all().map_err(|e| StoreError::io("sync", from, e))?;
    fs::rename(from, to).map_err(|e| StoreError::io("rename to", to, e))?;
    sync_folder(to.parent().expect("every file of the store lies in a folder"))
}

/// Replaces a file as a whole: a reader and a power cut see the old bytes or the new ones.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let from = temporary(path);
    let written = File::create(&from)
        .and_then(|mut file| file.write_all(bytes).map(|()| file))
        .map_err(|e| StoreError::io("write", &from, e))
        .and_then(|file| publish(&file, &from, path));
    if written.is_err() {
        remove_if_there(&from)?;
    }
    written
}

/// Deletes a file; that it is not there is fine.
pub(crate) fn remove_if_there(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(StoreError::io("delete", path, e)),
        _ => Ok(()),
    }
}

/// CRC-32 as in the blocks (ISO-HDLC), over files and frames.
pub(crate) const CRC32: crc::Crc<u32, crc::Table<16>> =
    crc::Crc::<u32, crc::Table<16>>::new(&crc::CRC_32_ISO_HDLC);

/// The CRC-32 of a whole file and its length.
pub(crate) fn file_crc(path: &Path) -> Result<(u32, u64), StoreError> {
    let read = |e| StoreError::io("read", path, e);
    let mut file = File::open(path).map_err(read)?;
    let mut digest = CRC32.digest();
    let mut chunk = vec![0; 256 * 1024];
    let mut bytes = 0;
    loop {
        let n = io::Read::read(&mut file, &mut chunk).map_err(read)?;
        if n == 0 {
            return Ok((digest.finalize(), bytes));
        }
        digest.update(&chunk[..n]);
        bytes += n as u64;
    }
}
