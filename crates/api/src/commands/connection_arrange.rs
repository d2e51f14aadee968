//! Where connections stand in lists: their order and their groups.

use evaldesk_core::connection::{ConnectionPlace, ConnectionProfile, arrange};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Result, Session, SessionEvent};

/// The connections in their new order; those that are not named stay behind them.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionArrangeArguments {
    pub order: Vec<ConnectionPlace>,
}

/// Puts connections into an order and under headings. No session is touched.
pub async fn connection_arrange(
    session: &Session,
    arguments: ConnectionArrangeArguments,
) -> Result<Vec<ConnectionProfile>> {
    let arranged = session.profiles().update(Box::new(move |all| {
        arrange(all, &arguments.order);
        Ok(())
    }))?;
    session.tell(SessionEvent::Connections);
    Ok(arranged)
}
