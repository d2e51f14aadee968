//! Results: a page of a run's, and one in detail.

mod detail;
mod page;

pub use detail::{MetricColumn, ResultDetail, result};
pub use page::{ResultFlag, ResultPage, ResultQuery, ResultRow, results};
