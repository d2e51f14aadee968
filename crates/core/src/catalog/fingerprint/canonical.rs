//! The form that is summed up: a line an object, sorted, without the names that are free.

use sha2::{Digest, Sha256};

use super::model::{
    Column, Constraint, Index, Policy, SchemaSnapshot, Sequence, SequenceFacts, Statistics, Table,
};

impl SchemaSnapshot {
    /// SHA-256 over the canonical form, in hex. Names of indexes and constraints do not count, nor do partitions,
    /// which come with time, nor versions of extensions, which come with the server.
    pub fn fingerprint(&self) -> String {
        let hash = Sha256::digest(self.canonical().join("\n").as_bytes());
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The lines that the fingerprint sums up.
    pub fn canonical(&self) -> Vec<String> {
        let mut lines: Vec<String> =
            self.tables.iter().filter(|table| !table.is_partition()).flat_map(table_lines).collect();
        lines.extend(
            self.views.iter().map(|it| format!("view {} {} {:?} {}", it.name, it.kind, it.options, it.plain)),
        );
        lines.extend(self.routines.iter().map(|it| {
            format!("routine {} {} ({}) {} {}", it.name, it.kind, it.signature, it.properties, it.source_hash)
        }));
        lines.extend(
            self.types
                .iter()
                .map(|it| format!("type {} {} {:?} {}", it.name, it.kind, it.labels, it.definition)),
        );
        lines.extend(self.sequences.iter().map(sequence_line));
        lines.extend(self.extensions.iter().map(|it| format!("extension {}", it.name)));
        lines.sort();
        lines
    }
}

fn table_lines(table: &Table) -> Vec<String> {
    let of = |what: &str, text: String| format!("{what} {} {text}", table.name);
    let indexes = table.indexes.iter().filter(|index| index.of_constraint.is_none());
    let mut lines = vec![of("table", table.own_facts())];
    lines.extend(
        table.columns.iter().map(|column| of("column", format!("{} {}", column.place, column.definition()))),
    );
    lines.extend(indexes.map(|index| of("index", format!("{}{}", index.definition(), invalid(index.valid)))));
    lines.extend(
        table
            .constraints
            .iter()
            .map(|it| of("constraint", format!("{}{}", it.definition, invalid(it.valid)))),
    );
    lines.extend(table.triggers.iter().map(|it| of("trigger", format!("{} {}", it.definition, it.enabled))));
    lines.extend(table.policies.iter().map(|it| of("policy", format!("{} {}", it.name, it.definition()))));
    lines.extend(table.statistics.iter().map(|it| of("statistics", it.in_words())));
    lines
}

fn invalid(valid: bool) -> &'static str {
    if valid { "" } else { " not valid" }
}

impl Table {
    /// What the table is apart from its parts.
    pub fn own_facts(&self) -> String {
        let mut facts = vec![format!("{} {}", self.kind, self.persistence)];
        facts.extend(self.access_method.clone());
        facts.extend(self.partition_key.as_ref().map(|key| format!("partition by {key}")));
        facts.extend(self.partition_of.as_ref().map(|of| format!("inherits {}", of.parent)));
        facts.extend((!self.options.is_empty()).then(|| format!("with ({})", self.options.join(", "))));
        facts.extend(self.row_security.then(|| "row security".to_owned()));
        facts.extend(self.forced_row_security.then(|| "forced".to_owned()));
        facts.join(" ")
    }
}

impl Column {
    /// The column as a `create table` would have it, a serial as such.
    pub fn definition(&self) -> String {
        let mut parts = vec![self.name.clone(), self.type_name.clone()];
        parts.extend(self.collation.as_ref().map(|name| format!("collate {name}")));
        parts.extend(self.not_null.then(|| "not null".to_owned()));
        parts.extend(self.unchecked_not_null.is_some().then(|| "(not valid)".to_owned()));
        parts.extend(self.value_in_words());
        parts.join(" ")
    }

    /// Where its values come from when none is given.
    pub fn value_in_words(&self) -> Option<String> {
        match (&self.identity, &self.generation, &self.default_value) {
            (Some(kind), _, _) => {
                let how = if kind == "a" { "always" } else { "by default" };
                Some(format!("generated {how} as identity"))
            }
            (_, Some(expression), _) => {
                let how = if self.generated.as_deref() == Some("v") { "virtual" } else { "stored" };
                Some(format!("generated always as ({expression}) {how}"))
            }
            (_, _, Some(_)) if self.draws_from_its_sequence => {
                Some("default nextval(its own sequence)".to_owned())
            }
            (_, _, default) => default.as_ref().map(|value| format!("default {value}")),
        }
    }
}

impl Index {
    /// What it is, without its name, its table and whether it is valid.
    pub fn definition(&self) -> String {
        let unique = if self.unique { "unique " } else { "" };
        let mut text = format!("{unique}{} ({})", self.method, self.keys.join(", "));
        if !self.included.is_empty() {
            text.push_str(&format!(" include ({})", self.included.join(", ")));
        }
        if self.nulls_not_distinct {
            text.push_str(" nulls not distinct");
        }
        if !self.options.is_empty() {
            text.push_str(&format!(" with ({})", self.options.join(", ")));
        }
        if let Some(predicate) = &self.predicate {
            text.push_str(&format!(" where {predicate}"));
        }
        text
    }
}

impl Constraint {
    /// What it is, in words: "foreign key", "check".
    pub fn kind_in_words(&self) -> &str {
        match self.kind.as_str() {
            "p" => "primary key",
            "u" => "unique constraint",
            "f" => "foreign key",
            "c" => "check",
            "x" => "exclusion constraint",
            other => other,
        }
    }
}

impl Policy {
    /// What it is, without its name and its table, as a `create policy` has it.
    pub fn definition(&self) -> String {
        let how = if self.permissive { "permissive" } else { "restrictive" };
        format!("as {how} for {} {}", self.command, self.changeable())
    }

    /// What of it an `alter policy` can say.
    pub fn changeable(&self) -> String {
        let mut parts = vec![format!("to {}", self.roles.join(", "))];
        parts.extend(self.sees.as_ref().map(|rows| format!("using ({rows})")));
        parts.extend(self.writes.as_ref().map(|rows| format!("with check ({rows})")));
        parts.join(" ")
    }
}

impl Statistics {
    /// What it is, without its name and its table.
    pub fn in_words(&self) -> String {
        let target = self.target.map_or(String::new(), |target| format!(" target {target}"));
        format!("{}{target}", self.definition)
    }
}

impl SequenceFacts {
    /// How it counts, as a `create sequence` would have it.
    pub fn definition(&self) -> String {
        let cycle = if self.cycles { " cycle" } else { "" };
        format!(
            "as {} start with {} increment by {} minvalue {} maxvalue {} cache {}{cycle}",
            self.type_name, self.start_value, self.step, self.least, self.greatest, self.cache
        )
    }
}

fn sequence_line(sequence: &Sequence) -> String {
    match &sequence.owner {
        Some((table, column)) => format!("sequence of {table}.{column} {}", sequence.facts.definition()),
        None => format!("sequence {} {}", sequence.name, sequence.facts.definition()),
    }
}
