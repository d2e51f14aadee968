//! EXPLAIN: a statement's plan as a tree with times, what is slow in it and why, and what would help.
//!
//! `cut`, `read`, `time` and `rows` turn the server's JSON into a plan; `run` has it of a server, in a session of its own
//! where nothing is kept; `advise` looks at it with what the catalog knows.

mod advise;
mod alternative;
mod asked;
mod condition;
mod cut;
mod effects;
mod facts;
mod index;
mod name;
mod options;
mod permit;
mod plan;
mod read;
mod report;
mod rewrite;
mod rows;
mod run;
mod runs;
mod session;
mod statement;
mod stop;
mod text;
mod time;
mod warning;
mod words;

pub use plan::{
    ExplainBuffers, ExplainCondition, ExplainFact, ExplainHash, ExplainHeap, ExplainHeat, ExplainJit,
    ExplainMeasured, ExplainMemoize, ExplainNode, ExplainPlan, ExplainSort, ExplainTrigger,
};
pub use read::read_plan;
pub use report::{
    ExplainAlternative, ExplainCheck, ExplainGain, ExplainIndex, ExplainIndexCheck, ExplainLevel,
    ExplainMeasuredGain, ExplainParameters, ExplainPurpose, ExplainRan, ExplainReply, ExplainReport,
    ExplainRewrite, ExplainShown, ExplainStopped, ExplainVerdict, ExplainWarning,
};
pub use run::{ExplainRequest, explain};
pub use runs::ExplainRuns;
