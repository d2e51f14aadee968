//! A job as it is read on a terminal.

use evaldesk_api::core::job::JobRecord;
use serde_json::Value;

use super::{Facts, count};

/// One job with how it ended.
pub(crate) fn job(job: &JobRecord) {
    let mut facts = Facts::default();
    facts
        .fact("job", job.id.clone())
        .fact("what", job.title.clone())
        .fact("state", format!("{:?}", job.state).to_lowercase())
        .fact("started", job.started_at.clone())
        .fact("ended", job.ended_at.clone())
        .fact("phase", job.progress.phase.clone())
        .fact("detail", job.progress.detail.clone());
    if let (Some(done), Some(total)) = (job.progress.done, job.progress.total) {
        let unit = job.progress.unit.as_deref().unwrap_or_default();
        facts.fact("done", format!("{} of {} {unit}", count(done), count(total)));
    }
    if let Some(failure) = &job.failure {
        facts.fact("failure", failure.message.clone()).fact("hint", failure.hint.clone());
    }
    outcome(&mut facts, job.outcome.as_ref());
    facts.print();
}

/// Whatever kind of job it was: single values as they are, lists by their length.
fn outcome(facts: &mut Facts, outcome: Option<&Value>) {
    for (name, value) in outcome.and_then(Value::as_object).into_iter().flatten() {
        let text = match value {
            Value::Null => None,
            Value::Array(items) => Some(count(items.len() as u64)),
            Value::Object(_) => Some(value.to_string()),
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        };
        facts.fact(words(name), text);
    }
}

/// "elapsedMs" is "elapsed ms" to a reader.
fn words(name: &str) -> String {
    name.chars().fold(String::new(), |mut text, letter| {
        if letter.is_uppercase() {
            text.push(' ');
        }
        text.extend(letter.to_lowercase());
        text
    })
}
