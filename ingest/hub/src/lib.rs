//! Admits, orders, marks gaps, keeps the recent strip and feeds each reader at its pace.
