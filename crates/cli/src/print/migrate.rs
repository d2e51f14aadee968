//! Migrations as a terminal shows them, one file a subject.

mod adopt;
mod drift;
mod lint;
mod log;
mod matrix;
mod outcome;
mod plan;
mod rehearse;
mod repair;
mod status;
mod verify;
mod word;

pub(crate) use adopt::adopt;
pub(crate) use drift::drift;
pub(crate) use lint::linted;
pub(crate) use log::{log, log_entry};
pub(crate) use matrix::matrix;
pub(crate) use outcome::outcome;
pub(crate) use plan::{notices, plan, plan_notes, plan_sql};
pub(crate) use rehearse::{rehearsal, rehearsals};
pub(crate) use repair::{needed, repair};
pub(crate) use status::status;
pub(crate) use verify::verified;
