//! How long a statement may take and how much disk it needs: estimates, and the assumptions that they stand on.
//!
//! All of them are here. They are those of a server with a solid state disk that has other things to do; they are
//! meant to tell seconds from hours, and a rehearsal on a copy measures. On two cores and a table of 400 MB that lay in
//! memory PostgreSQL 17 was three times as fast in building a B-tree, twice as fast in building GIN, and as fast in
//! writing a table anew.

use super::reading::{Build, Reading};
use super::relations::Relation;
use super::work::Work;
use crate::sql::statement::StatementKind;

/// Reading a table through, checking or hashing its rows.
const SCAN_BYTES_A_SECOND: f64 = 400e6;
/// Writing a table anew, its log included.
const REWRITE_BYTES_A_SECOND: f64 = 60e6;
/// Sorting rows into a B-tree and writing it.
const BTREE_ROWS_A_SECOND: f64 = 1e6;
/// What goes into an inverted index (GIN, GiST and the like).
const INVERTED_BYTES_A_SECOND: f64 = 15e6;
/// A build that lets writes go on reads the table twice.
const CONCURRENT_SCANS: f64 = 2.0;
/// Bytes of an index entry beside its key: the tuple's header and its line pointer, at 90 % fill.
const ENTRY_BYTES: f64 = 12.0;
const FILL: f64 = 0.9;
/// A key of which nothing is known.
const UNKNOWN_WIDTH: f64 = 32.0;

/// What a statement costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cost {
    pub(super) reads_bytes: Option<i64>,
    /// 0 below a tenth of a second.
    pub(super) ms: Option<i64>,
    pub(super) basis: String,
    pub(super) disk_bytes: Option<i64>,
}

impl Cost {
    /// Of a statement that only touches the catalog.
    fn of_catalog() -> Self {
        let basis = "only the catalog changes".to_owned();
        Self { reads_bytes: Some(0), ms: Some(0), basis, disk_bytes: Some(0) }
    }

    /// Of a statement that nobody can read beforehand.
    fn unknown(why: &str) -> Self {
        Self { reads_bytes: None, ms: None, basis: why.to_owned(), disk_bytes: None }
    }
}

/// The parts of a cost, as they add up.
#[derive(Default)]
struct Sum {
    reads: f64,
    seconds: f64,
    disk: f64,
    basis: Vec<String>,
}

/// What a statement costs on these tables.
pub(super) fn cost(reading: &Reading, work: &Work<'_>) -> Cost {
    if reading.is_unknown() {
        return Cost::unknown("what it does is not known beforehand");
    }
    if reading.effects.kind == StatementKind::Write {
        return Cost::unknown("how many rows it writes is not known beforehand");
    }
    let mut sum = Sum::default();
    work.rewrites.iter().for_each(|table| sum.rewrite(table));
    match &reading.builds {
        Some(build) => work.scans.iter().for_each(|table| sum.build(build, table)),
        None => work.scans.iter().for_each(|table| sum.scan(table)),
    }
    work.beside.iter().for_each(|table| sum.read(&table.shown, table.bytes));
    match sum.basis.is_empty() && reading.effects.touches.iter().any(|touch| touch.scans || touch.rewrites) {
        true => Cost { basis: "there is nothing to read, or nothing yet".to_owned(), ..Cost::of_catalog() },
        false => sum.cost(),
    }
}

impl Sum {
    fn scan(&mut self, table: &Relation) {
        self.read(&table.shown, table.heap_bytes);
    }

    fn read(&mut self, table: &str, heap: i64) {
        self.reads += bytes(heap);
        self.seconds += bytes(heap) / SCAN_BYTES_A_SECOND;
        self.basis.push(format!("{} of {table} read", size(heap)));
    }

    /// The new copy stands beside the old one until the end, its indexes too.
    fn rewrite(&mut self, table: &Relation) {
        let heap = table.heap_bytes + table.toast_bytes;
        self.reads += bytes(heap);
        self.disk += bytes(heap + table.index_bytes);
        self.seconds += bytes(heap) / SCAN_BYTES_A_SECOND + bytes(heap) / REWRITE_BYTES_A_SECOND;
        self.seconds += bytes(table.rows) * bytes(table.index_count) / BTREE_ROWS_A_SECOND;
        let indexes = match table.index_count {
            0 => String::new(),
            1 => " and its index built again".to_owned(),
            count => format!(" and its {count} indexes built again"),
        };
        self.basis.push(format!("{} of {} written anew{indexes}", size(heap), table.shown));
    }

    fn build(&mut self, build: &Build, table: &Relation) {
        let scans = if build.concurrently { CONCURRENT_SCANS } else { 1.0 };
        let (read, index) = (read_for(build, table), index_bytes(build, table));
        self.reads += read;
        self.disk += index;
        self.seconds += scans * read / SCAN_BYTES_A_SECOND;
        self.seconds += match build.is_inverted() {
            true => index / INVERTED_BYTES_A_SECOND,
            false => bytes(table.rows) / BTREE_ROWS_A_SECOND,
        };
        let twice = if build.concurrently { " twice" } else { "" };
        self.basis.push(format!(
            "{} of {} read{twice}, an index of about {} written",
            size_of(read),
            table.shown,
            size_of(index)
        ));
    }

    fn cost(self) -> Cost {
        if self.basis.is_empty() {
            return Cost::of_catalog();
        }
        Cost {
            reads_bytes: Some(whole(self.reads)),
            ms: Some(if self.seconds < 0.1 { 0 } else { whole(self.seconds * 1000.0) }),
            basis: self.basis.join("; "),
            disk_bytes: Some(whole(self.disk)),
        }
    }
}

impl Build {
    fn is_inverted(&self) -> bool {
        !matches!(self.method.as_str(), "" | "btree" | "hash" | "brin")
    }
}

/// Large values are fetched only for what goes into the index: as a whole for an inverted one, which is made of them.
fn read_for(build: &Build, table: &Relation) -> f64 {
    bytes(table.heap_bytes + if build.is_inverted() { table.toast_bytes } else { 0 })
}

/// From the rows and the widths of the columns; an inverted index is taken for as large as what goes into it.
fn index_bytes(build: &Build, table: &Relation) -> f64 {
    let width = |name: &String| table.column(name).map_or(UNKNOWN_WIDTH, |column| column.width);
    let key: f64 = build.columns.iter().map(width).sum();
    match build.method.as_str() {
        "brin" => bytes(table.heap_bytes) / 1000.0,
        _ if build.is_inverted() => bytes(table.rows) * key,
        _ => bytes(table.rows) * (padded(key) + ENTRY_BYTES) / FILL,
    }
}

/// The server aligns a key to eight bytes.
fn padded(key: f64) -> f64 {
    (key / 8.0).ceil() * 8.0
}

#[allow(clippy::cast_precision_loss)]
fn bytes(number: i64) -> f64 {
    number as f64
}

#[allow(clippy::cast_possible_truncation)]
fn whole(number: f64) -> i64 {
    number.round() as i64
}

fn size_of(number: f64) -> String {
    size(whole(number))
}

/// "3.1 GB", for the words of an estimate.
pub(super) fn size(number: i64) -> String {
    const UNITS: [&str; 5] = ["B", "KB", "MB", "GB", "TB"];
    let mut value = bytes(number);
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    if unit == 0 || value >= 10.0 {
        format!("{value:.0} {}", UNITS[unit])
    } else {
        format!("{value:.1} {}", UNITS[unit])
    }
}

/// "< 0.1 s", "38 s", "2 min 40 s", "3 h 5 min".
pub(in crate::migrate) fn duration(ms: i64) -> String {
    let seconds = (ms + 500) / 1000;
    match ms {
        ..100 => "< 0.1 s".to_owned(),
        100..10_000 => format!("{}.{} s", ms / 1000, ms % 1000 / 100),
        10_000..60_000 => format!("{seconds} s"),
        60_000..3_600_000 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}
