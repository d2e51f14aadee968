//! Taking back what a broken run left: statements that would drop what is not there, or make what is, are left out.

use sqlx::PgConnection;

use super::super::Step;
use super::left;
use crate::Result;
use crate::sql::statement::{Effects, Object, ObjectKind, describe};

/// Finds, for every step that mends a broken run, which of its statements have nothing to do, and what the statement that
/// was under way has left beside.
pub(in super::super) async fn leave_out(session: &mut PgConnection, steps: &mut [Step<'_>]) -> Result<()> {
    for step in steps.iter_mut().filter(|step| step.mends) {
        let script = step.script()?;
        let mut left_out = Vec::new();
        for (index, statement) in script.statements.iter().enumerate() {
            if has_nothing_to_do(session, &describe(&statement.text)).await? {
                left_out.push(index);
            }
        }
        step.left_out = left_out;
        if let Some(broken) = step.broken {
            step.clears = left::to_clear(session, broken, script).await?;
        }
    }
    Ok(())
}

pub(super) async fn has_nothing_to_do(session: &mut PgConnection, effects: &Effects) -> Result<bool> {
    let (objects, there) = match (effects.drops.as_slice(), effects.creates.as_slice()) {
        (drops @ [_, ..], []) => (drops, false),
        ([], creates @ [_, ..]) => (creates, true),
        _ => return Ok(false),
    };
    for object in objects {
        if is_there(session, object, there).await? != Some(there) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether an object is there, and whole where that is asked for; `None` for what is not looked up.
pub(super) async fn is_there(
    session: &mut PgConnection,
    object: &Object,
    whole: bool,
) -> Result<Option<bool>> {
    use ObjectKind::{Column, Constraint, Index, MaterializedView, Sequence, Table, View};
    let known =
        matches!(object.kind, Column | Constraint | Index | MaterializedView | Sequence | Table | View);
    if !known || object.name.is_empty() {
        return Ok(None);
    }
    let of_table = object.of_table.as_deref().filter(|_| matches!(object.kind, Column | Constraint));
    let there = sqlx::query_scalar(include_str!("object.sql"))
        .bind(&object.name)
        .bind(of_table)
        .bind(object.kind == Column)
        .bind(whole)
        .bind(object.of_table.as_deref().filter(|_| object.kind == Index))
        .fetch_one(session)
        .await?;
    Ok(Some(there))
}
