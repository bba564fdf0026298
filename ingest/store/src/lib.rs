//! Blocks on disk: Arrow while hot, sorted Parquet when sealed.
