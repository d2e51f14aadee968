//! Runs: a page of the list, and one in detail.

mod condition;
mod cursor;
mod detail;
mod page;
mod query;
mod read;
mod row;
mod total;

pub(super) use condition::stuck_before;
pub use detail::{BaselineSpan, RelatedRun, RunDetail, run};
pub use page::{RunPage, runs};
pub use query::{Direction, RunQuery, RunSort};
pub use row::RunRow;
pub use total::{CountMethod, Total};
