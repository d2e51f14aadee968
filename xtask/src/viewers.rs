//! Viewers of query results that ours is measured beside: DbGate's server and pgAdmin's, each as its users install it.
//! They are large, so only the measurement that needs them fetches them.

use crate::step::Step;
use crate::{client_tools, npm, pip};

/// The steps that fetch both.
pub(crate) fn steps() -> Vec<Step> {
    vec![
        npm::packages("tests/peers/query", "DbGate, measured beside the query workbench"),
        client_tools::pip(),
        pip::package("pgadmin", "pgadmin4==9.18", "measured beside the query workbench"),
    ]
}
