//! What a table of the store is: how its items become rows and come back.
//!
//! Writing, recovery, sealing and reading are the same for every table; a table says what it
//! holds, by what it is sorted, and how a row proves itself.

use std::fmt;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use vitals::WallTime;

use crate::error::StoreError;
use crate::ranges::Runs;
use crate::records::{Assessments, Conditions, Findings, Judgements};
use crate::rows::{BadRows, Samples};

/// The tables of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TableName {
    /// What monitors measured: [`crate::schema`].
    Samples,
    /// What the analysis found on the strips: [`crate::records`].
    Findings,
    /// The levels that the analysis gave.
    Assessments,
    /// The physiological conditions that the analysis saw begin and end.
    Conditions,
    /// The levels that people gave.
    Judgements,
}

impl TableName {
    /// Every table.
    pub const ALL: [Self; 5] =
        [Self::Samples, Self::Findings, Self::Assessments, Self::Conditions, Self::Judgements];

    /// Its name, and that of its folder; what was there first lies at the top.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Samples => "samples",
            Self::Findings => "findings",
            Self::Assessments => "assessments",
            Self::Conditions => "conditions",
            Self::Judgements => "judgements",
        }
    }

    /// Its columns.
    #[must_use]
    pub fn schema(self) -> SchemaRef {
        match self {
            Self::Samples => Samples::schema(),
            Self::Findings => Findings::schema(),
            Self::Assessments => Assessments::schema(),
            Self::Conditions => Conditions::schema(),
            Self::Judgements => Judgements::schema(),
        }
    }
}

/// One table.
pub(crate) trait Table: fmt::Debug {
    /// What is stored at once: one or several rows.
    type Item: Clone + fmt::Debug;
    /// What sealed files are sorted by, as [`Table::SORT_COLUMNS`] say it.
    type Order: Ord;
    /// What names an item of which only the newest is of interest at a start.
    type Key: Ord;

    /// Which it is.
    const NAME: TableName;
    /// Version of its columns, kept with every file.
    const VERSION: u8;
    /// Rows of one item.
    const ROWS_PER_ITEM: usize;
    /// The columns by which sealed files are sorted.
    const SORT_COLUMNS: &'static [&'static str];
    /// Further columns that one searches by.
    const SEARCH_COLUMNS: &'static [&'static str];

    /// Its columns.
    fn schema() -> SchemaRef;
    /// The rows of some items, in their order.
    fn rows(items: &[Self::Item]) -> RecordBatch;
    /// The items of some rows, each proven.
    fn items(rows: &RecordBatch) -> Result<Vec<Self::Item>, BadRows>;
    /// Refuses an item that could not be told from damage later; `index` is its place.
    fn check(index: usize, item: &Self::Item) -> Result<(), StoreError>;
    /// What it is sorted by.
    fn order(item: &Self::Item) -> Self::Order;
    /// When it was, by the bridge's clock, and when the region had it, by its own.
    fn times(item: &Self::Item) -> (WallTime, WallTime);
    /// Notes which blocks the item holds; nothing where it is no block.
    fn note(item: &Self::Item, runs: &mut Runs);
    /// What names it at a start; `None` where every item counts.
    fn key(item: &Self::Item) -> Option<Self::Key>;
}
