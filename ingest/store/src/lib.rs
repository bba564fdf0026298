//! Blocks and records on disk: Arrow while hot, sorted Parquet when sealed.
//!
//! In: blocks and records as the region received them, and the time. Out: a promise that they are on
//! disk, what is on disk after a crash, and a consistent view for readers. Never: clocks,
//! sockets, threads, async. The caller hands in `now` and runs a [`SealJob`] where it likes.
//!
//! ```text
//! DIR/lock                    held by the one writer
//! DIR/manifest.json           what is sealed; replaced as a whole
//! DIR/hot/00000007.arrows     an Arrow IPC stream, one record batch a commit
//! DIR/sealed/00000006.parquet the same rows, sorted
//! DIR/damaged/                what could not be read, kept for an engineer
//! DIR/findings/               a table of its own, laid out likewise; so are
//! DIR/assessments/, DIR/conditions/, DIR/judgements/
//! ```
//!
//! A block is in a hot segment from the moment [`Store::append`] returns, and in a sealed
//! file from the moment the manifest names it. The segment is deleted after that, so at any
//! moment of a power cut every acknowledged block is in exactly one place that counts: the
//! manifest decides which.
//!
//! Start at [`Store`] to write and at [`Snapshot`] to read; [`schema`] is the table of samples,
//! [`records`] has the others. Every table is written, repaired, sealed and read by the same
//! code; `table` says what one is.

mod durable;
mod error;
mod folders;
mod manifest;
mod ranges;
pub mod reader;
pub mod records;
mod recovery;
mod rows;
pub mod schema;
mod seal;
mod sealed_file;
mod segment;
mod shelf;
mod table;
mod writer;

pub use error::StoreError;
pub use ranges::StoredRun;
pub use reader::{Damaged, SealedFile, Snapshot};
pub use records::StoredRecord;
pub use recovery::{ManifestOrigin, Recovered};
pub use rows::{BadRows, StoredBlock, blocks_from_rows, rows_from_blocks};
pub use seal::{SealJob, Sealed};
pub use table::TableName;
pub use writer::{Store, StoreOptions};
