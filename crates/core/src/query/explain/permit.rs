//! Whether a statement may be run to be measured, and as what.
//!
//! The guard decides, as it does over a run: what it proves a read runs in a transaction that may only read, whatever the
//! connection allows; all else is a write, asks as a run of it would, and is rolled back.

use super::asked::Asked;
use super::report::ExplainReply;
use super::run::ExplainRequest;
use super::session::May;
use crate::connection::Database;
use crate::query::guard::{self, GuardAnswer, GuardRequest, GuardStatement};
use crate::query::parameter;
use crate::{ErrorKind, Result};

/// What a statement may do while it is explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Permit {
    pub(super) may: May,
    pub(super) runs: bool,
}

impl Permit {
    /// The statement is not run: planning is allowed for everything.
    const PLANS: Self = Self { may: May::Read, runs: false };

    /// Decides; instead of a permit there may be something to answer first.
    ///
    /// # Errors
    /// `Refused` where it would run a write on a connection that may only read.
    pub(super) async fn of(
        database: &Database,
        request: &ExplainRequest,
        asked: &Asked,
    ) -> Result<Result<Self, ExplainReply>> {
        if !request.analyze {
            return Ok(Ok(Self::PLANS));
        }
        // Judged as the server gets it: with the parameters numbered.
        let sql = parameter::as_sent(&asked.chosen.sql);
        let statement = GuardStatement { sql: &sql, line: asked.chosen.line };
        let values: Vec<_> =
            request.parameters.iter().map(|value| (value.name.clone(), value.value.clone())).collect();
        let as_read =
            GuardRequest { statements: &[statement], parameters: &values, read_only: true, consent: None };
        let refusal = match guard::check(database, &as_read).await {
            Ok(_) => return Ok(Ok(Self { may: May::Read, runs: true })),
            Err(error) if error.kind() == ErrorKind::Refused => error,
            Err(error) => return Err(error),
        };
        if !request.may_write {
            return Ok(Err(ExplainReply::Writes { why: refusal.message().to_owned() }));
        }
        let consent = request.consent.as_ref();
        let as_write = GuardRequest { read_only: false, consent, ..as_read };
        let answer = guard::check(database, &as_write).await.map_err(|error| {
            error.hint("Explain it without ANALYZE: that shows the plan and changes nothing.")
        })?;
        Ok(match answer {
            GuardAnswer::Allowed => Ok(Self { may: May::Write, runs: true }),
            GuardAnswer::Asks(plan) => Err(ExplainReply::Asks { plan }),
        })
    }
}
