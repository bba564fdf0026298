//! Looks for whatever would keep the analysis from working.

use credentials::Identity;
use credentials::check::{self, Finding};

use crate::clock;
use crate::config::Config;
use crate::quic::ANALYSIS;

/// Looks at the identity and the region. A running analysis keeps its connection: the region
/// is only greeted.
pub async fn check(config: &Config) -> Vec<Finding> {
    let now = clock::wall();
    let identity = Identity::load(ANALYSIS, &config.data);
    let region = check::region(&config.server, identity.as_ref().ok(), now).await;
    vec![check::identity(identity.as_ref(), now).of("identity"), region.of("region")]
}
