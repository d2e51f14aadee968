//! Whether two statements give the same rows: both are run on one snapshot, counted and hashed.
//!
//! The hash is a sum over the rows, so the order does not matter; and at most so many rows are looked at.

use sqlx::Row as _;

use crate::query::explain::asked::Asked;
use crate::query::explain::report::ExplainCheck;
use crate::query::explain::session::{Begin, Explainer, May};
use crate::query::explain::words;
use crate::{ErrorKind, Result};

/// More rows than this are not compared.
const MOST: u64 = 1_000_000;

/// Compares; what cannot be run or takes too long is not compared.
pub(super) async fn check(
    explainer: &mut Explainer,
    one: &Asked,
    other: &Asked,
    limit_ms: u32,
) -> Result<ExplainCheck> {
    let begin = Begin { may: May::Read, limit_ms, without_seq_scan: false };
    explainer.begin(begin, false).await?;
    let both = async {
        let one = sum(explainer, one).await?;
        Ok::<_, crate::Error>((one, sum(explainer, other).await?))
    };
    let both = both.await;
    explainer.end().await?;
    explainer.forget().await;
    Ok(match both {
        Ok((one, other)) => verdict(&one, &other),
        Err(error) if explainer.was_cancelled() => return Err(error),
        Err(error) if error.kind() == ErrorKind::Cancelled => not_checked(format!(
            "Comparing the rows took longer than {}.",
            words::duration(f64::from(limit_ms))
        )),
        Err(error) => not_checked(format!("The rows could not be compared: {error}.")),
    })
}

/// How many rows, and the sum of their hashes.
struct Sum {
    rows: u64,
    hash: String,
}

async fn sum(explainer: &mut Explainer, asked: &Asked) -> Result<Sum> {
    // The statement ends its line: it may end with a comment.
    let sql = format!(
        "select count(*), coalesce(sum(hashtextextended(row_of::text, 0)), 0)::text from (select * from (\n{}\n) as \
         compared limit {}) as row_of",
        asked.chosen.sql,
        MOST + 1
    );
    let message = asked.with_sql(sql).plain_message();
    let row = explainer.last_row(&message).await?;
    if message.prepares {
        explainer.forget().await;
    }
    // The simple protocol gives text.
    let rows: String = row.try_get_unchecked(0)?;
    Ok(Sum { rows: rows.parse().unwrap_or_default(), hash: row.try_get_unchecked(1)? })
}

fn verdict(one: &Sum, other: &Sum) -> ExplainCheck {
    if one.rows > MOST && other.rows > MOST {
        return not_checked("It gives more than 1,000,000 rows, and no more are compared.".to_owned());
    }
    if one.rows == other.rows && one.hash == other.hash {
        return ExplainCheck::Same { rows: one.rows };
    }
    ExplainCheck::Different { rows: one.rows, rewritten: other.rows }
}

fn not_checked(why: String) -> ExplainCheck {
    ExplainCheck::NotChecked { why }
}
