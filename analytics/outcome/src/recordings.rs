//! What is stored, ready for questions.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::compute::concat_batches;
use datafusion::common::Result as DataFusionResult;
use datafusion::dataframe::DataFrame;
use datafusion::datasource::MemTable;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::context::SQLOptions;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext};
use store::{Damaged, SealedFile, Snapshot, TableName};

use crate::error::OutcomeError;
use crate::tables;

mod functions;

/// Rows of one batch of the hot half: commits are small, and small batches are slow.
const HOT_ROWS: usize = 8_192;

/// All that is stored, each table at one moment, as the tables of [`tables`].
pub struct Recordings {
    session: SessionContext,
    sealed: Vec<SealedFile>,
    damaged: Vec<Damaged>,
}

impl Recordings {
    /// Takes a snapshot of the store in `dir`, also while a server writes there.
    ///
    /// Leaves out the sealed files in `without`. A query may use `memory_bytes`; sorts and
    /// groups beyond that go through temporary files.
    ///
    /// # Errors
    ///
    /// [`OutcomeError::Store`] where there is no store or it cannot be read.
    pub async fn open(
        dir: &Path,
        without: &[PathBuf],
        memory_bytes: usize,
    ) -> Result<Self, OutcomeError> {
        let left_out = |path: &Path| without.iter().any(|other| same_file(path, other));
        let session = session(memory_bytes).map_err(|e| OutcomeError::answer(&e))?;
        let (mut sealed, mut damaged) = (Vec::new(), Vec::new());
        for table in TableName::ALL {
            let mut snapshot = Snapshot::open_table(dir, table)?;
            snapshot.sealed.retain(|file| !left_out(&file.path));
            let views = views(&session, table, &snapshot).await;
            views.map_err(|e| OutcomeError::answer(&e))?;
            sealed.append(&mut snapshot.sealed);
            damaged.append(&mut snapshot.damaged);
        }
        Ok(Self { session, sealed, damaged })
    }

    /// Files that are left out because they are damaged or do not belong there.
    #[must_use]
    pub fn damaged(&self) -> &[Damaged] {
        &self.damaged
    }

    /// Sealed files that are asked.
    #[must_use]
    pub fn sealed(&self) -> &[SealedFile] {
        &self.sealed
    }

    /// Asks a question: one SELECT.
    ///
    /// # Errors
    ///
    /// [`OutcomeError::Question`] where it cannot be understood, names what is not there, or
    /// would change something.
    pub async fn ask(&self, sql: &str) -> Result<SendableRecordBatchStream, OutcomeError> {
        let read_only = SQLOptions::new()
            .with_allow_ddl(false)
            .with_allow_dml(false)
            .with_allow_statements(false);
        let question = |e| OutcomeError::question(&e);
        let frame = self.session.sql_with_options(sql, read_only).await.map_err(question)?;
        frame.execute_stream().await.map_err(question)
    }

    /// Reads all sealed files through, to name the damaged ones.
    #[must_use]
    pub fn verify(&self) -> Vec<Damaged> {
        let broken = |file: &SealedFile| {
            let reason = file.verify().err()?.to_string();
            Some(Damaged { path: file.path.clone(), reason })
        };
        self.sealed.iter().filter_map(broken).collect()
    }

    /// Turns a failure on the way into one that names damaged files, where there are any.
    #[must_use]
    pub fn explain(&self, error: OutcomeError) -> OutcomeError {
        if !matches!(error, OutcomeError::Answer(_)) {
            return error;
        }
        let damaged = self.verify();
        if damaged.is_empty() {
            return error;
        }
        let (reasons, paths) = damaged.into_iter().map(|file| (file.reason, file.path)).unzip();
        OutcomeError::DamagedFiles { reasons, paths }
    }
}

fn same_file(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    real(one) == real(other)
}

fn session(memory_bytes: usize) -> DataFusionResult<SessionContext> {
    let mut config = SessionConfig::new().with_information_schema(false);
    let options = config.options_mut();
    options.execution.time_zone = Some("UTC".to_owned());
    // A query for some minutes of one device then decodes little beyond them.
    options.execution.parquet.pushdown_filters = true;
    options.execution.parquet.reorder_filters = true;
    options.execution.parquet.schema_force_view_types = false;
    let runtime = RuntimeEnvBuilder::new().with_memory_limit(memory_bytes, 1.0).build_arc()?;
    let session = SessionContext::new_with_config_rt(config, runtime);
    functions::register(&session);
    Ok(session)
}

/// Registers what can be asked about one table.
async fn views(
    session: &SessionContext,
    table: TableName,
    snapshot: &Snapshot,
) -> DataFusionResult<()> {
    let stored = stored(session, snapshot).await?;
    session.register_table("stored", stored.into_view())?;
    for (name, definition) in tables::definitions(table) {
        let view = session.sql(&definition).await?.into_view();
        session.register_table(name, view)?;
    }
    // The views hold its plan; nobody else needs its raw columns.
    session.deregister_table("stored")?;
    Ok(())
}

/// The rows of both halves.
async fn stored(session: &SessionContext, snapshot: &Snapshot) -> DataFusionResult<DataFrame> {
    let mut hot = Vec::new();
    let mut group: Vec<&RecordBatch> = Vec::new();
    let mut rows = 0;
    for (index, batch) in snapshot.hot.iter().enumerate() {
        group.push(batch);
        rows += batch.num_rows();
        if rows >= HOT_ROWS || index + 1 == snapshot.hot.len() {
            hot.push(concat_batches(&snapshot.schema, group.drain(..))?);
            rows = 0;
        }
    }
    let hot = session
        .read_table(Arc::new(MemTable::try_new(Arc::clone(&snapshot.schema), vec![hot])?))?;
    if snapshot.sealed.is_empty() {
        return Ok(hot);
    }
    let paths: Vec<_> =
        snapshot.sealed.iter().map(|file| file.path.to_string_lossy().into_owned()).collect();
    let options = ParquetReadOptions::default().schema(&snapshot.schema);
    session.read_parquet(paths, options).await?.union(hot)
}
