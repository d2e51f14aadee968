//! Explaining a statement, from its text to the report.

use std::sync::Arc;

use super::asked::Asked;
use super::facts::{Settings, Tables};
use super::options::Options;
use super::permit::Permit;
use super::plan::ExplainPlan;
use super::read::read_plan;
use super::report::{ExplainRan, ExplainReply, ExplainReport, ExplainShown};
use super::session::{Begin, Explainer, Limited, May};
use super::stop::ExplainRun;
use super::{effects, statement, text};
use crate::Result;
use crate::connection::Database;
use crate::query::{QueryConsent, QueryParameter};

/// How long ANALYZE may run where the connection sets no limit, in milliseconds.
const LIMIT_MS: u32 = 30_000;

/// Of one that was cancelled after the statement itself had ended: what it measured is kept.
const CANCELLED: &str = "It was cancelled after the statement had ended: what would help was not tried out.";

/// What to explain.
#[derive(Debug, Clone, Default)]
pub struct ExplainRequest {
    /// A text of any number of statements.
    pub text: String,
    /// A UTF-16 unit of it, from 0: the statement there is explained.
    pub offset: u32,
    /// Whether the statement is run.
    pub analyze: bool,
    /// Whether blocks are counted.
    pub buffers: bool,
    /// Whether the plan without sequential scans is wanted whole, and measured where `analyze` is.
    pub without_seq_scan: bool,
    pub parameters: Vec<QueryParameter>,
    /// Whether ANALYZE may run what is not proven a read, in a transaction that is rolled back.
    pub may_write: bool,
    /// The answer to the plan that an earlier call asked with.
    pub consent: Option<QueryConsent>,
}

/// A statement while it is explained.
pub(super) struct Explaining<'a> {
    pub(super) explainer: Explainer,
    pub(super) request: &'a ExplainRequest,
    pub(super) asked: Asked,
    pub(super) options: Options,
    pub(super) permit: Permit,
    pub(super) limit_ms: u32,
    pub(super) settings: Settings,
}

/// Explains a statement: the plan, what is slow in it, and what would help.
///
/// # Errors
/// `InvalidArguments` for what cannot be explained, `Refused` where running it is not allowed, and what the server says; a
/// place in the text is a UTF-16 unit from 0.
pub async fn explain(database: &Database, request: &ExplainRequest) -> Result<ExplainReply> {
    explain_as(database, request, &Arc::default()).await
}

/// The same, as a run that can be stopped from outside.
pub(super) async fn explain_as(
    database: &Database,
    request: &ExplainRequest,
    run: &Arc<ExplainRun>,
) -> Result<ExplainReply> {
    let chosen = statement::choose(&request.text, request.offset)?;
    let asked = Asked::of(chosen, &request.parameters, request.analyze)?;
    let permit = match run.until_cancelled(Permit::of(database, request, &asked)).await? {
        Ok(permit) => permit,
        Err(first) => return Ok(first),
    };
    let explainer = run.until_cancelled(Explainer::open(database, run)).await?;
    run.lead(explained(database, request, asked, permit, explainer)).await
}

async fn explained(
    database: &Database,
    request: &ExplainRequest,
    asked: Asked,
    permit: Permit,
    mut explainer: Explainer,
) -> Result<ExplainReply> {
    let settings = Settings::read(explainer.session()).await?;
    let major = database.version().major;
    let options = Options { major, analyze: request.analyze, buffers: request.buffers, generic: false };
    let limit_ms = match database.profile().timeouts.statement_ms {
        0 => LIMIT_MS,
        limit => limit,
    };
    let explaining = Explaining { explainer, request, asked, options, permit, limit_ms, settings };
    let report = Box::new(explaining.report(database).await?);
    Ok(ExplainReply::Explained { report })
}

/// A plan, and how it was had.
struct First {
    json: String,
    ran: ExplainRan,
    stopped: Option<String>,
}

impl Explaining<'_> {
    async fn report(mut self, database: &Database) -> Result<ExplainReport> {
        let first = self.first().await?;
        let ExplainShown { plan, text, json } = self.shown(first.json)?;
        let (from, to) = self.asked.chosen.span(&self.request.text);
        let mut report = ExplainReport {
            sql: self.asked.chosen.sql.clone(),
            from,
            to,
            line: u32::try_from(self.asked.chosen.line).unwrap_or(u32::MAX),
            server: database.version().text.clone(),
            ran: first.ran,
            limit_ms: (first.ran != ExplainRan::Planned).then_some(self.limit_ms),
            stopped: first.stopped,
            parameters: self.asked.parameters,
            notes: Vec::new(),
            plan,
            text,
            json,
            warnings: Vec::new(),
            without_seq_scan: None,
            rewrite: None,
            indexes: Vec::new(),
        };
        self.advise(&mut report).await?;
        report.notes = effects::notes(&report, &self.permit);
        report.notes.extend(self.explainer.was_cancelled().then(|| CANCELLED.to_owned()));
        self.explainer.close().await;
        Ok(report)
    }

    /// The plan that was asked for; where its time was up, the one that is had without running.
    async fn first(&mut self) -> Result<First> {
        if !self.options.analyze {
            return Ok(First { json: self.planned(false).await?, ran: ExplainRan::Planned, stopped: None });
        }
        let limited = Limited::begin(self.limit_ms);
        let ran = if self.permit.may == May::Read { ExplainRan::ReadOnly } else { ExplainRan::RolledBack };
        match self.measured(false).await {
            Ok(json) => Ok(First { json, ran, stopped: None }),
            Err(error) if limited.was_up(&error) => {
                let stopped = format!(
                    "It was stopped after {}, the limit of this connection: what follows are guesses, nothing was measured.",
                    super::words::duration(f64::from(self.limit_ms))
                );
                Ok(First { json: self.planned(false).await?, ran, stopped: Some(stopped) })
            }
            Err(error) => Err(error),
        }
    }

    /// The plan alone.
    pub(super) async fn planned(&mut self, without_seq_scan: bool) -> Result<String> {
        let asked = self.asked.clone();
        self.planned_as(&asked, without_seq_scan).await
    }

    /// The plan of the statement in another form.
    pub(super) async fn planned_as(&mut self, asked: &Asked, without_seq_scan: bool) -> Result<String> {
        let begin = Begin { may: May::Read, limit_ms: self.limit_ms, without_seq_scan };
        self.send(asked, Options { analyze: false, ..self.options }, begin).await
    }

    /// The plan with what running it measured.
    pub(super) async fn measured(&mut self, without_seq_scan: bool) -> Result<String> {
        let asked = self.asked.clone();
        self.measured_as(&asked, without_seq_scan).await
    }

    /// The same of the statement in another form.
    pub(super) async fn measured_as(&mut self, asked: &Asked, without_seq_scan: bool) -> Result<String> {
        let begin = Begin { may: self.permit.may, limit_ms: self.limit_ms, without_seq_scan };
        self.send(asked, Options { analyze: true, ..self.options }, begin).await
    }

    async fn send(&mut self, asked: &Asked, options: Options, begin: Begin) -> Result<String> {
        let message = asked.message(options);
        let sent = self.explainer.explained(begin, &message).await;
        sent.map_err(|error| asked.place(error, &message, &self.request.text))
    }

    pub(super) fn plan_of(&self, json: &str) -> Result<ExplainPlan> {
        read_plan(json, u64::try_from(self.settings.block_size).unwrap_or(8192))
    }

    /// A plan in all its forms.
    pub(super) fn shown(&self, json: String) -> Result<ExplainShown> {
        let (plan, text) = (self.plan_of(&json)?, text::text(&json, self.options.major)?);
        Ok(ExplainShown { plan, text, json })
    }

    /// What the catalog knows of a plan's tables.
    pub(super) async fn tables(&mut self, plan: &ExplainPlan) -> Result<Tables> {
        Tables::read(self.explainer.session(), plan).await
    }
}
