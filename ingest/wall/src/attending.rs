//! A person at a screen answers an alarm: who may, on record, and on to the desk.

use std::sync::Arc;

use access::Permission;
use hub::ViewerId;
use protocol::feed::{Attend, Refused, RefusedWhy};

use crate::session::End;
use crate::wall::Wall;

/// Takes a frame for the desk of alarms of the session of `token`. It stands in the audit log
/// before it counts; where it cannot be kept, the screen is told that it is not done.
pub(crate) async fn take(
    wall: &Wall,
    token: &str,
    viewer: ViewerId,
    message: &[u8],
) -> Result<(), End> {
    let request = Attend::decode(message).map_err(End::Malformed)?;
    let (gate, token, on_record) = (Arc::clone(&wall.gate), token.to_owned(), request.clone());
    let person = tokio::task::spawn_blocking(move || {
        let Some(person) = gate.viewer(&token)? else { return Ok(None) };
        if person.role.allows(Permission::Attend) {
            gate.record_attended(&person, &on_record)?;
        }
        Ok::<_, access::AccessError>(Some(person))
    });
    let refuse = |why| wall.feed.refuse(viewer, Refused::of(&request, why));
    match person.await {
        Ok(Ok(Some(person))) if person.role.allows(Permission::Attend) => {
            wall.feed.attend(viewer, &request, person.name.as_str());
        }
        // A button that was pressed by mistake must not take the wall away.
        Ok(Ok(Some(_))) => refuse(RefusedWhy::NotAllowed),
        Ok(Ok(None)) => return Err(End::LoginEnded),
        Ok(Err(error)) => {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "an answer to an alarm could not be put on record");
            refuse(RefusedWhy::NoRoom);
        }
        Err(error) => {
            tracing::error!(%error, "an answer to an alarm was lost in a panic");
            refuse(RefusedWhy::NoRoom);
        }
    }
    Ok(())
}
