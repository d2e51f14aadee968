//! Vacuum, analyze, reindex, cluster, refresh, truncate and `lock`.

use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode as _, ReindexTarget, Stmt};

use super::name::{name, names, spelled};
use super::{Kin, ObjectKind, Reading, StatementKind, Touch};
use crate::sql::LockMode::{self, AccessExclusive, Exclusive, Share, ShareUpdateExclusive};

pub(super) fn read(reading: &mut Reading, statement: &Stmt) -> bool {
    reading.kind(StatementKind::Maintain);
    match statement {
        Stmt::Vacuum(vacuum) => self::vacuum(reading, vacuum),
        Stmt::Analyze(analyze) => {
            let touch = |table| table_touch(table, ShareUpdateExclusive).scanning();
            listed(reading, analyze.table_and_columns_list(), ShareUpdateExclusive, &touch);
        }
        Stmt::Reindex(reindex) => self::reindex(reading, reindex),
        Stmt::Cluster(cluster) => self::cluster(reading, cluster),
        Stmt::Repack(repack) => self::repack(reading, repack),
        Stmt::Refresh(refresh) => self::refresh(reading, refresh),
        Stmt::Truncate(truncate) => self::truncate(reading, truncate),
        Stmt::Lock(lock) => self::lock(reading, lock),
        Stmt::Checkpoint(_) => {}
        _ => {
            reading.kind(StatementKind::Unknown);
            return false;
        }
    }
    true
}

fn table_touch(table: String, mode: LockMode) -> Touch {
    Touch::new(ObjectKind::Table, table, mode).spreading(Kin::Children, mode)
}

/// The tables of a list. Without one it is every table of the database.
fn listed(
    reading: &mut Reading,
    list: Option<ast::TableAndColumnsList>,
    mode: LockMode,
    touch: &dyn Fn(String) -> Touch,
) {
    let Some(list) = list else { return every_table(reading, mode) };
    for table in list.syntax().descendants().filter_map(ast::TableNameRef::cast) {
        reading.touches(touch(spelled(table.syntax())));
    }
}

fn every_table(reading: &mut Reading, mode: LockMode) {
    reading.effects.every_table = Some(mode);
    reading.open();
}

fn vacuum(reading: &mut Reading, vacuum: &ast::Vacuum) {
    reading.forbidden();
    let options = vacuum.vacuum_option_list();
    let full =
        vacuum.full_token().is_some() || options.is_some_and(|options| has_option(options.syntax(), "full"));
    let mode = if full { AccessExclusive } else { ShareUpdateExclusive };
    listed(reading, vacuum.table_and_columns_list(), mode, &|table| match full {
        true => table_touch(table, mode).rewriting(),
        false => table_touch(table, mode).scanning(),
    });
}

/// Whether an option of a list in parentheses is on: named, and not `false`, `off`, `no` or 0.
pub(super) fn has_option(list: &SyntaxNode, wanted: &str) -> bool {
    list.children().any(|option| {
        let text = option.text().to_string().to_lowercase();
        let mut words = text.split_whitespace();
        words.next() == Some(wanted)
            && !words
                .next()
                .is_some_and(|value| matches!(value.trim_matches('\''), "false" | "off" | "no" | "0"))
    })
}

fn reindex(reading: &mut Reading, reindex: &ast::Reindex) {
    let target = reindex.reindex_target();
    let inside = reindex.reindex_option_list().is_some_and(|list| has_option(list.syntax(), "concurrently"));
    let concurrently = inside || target.as_ref().is_some_and(has_concurrently);
    if concurrently {
        reading.forbidden();
    }
    let (own, kin) =
        if concurrently { (ShareUpdateExclusive, ShareUpdateExclusive) } else { (Share, AccessExclusive) };
    match target {
        Some(ReindexTarget::ReindexTargetTable(table)) => {
            let touch = Touch::new(ObjectKind::Table, name(table.table_name_ref()), own).scanning();
            reading.touches(touch.spreading(Kin::Indexes, kin).spreading(Kin::Children, own));
        }
        Some(ReindexTarget::ReindexTargetIndex(index)) => {
            let touch = Touch::new(ObjectKind::Index, name(index.index_ref()), kin).rewriting();
            reading.touches(touch.spreading(Kin::TableOfIndex, own));
        }
        _ => {
            // One transaction a table: none around them all.
            reading.forbidden();
            every_table(reading, own);
        }
    }
}

fn has_concurrently(target: &ReindexTarget) -> bool {
    let tokens = target.syntax().children_with_tokens().filter_map(|element| element.into_token());
    tokens.into_iter().any(|token| token.text().eq_ignore_ascii_case("concurrently"))
}

fn cluster(reading: &mut Reading, cluster: &ast::Cluster) {
    let legacy = cluster.syntax().descendants().find_map(ast::OnPath::cast);
    let table = match (cluster.table_name_ref(), legacy) {
        (Some(table), _) => spelled(table.syntax()),
        (None, Some(on)) => spelled(on.syntax()),
        (None, None) => {
            reading.forbidden();
            return every_table(reading, AccessExclusive);
        }
    };
    reading.touches(table_touch(table, AccessExclusive).rewriting());
}

/// 19: the one word for `vacuum full` and `cluster`; concurrently it stops nobody until the swap.
fn repack(reading: &mut Reading, repack: &ast::Repack) {
    let concurrently =
        repack.option_item_list().is_some_and(|list| has_option(list.syntax(), "concurrently"));
    if concurrently || repack.table_and_columns_list().is_none() {
        reading.forbidden();
    }
    let mode = if concurrently { ShareUpdateExclusive } else { AccessExclusive };
    listed(reading, repack.table_and_columns_list(), mode, &|table| table_touch(table, mode).rewriting());
}

fn refresh(reading: &mut Reading, refresh: &ast::Refresh) {
    let view = name(refresh.view_ref());
    let touch = match refresh.concurrently_token() {
        // It writes the rows that differ.
        Some(_) => Touch::new(ObjectKind::MaterializedView, view, Exclusive).scanning(),
        None => Touch::new(ObjectKind::MaterializedView, view, AccessExclusive).rewriting(),
    };
    reading.touches(touch);
}

fn truncate(reading: &mut Reading, truncate: &ast::Truncate) {
    let tables = truncate.table_list().into_iter().flat_map(|list| list.table_relation_names());
    reading.effects.truncates = true;
    let cascade = matches!(truncate.drop_behavior(), Some(ast::DropBehavior::Cascade(_)));
    for table in tables {
        let mut touch = Touch::new(ObjectKind::Table, name(table.table_name_ref()), AccessExclusive);
        touch.only = table.only_token().is_some();
        if !touch.only {
            touch = touch.spreading(Kin::Children, AccessExclusive);
        }
        if cascade {
            touch = touch.spreading(Kin::Referencing, AccessExclusive);
        }
        reading.touches(touch);
    }
    if cascade {
        reading.open();
    }
}

fn lock(reading: &mut Reading, lock: &ast::Lock) {
    let clause = lock.lock_mode_clause().and_then(|clause| clause.lock_mode());
    let mode = clause.map_or(AccessExclusive, |mode| {
        let words = mode.syntax().text().to_string();
        LockMode::parse(&words.split_whitespace().collect::<Vec<_>>().join(" ")).unwrap_or(AccessExclusive)
    });
    let relations = lock.relation_list().into_iter().flat_map(|list| list.relation_names());
    for relation in names(relations) {
        reading.touches(table_touch(relation, mode));
    }
}
