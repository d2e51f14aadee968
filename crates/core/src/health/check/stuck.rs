//! Runs that say running and are not.

use chrono::TimeDelta;
use sqlx::FromRow;

use super::run_all::Subject;
use super::{Answer, Attention, AttentionAction, Severity};
use crate::Result;
use crate::catalog::{explain_missing, within};

/// A run without a change for so long counts as stuck.
const MINUTES: i64 = 60;
/// What the check may take.
const MILLISECONDS: u32 = 2_000;

#[derive(FromRow)]
struct Stuck {
    stuck: i64,
    longest_id: Option<i64>,
    longest_seconds: Option<i64>,
}

/// No run is left running after a crash: nothing in RAAF ends it.
pub(super) async fn runs(subject: &Subject<'_>) -> Result<Answer> {
    if !subject.schema.complete {
        return Ok(Answer::Skipped("The evaluation tables are not all there.".to_owned()));
    }
    let now = subject.now.naive_utc();
    let mut transaction = within(subject.database, MILLISECONDS).await?;
    let found: Stuck = sqlx::query_as(include_str!("stuck.sql"))
        .bind(now)
        .bind(now - TimeDelta::minutes(MINUTES))
        .fetch_one(&mut *transaction)
        .await
        .map_err(|error| explain_missing(error, "cannot look for stuck runs"))?;
    let Some(id) = found.longest_id else {
        return Ok(Answer::Ok(format!("No run has been running for {MINUTES} min without a change.")));
    };
    let title = match found.stuck {
        1 => "1 run is stuck in running".to_owned(),
        several => format!("{several} runs are stuck in running"),
    };
    let detail = format!("Run {id} wrote nothing for {}", duration(found.longest_seconds.unwrap_or(0)));
    Ok(Answer::Found(vec![
        Attention::new(Severity::Attention, title, detail).action(AttentionAction::ShowRuns).object(
            "run",
            None,
            &id.to_string(),
        ),
    ]))
}

fn duration(seconds: i64) -> String {
    match seconds {
        seconds if seconds >= 2 * 86_400 => format!("{} days", seconds / 86_400),
        seconds if seconds >= 2 * 3_600 => format!("{} hours", seconds / 3_600),
        seconds => format!("{} minutes", seconds / 60),
    }
}
