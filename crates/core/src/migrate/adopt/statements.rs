//! The query that reads each tool's rows, all in one shape.

use super::MigrationTool;
use crate::ident::QualifiedName;
use crate::sql::SafeSql;

/// Reads version, name, state, time, checksum and a note of every row. The name of the table is the user's own: the
/// files call it t.
pub(super) fn rows(tool: MigrationTool, table: &QualifiedName) -> SafeSql {
    let rows = match tool {
        MigrationTool::Rails | MigrationTool::Dbmate => include_str!("rows/plain.sql"),
        MigrationTool::Sqlx => include_str!("rows/sqlx.sql"),
        MigrationTool::GolangMigrate => include_str!("rows/golang_migrate.sql"),
        MigrationTool::Flyway => include_str!("rows/flyway.sql"),
        MigrationTool::Liquibase => include_str!("rows/liquibase.sql"),
        MigrationTool::Refinery => include_str!("rows/refinery.sql"),
        MigrationTool::Atlas => include_str!("rows/atlas.sql"),
        MigrationTool::Sqitch => include_str!("rows/sqitch.sql"),
    };
    SafeSql::new("with t as (select * from ").name(table).push(")\n").push(rows)
}
