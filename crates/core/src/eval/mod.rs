//! Evaluation runs, their configurations and results, and the spans they are about.
//!
//! The stored status of a run is not its outcome: RAAF calls a run completed even when every configuration
//! failed, and leaves it running for ever after a crash. Lists show the outcome derived here, and the stored word
//! beside it. Names are unqualified on purpose: the role's search_path decides, as it does for Rails.

mod change;
mod configuration;
mod facet;
mod json;
mod metric;
mod outcome;
mod result;
mod run;
mod span;

pub use change::Change;
pub use configuration::ConfigurationRow;
pub use facet::{Facet, FacetValue, RunFacets, run_facets};
pub use metric::{Measures, Verdict};
pub use outcome::{Outcome, STUCK_AFTER_MINUTES};
pub use result::{
    MetricColumn, ResultDetail, ResultFlag, ResultPage, ResultQuery, ResultRow, result, results,
};
pub use run::{
    BaselineSpan, CountMethod, Direction, RelatedRun, RunDetail, RunPage, RunQuery, RunRow, RunSort, Total,
    run, runs,
};
pub use span::{Handoff, Message, SpanDetail, SpanNode, SpanTree, ToolCall, span, span_tree};
