//! What is stored, ready for questions.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result as DataFusionResult, exec_err};
use datafusion::dataframe::DataFrame;
use datafusion::datasource::MemTable;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::context::SQLOptions;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::logical_expr::{ColumnarValue, Volatility, create_udf};
use datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext};
use store::{Damaged, SealedFile, Snapshot};

use crate::error::OutcomeError;
use crate::tables;

/// Rows of one batch of the hot half: commits are small, and small batches are slow.
const HOT_ROWS: usize = 8_192;

/// All that is stored at one moment, as the tables of [`tables`].
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
        let mut snapshot = Snapshot::open(dir)?;
        let left_out = |path: &Path| without.iter().any(|other| same_file(path, other));
        snapshot.sealed.retain(|file| !left_out(&file.path));
        let session =
            session(&snapshot, memory_bytes).await.map_err(|e| OutcomeError::answer(&e))?;
        Ok(Self { session, sealed: snapshot.sealed, damaged: snapshot.damaged })
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

async fn session(snapshot: &Snapshot, memory_bytes: usize) -> DataFusionResult<SessionContext> {
    let mut config = SessionConfig::new().with_information_schema(false);
    let options = config.options_mut();
    options.execution.time_zone = Some("UTC".to_owned());
    // A query for some minutes of one device then decodes little beyond them.
    options.execution.parquet.pushdown_filters = true;
    options.execution.parquet.reorder_filters = true;
    options.execution.parquet.schema_force_view_types = false;
    let runtime = RuntimeEnvBuilder::new().with_memory_limit(memory_bytes, 1.0).build_arc()?;
    let session = SessionContext::new_with_config_rt(config, runtime);
    session.register_udf(create_udf(
        "hex_id",
        vec![DataType::FixedSizeBinary(16)],
        DataType::Utf8,
        Volatility::Immutable,
        Arc::new(hex_id),
    ));
    let stored = stored(&session, snapshot).await?;
    session.register_table("stored", stored.into_view())?;
    for (name, definition) in tables::definitions() {
        let view = session.sql(&definition).await?.into_view();
        session.register_table(name, view)?;
    }
    // The views hold its plan; nobody else needs its raw columns.
    session.deregister_table("stored")?;
    Ok(session)
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

/// The 32 digits of an episode.
fn hex_id(arguments: &[ColumnarValue]) -> DataFusionResult<ColumnarValue> {
    let [ids] = arguments else { return exec_err!("hex_id takes one argument") };
    let ids = ids.to_array(1)?;
    let Some(ids) = ids.as_fixed_size_binary_opt() else {
        return exec_err!("hex_id takes 16 bytes");
    };
    let digits = |id: &[u8]| id.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    // Rows of one episode stand together, so that most digits are those of the row before.
    let mut last: (&[u8], String) = (&[], String::new());
    let texts: StringArray = (0..ids.len())
        .map(|row| {
            if ids.is_null(row) {
                return None;
            }
            let id = ids.value(row);
            if id != last.0 {
                last = (id, digits(id));
            }
            Some(last.1.clone())
        })
        .collect();
    Ok(ColumnarValue::Array(Arc::new(texts) as ArrayRef))
}
