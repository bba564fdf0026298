//! A person at a screen gives a level: who may, on record, and on to the hub.

use std::sync::Arc;

use access::{Permission, Role};
use protocol::analysis::JudgeRole;
use protocol::feed::Judge;

use crate::session::End;
use crate::wall::Wall;

/// Takes a judge frame of the session of `token`. It stands in the audit log before it counts,
/// and comes back to every screen as a record; where it cannot be kept, none comes.
pub(crate) async fn take(wall: &Wall, token: &str, message: &[u8]) -> Result<(), End> {
    let said = Judge::decode(message).map_err(End::Malformed)?;
    let (gate, token, on_record) = (Arc::clone(&wall.gate), token.to_owned(), said.clone());
    let viewer = tokio::task::spawn_blocking(move || {
        let Some(viewer) = gate.viewer(&token)? else { return Ok(None) };
        if viewer.role.allows(Permission::Judge) {
            gate.record_judged(&viewer, &on_record)?;
        }
        Ok::<_, access::AccessError>(Some(viewer))
    });
    let viewer = match viewer.await {
        Ok(Ok(Some(viewer))) => viewer,
        Ok(Ok(None)) => return Err(End::LoginEnded),
        Ok(Err(error)) => {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "a judgement could not be put on record and is not kept");
            return Ok(());
        }
        Err(error) => {
            tracing::error!(%error, "a judgement was lost in a panic");
            return Ok(());
        }
    };
    let role = judge_role(viewer.role).ok_or(End::NotAllowed)?;
    if let Err(error) = wall.feed.judge(&said, viewer.name.as_str(), role) {
        tracing::error!(%error, "a judgement is on record but could not be kept");
    }
    Ok(())
}

/// As what a person judges; `None` where she may not.
fn judge_role(role: Role) -> Option<JudgeRole> {
    if !role.allows(Permission::Judge) {
        return None;
    }
    match role {
        Role::Midwife => Some(JudgeRole::Midwife),
        Role::Doctor => Some(JudgeRole::Doctor),
        Role::Obstetrician => Some(JudgeRole::Obstetrician),
        Role::Administrator => None,
    }
}
