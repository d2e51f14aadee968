//! Settings that a read-only session may change: how long, with what memory, in what form and by which plan a query
//! runs. Not among them: what lifts read-only, what changes how SQL is read (`standard_conforming_strings`,
//! `backslash_quote`, `escape_string_warning`, `client_encoding`), who one is (`role`), the mark by which a session is
//! found (`application_name`), and what loads code.

use squawk_syntax::SyntaxKind::{LOCAL_SCOPE, SESSION_SCOPE, SET_CONFIG, SET_TIME_ZONE, SET_XML_OPTION};
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode as _};

use super::names::folded;

const HARMLESS: &[&str] = &[
    "bytea_output",
    "client_min_messages",
    "constraint_exclusion",
    "cpu_index_tuple_cost",
    "cpu_operator_cost",
    "cpu_tuple_cost",
    "cursor_tuple_fraction",
    "datestyle",
    "default_statistics_target",
    "default_text_search_config",
    "default_transaction_deferrable",
    "default_transaction_isolation",
    "effective_cache_size",
    "effective_io_concurrency",
    "extra_float_digits",
    "from_collapse_limit",
    "geqo",
    "geqo_threshold",
    "hash_mem_multiplier",
    "idle_in_transaction_session_timeout",
    "intervalstyle",
    "jit",
    "jit_above_cost",
    "join_collapse_limit",
    "lc_messages",
    "lc_monetary",
    "lc_numeric",
    "lc_time",
    "lock_timeout",
    "maintenance_work_mem",
    "max_parallel_workers",
    "max_parallel_workers_per_gather",
    "min_parallel_index_scan_size",
    "min_parallel_table_scan_size",
    "parallel_leader_participation",
    "parallel_setup_cost",
    "parallel_tuple_cost",
    "plan_cache_mode",
    "random_page_cost",
    "row_security",
    "seq_page_cost",
    "statement_timeout",
    "temp_buffers",
    "timezone",
    "transaction_timeout",
    "work_mem",
    "xmlbinary",
    "xmloption",
];

/// Whether a read-only session may change a setting, by its name in any case.
pub fn is_harmless(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    HARMLESS.binary_search(&name.as_str()).is_ok() || name.starts_with("enable_")
}

/// Why a `set` is refused on a read-only connection; `None` where it may run.
pub(super) fn set_refused(set: &ast::Set) -> Option<String> {
    let mut what =
        set.syntax().children().filter(|child| !matches!(child.kind(), LOCAL_SCOPE | SESSION_SCOPE));
    match what.next() {
        Some(child) if matches!(child.kind(), SET_TIME_ZONE | SET_XML_OPTION) => None,
        Some(child) if child.kind() == SET_CONFIG => config_refused(&child),
        _ => Some(
            "it changes the session, and this is not one of the settings known to be harmless".to_owned(),
        ),
    }
}

fn config_refused(config: &SyntaxNode) -> Option<String> {
    let Some(name) = config.children().find_map(ast::ConfigParameterRef::cast) else {
        return Some("it does not name a setting".to_owned());
    };
    let name = folded(&name.syntax().text().to_string());
    if name == "search_path" {
        return path_refused(config);
    }
    (!is_harmless(&name)).then(|| not_harmless(&name))
}

/// A search path may be anything that leaves pg_catalog where it is by itself: first. Then a built-in type or catalog
/// cannot be hidden by another of its name.
fn path_refused(config: &SyntaxNode) -> Option<String> {
    let text = config.text().to_string().to_ascii_lowercase();
    let moves = text.contains("pg_catalog") || text.contains("pg_temp") || text.contains("u&");
    moves.then(|| {
        "it moves pg_catalog or pg_temp in the search path, where names could mean something else".to_owned()
    })
}

/// Why a `reset` is refused on a read-only connection; `None` where it may run.
pub(super) fn reset_refused(reset: &ast::Reset) -> Option<String> {
    match reset.syntax().children().find_map(ast::ConfigParameterRef::cast) {
        Some(name) => {
            let name = folded(&name.syntax().text().to_string());
            (!is_harmless(&name)).then(|| not_harmless(&name))
        }
        None if reset.syntax().text().to_string().to_ascii_lowercase().ends_with("zone") => None,
        None => Some("it resets settings, the one that keeps the session read-only among them".to_owned()),
    }
}

fn not_harmless(name: &str) -> String {
    format!("{name} is not one of the settings that are known to be harmless")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_lifts_nothing() {
        assert!(HARMLESS.is_sorted());
        for name in [
            "default_transaction_read_only",
            "transaction_read_only",
            "standard_conforming_strings",
            "role",
            "session_replication_role",
            "local_preload_libraries",
            "application_name",
            "search_path",
        ] {
            assert!(!is_harmless(name), "{name}");
        }
        assert!(is_harmless("TimeZone") && is_harmless("enable_seqscan"));
    }
}
