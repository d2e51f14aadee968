//! A foreign key that is not there: sometimes it cannot be.

use super::constraint::object;
use super::difference::Difference;
use super::pair::Pair;
use super::{partition, sql};
use crate::catalog::fingerprint::Constraint;

pub(super) fn missing(pair: &Pair<'_>, constraint: &Constraint) -> Difference {
    let object = object(pair, constraint);
    let target = constraint.target.as_ref().and_then(|target| pair.database.table(target));
    if let Some(target) = target.filter(|table| table.partition_key.is_some()) {
        let key = target.partition_columns();
        if !key.iter().all(|column| constraint.target_columns.iter().any(|named| named == column)) {
            return partition::unreachable(object, constraint, target);
        }
    }
    Difference::missing(object, &constraint.definition)
        .mend_database(sql::add_constraint(pair, constraint))
        .mend_files(sql::drop_constraint(pair, constraint))
}
