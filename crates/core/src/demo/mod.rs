//! A believable evaluation history, written by COPY into the four tables. The same seed and end give the same rows.
//!
//! Five agents of a shop are evaluated over five months, with a weekday rhythm. Five things happened (`Trend`): a model
//! got worse, a prompt got better, a model slowed down, an agent became dear, an agent changed its model. Every
//! dirty state that real databases hold is in it (`Dirt`) and counted in the outcome.
//!
//! What surprises: most rows are what the engine writes, which is not what its documentation says; above 50,000
//! results the history is *lean*, where repetitions share a short result span. The parts, from the inside out:
//! `dice` (chance), `calendar` (when), `story` and `agents` (who), `usage` (what an answer cost), `words`,
//! `conversation`, `span` and `trace` (what was said), `metric` and `quality` (columns by dialect), `dirt` and
//! `spoil` (what is wrong), `run`, `configuration` and `result` (rows), `running` and `history` (the stream), `load`.

mod agents;
mod calendar;
mod configuration;
mod conversation;
mod copy;
mod dice;
mod dirt;
mod history;
mod load;
mod metric;
mod naming;
mod options;
mod plan;
mod quality;
mod result;
mod run;
mod running;
mod span;
mod spoil;
mod story;
mod target;
mod trace;
mod usage;
mod words;

#[cfg(test)]
mod tests;

pub use dirt::{Dirt, DirtCount};
pub use load::{apply_demo, load_demo};
pub use options::DemoOptions;
pub use plan::{DemoOutcome, DemoPlan, TrendBegin, plan_demo};
pub use story::Trend;
