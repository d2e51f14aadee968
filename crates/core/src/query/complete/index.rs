//! What is kept of a connection's catalog. Names are read at once and again in the background when they are old; the
//! columns and keys of a relation are read when a text first names it.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::catalog::{self, Column, Function, Key, Relation};
use super::scope::Item;
use crate::Result;
use crate::connection::Database;

/// Names that are older are read again, behind the answer that is given with them.
const OLD: Duration = Duration::from_secs(60);
/// How long columns and keys may take: an answer without them is better than none in time.
const PATIENCE: Duration = Duration::from_secs(1);

/// The catalogs of all connections, as far as completion knows them.
#[derive(Debug, Default)]
pub struct QueryCompleter {
    /// By the connection's id and database.
    indexes: Arc<Mutex<HashMap<String, Arc<Index>>>>,
}

/// The catalog of one database.
#[derive(Debug)]
pub(super) struct Index {
    pub(super) path: Vec<String>,
    pub(super) relations: Vec<Relation>,
    /// Places in `relations`, by name.
    by_name: HashMap<String, Vec<usize>>,
    pub(super) functions: Vec<Function>,
    read: Instant,
    renewing: AtomicBool,
    known: Mutex<HashMap<i64, Arc<Known>>>,
    /// Keys of JSON columns that were looked for, by relation, column and path.
    pub(super) found: Mutex<HashMap<String, Vec<String>>>,
}

/// What is known of one relation.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) columns: Vec<Column>,
    pub(super) keys: Vec<Key>,
}

impl QueryCompleter {
    /// Forgets what it knows of a connection: something was made, changed or dropped there.
    pub fn forget(&self, connection: &str) {
        let prefix = format!("{connection}/");
        lock(&self.indexes).retain(|key, _| !key.starts_with(&prefix));
    }

    /// The index of a database: what is there at once, read now where there is none.
    pub(super) async fn index(&self, database: &Database) -> Result<Arc<Index>> {
        let profile = database.profile();
        let key = format!("{}/{}", profile.id, profile.database);
        let there = lock(&self.indexes).get(&key).cloned();
        let Some(index) = there else {
            let index = Arc::new(Index::read(database).await?);
            lock(&self.indexes).insert(key, Arc::clone(&index));
            return Ok(index);
        };
        if index.read.elapsed() > OLD && !index.renewing.swap(true, Ordering::Relaxed) {
            let (indexes, database) = (Arc::clone(&self.indexes), database.clone());
            tokio::spawn(async move {
                if let Ok(renewed) = Index::read(&database).await
                    && let Some(held) = lock(&indexes).get_mut(&key)
                {
                    *held = Arc::new(renewed);
                }
            });
        }
        Ok(index)
    }
}

impl Index {
    async fn read(database: &Database) -> Result<Self> {
        let mut transaction = catalog::begin(database).await?;
        let path = catalog::search_path(&mut transaction).await?;
        let relations = catalog::relations(&mut transaction).await?;
        let functions = catalog::functions(&mut transaction).await?;
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, relation) in relations.iter().enumerate() {
            by_name.entry(relation.name.clone()).or_default().push(at);
        }
        Ok(Self {
            path,
            relations,
            by_name,
            functions,
            read: Instant::now(),
            renewing: AtomicBool::new(false),
            known: Mutex::default(),
            found: Mutex::default(),
        })
    }

    /// The relation that a name means: in its schema, else in the first of the search path that has it.
    pub(super) fn resolve(&self, item: &Item) -> Option<&Relation> {
        match &item.schema {
            Some(schema) => self.named(&item.name).find(|relation| relation.schema == *schema),
            None => self.meant(&item.name),
        }
    }

    fn named(&self, name: &str) -> impl Iterator<Item = &Relation> {
        self.by_name.get(name).into_iter().flatten().filter_map(|at| self.relations.get(*at))
    }

    /// What a name alone means.
    fn meant(&self, name: &str) -> Option<&Relation> {
        self.path.iter().find_map(|schema| self.named(name).find(|relation| relation.schema == *schema))
    }

    /// Whether a name alone means this relation.
    pub(super) fn is_visible(&self, relation: &Relation) -> bool {
        self.meant(&relation.name).is_some_and(|found| found.oid == relation.oid)
    }

    /// Columns and keys of relations, read where they are not known yet.
    pub(super) async fn know(&self, database: &Database, items: &[Item]) -> HashMap<i64, Arc<Known>> {
        let wanted: HashSet<i64> =
            items.iter().filter_map(|item| self.resolve(item)).map(|found| found.oid).collect();
        let missing: Vec<i64> = {
            let known = lock(&self.known);
            wanted.iter().copied().filter(|oid| !known.contains_key(oid)).collect()
        };
        if !missing.is_empty() {
            // Slow or refused: the rest of the answer does not wait for it.
            let _ = tokio::time::timeout(PATIENCE, self.learn(database, &missing)).await;
        }
        let known = lock(&self.known);
        wanted.into_iter().filter_map(|oid| Some((oid, Arc::clone(known.get(&oid)?)))).collect()
    }

    async fn learn(&self, database: &Database, missing: &[i64]) -> Result<()> {
        let mut transaction = catalog::begin(database).await?;
        let columns = catalog::columns(&mut transaction, missing).await?;
        let keys = catalog::keys(&mut transaction, missing).await?;
        let mut known = lock(&self.known);
        for oid in missing {
            let columns = columns.iter().filter(|column| column.relation == *oid).cloned().collect();
            let keys =
                keys.iter().filter(|key| key.relation == *oid || key.target == *oid).cloned().collect();
            known.insert(*oid, Arc::new(Known { columns, keys }));
        }
        Ok(())
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
