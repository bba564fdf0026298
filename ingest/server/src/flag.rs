//! Something that is said once to many: that the server stops, that all is written.

use tokio::sync::watch;

/// Returns when the flag is raised, or when nobody is left to raise it.
pub(crate) async fn raised(flag: &mut watch::Receiver<bool>) {
    // Whoever held the other end has gone, which is an end as well.
    drop(flag.wait_for(|raised| *raised).await);
}
