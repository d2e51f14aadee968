//! The query workbench: a tab with a session of its own, scripts that run in it, and their results in a store.
//!
//! A statement travels by the simple protocol, and a query as COPY, which costs the server less: either way every value
//! is the server's own text. Rows go into a store (memory, then an unlinked file) as they come; whoever shows them asks
//! for windows. What a tab is doing is one value that is watched: the latest counts, there is no backlog.

mod arranged;
mod board;
mod cancel;
mod cell;
mod column;
pub mod complete;
mod consent;
mod copied;
mod copy;
mod copy_text;
mod describe;
pub mod draft;
mod edit;
mod estimate;
pub mod explain;
pub mod export;
mod find;
mod forgotten;
pub mod guard;
pub mod history;
mod live;
mod look;
mod message;
mod notice;
mod offset;
mod parameter;
mod pooled;
mod run;
pub mod saved;
mod script;
mod session;
mod settings;
mod sink;
mod state;
mod statement;
mod stop;
mod store;
mod stream;
mod tabs;
mod tag;
mod transaction;
mod transport;
mod typed;
mod view;
mod watch;
mod wire;

pub use arranged::QueryCondition;
pub use cell::{QueryCellPart, QueryRows};
pub use complete::{QueryCandidate, QueryCompleter, QueryCompletion};
pub use consent::{QueryConsent, QueryGuardPlan, QueryGuardStatement};
pub use copy::{QueryCopyFormat, QueryCopyRequest};
pub use edit::{QueryEdit, QueryEditApplied, QueryEditPlan, QueryEditValue};
pub use find::{QueryFindRequest, QueryPlace};
pub use script::{QueryParameter, QueryPiece, QueryRange, QueryRequest, QueryRunReply, QuerySort};
pub use session::{QuerySession, query_pieces};
pub use settings::QuerySettings;
pub use state::{
    ColumnKind, QueryColumn, QueryEditable, QueryNotice, QueryPhase, QueryResult, QueryState, QueryStatement,
    StatementOutcome, TransactionState,
};
pub use store::{Budget, RowReader, Store};
pub use tabs::{QueryTabs, Reading};
pub use transaction::QueryTransactionAction;
pub use view::{FilterTest, QueryFilter, QueryOrder, QueryView};
