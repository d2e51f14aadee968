//! A tab behind a pooler that hands the server's sessions on after every transaction.
//!
//! Nothing that outlives a transaction may be sent: it would be left to a stranger. So a statement is carried in a
//! transaction of its own, which begins with what a session of ours begins with, `set local`; between `begin` and
//! `commit` of the user's the one session of the server is theirs. What only makes sense in a session is refused
//! before it is sent.

mod carry;
mod objection;
mod refuse;

pub(super) use carry::{Entered, Lent};
pub(super) use refuse::{advised, check, needs_no_transaction};
