//! Accepted findings: comments that say which rule, and why.
//!
//! `-- evaldesk: accept RULE because REASON` stands directly above a statement or behind it, and counts for that one; in
//! the head of the file, with an empty line before the first statement, it counts for all. Several rules stand with commas between
//! them. squawk's own comments are understood too.

mod comment;

use comment::{Comment, Scope, Style};

use super::finding::{LintFinding, LintSource};
use super::policy;
use super::source::{Found, Source};

/// Marks what is accepted, and adds what is wrong with the accepting.
pub(super) fn apply(source: &Source<'_>, found: Vec<Found>) -> Vec<LintFinding> {
    let comments = comment::read(source);
    let mut used = vec![false; comments.len()];
    let mut findings = Vec::new();
    for finding in found {
        let by = comments.iter().position(|comment| comment.is_valid() && comment.accepts(source, &finding));
        by.into_iter().for_each(|at| used[at] = true);
        findings.push(finding.finish(source, by.map(|at| comments[at].reason())));
    }
    let mistakes = comments.iter().zip(used).filter_map(|(comment, used)| mistake(comment, used));
    findings.extend(mistakes.map(|mistake| mistake.finish(source, None)));
    findings
}

/// What is wrong with a comment, if something is.
fn mistake(comment: &Comment, used: bool) -> Option<Found> {
    let rules = comment.rules.join(", ");
    if comment.style == Style::Evaldesk && comment.reason.is_none() {
        let what = format!("{rules} is accepted without a reason, and so it is not");
        let why = "The next one who reads the file has to know whether the reason still holds.";
        let rewrite = format!("-- evaldesk: accept {rules} because REASON");
        return Some(found(comment, "accept-without-reason", what, why, Some(rewrite)));
    }
    let unknown = comment.rules.iter().find(|rule| !policy::is_known(rule));
    let what = match unknown {
        Some(rule) => format!("There is no rule {rule}"),
        None if used => return None,
        None => format!("Nothing here is found by {rules}"),
    };
    let why = match comment.scope {
        Scope::Nothing => {
            "It stands above no statement: with an empty line after it, it belongs to nothing outside of the head."
        }
        _ => "A reason for what is not there misleads who reads it.",
    };
    Some(found(comment, "accept-without-finding", what, why, None))
}

fn found(comment: &Comment, rule: &str, what: String, why: &str, rewrite: Option<String>) -> Found {
    Found {
        rule: rule.to_owned(),
        level: policy::level_of(rule),
        source: LintSource::Evaldesk,
        start: comment.start,
        end: comment.end,
        what,
        why: why.to_owned(),
        rewrite,
    }
}
