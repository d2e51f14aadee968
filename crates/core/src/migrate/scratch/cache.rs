//! What migrations produced before: it depends on their text, the server's major and the search path alone.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use sha2::{Digest, Sha256};

use super::Migration;
use crate::catalog::fingerprint::{SchemaSnapshot, SnapshotScope};

/// More sets than a person works with; beyond it the cache begins anew.
const MOST: usize = 32;

type Known = HashMap<String, Arc<SchemaSnapshot>>;

fn known() -> &'static Mutex<Known> {
    static KNOWN: OnceLock<Mutex<Known>> = OnceLock::new();
    KNOWN.get_or_init(Mutex::default)
}

/// What decides the outcome.
pub(super) fn key(major: i32, scope: &SnapshotScope, migrations: &[&Migration]) -> String {
    let mut text = format!("{major} {:?}", scope.search_path);
    for migration in migrations {
        text.push_str(&format!("\n{} {}", migration.version, migration.up.sha384));
    }
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn get(key: &str) -> Option<Arc<SchemaSnapshot>> {
    known().lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
}

pub(super) fn put(key: String, snapshot: &Arc<SchemaSnapshot>) {
    let mut known = known().lock().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= MOST {
        known.clear();
    }
    known.insert(key, Arc::clone(snapshot));
}
