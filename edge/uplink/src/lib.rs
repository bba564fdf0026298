//! What a bridge owes the region: blocks, spool accounting, acknowledgements.
