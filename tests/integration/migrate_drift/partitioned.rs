//! The evaluation tables partitioned in place, as they are once they have grown.

use evaldesk_core::catalog::drift::{Difference, DriftSeverity};
use evaldesk_core::migrate::{DriftStatus, MigrationContext, Version, Weight, verify_migration};
use support::{TestDatabase, fresh_database, versions};

use super::{lines, report};

const SPANS_BY_RUN: &str = "20261102090000";

/// The runs by month: the old table becomes a partition, as a migration online does it.
const PARTITION_RUNS: &str = include_str!("../../fixtures/schema/partition_runs.sql");
const PARTITION_SPANS: &str = include_str!("../../fixtures/schema/partition_spans.sql");

async fn partitioned(major: u32, sql: &str) -> TestDatabase {
    let test = fresh_database(major).await;
    test.run(sql).await;
    test
}

fn find<'a>(differences: &'a [Difference], line: &str) -> &'a Difference {
    differences
        .iter()
        .find(|one| one.to_string() == line)
        .unwrap_or_else(|| panic!("{line} is not in {:#?}", lines(differences)))
}

#[tokio::test]
async fn a_partitioned_twin_is_recognised_and_its_keys_are_explained() {
    for major in versions() {
        let test = partitioned(major, PARTITION_RUNS).await;
        let report = report(&test).await;
        let twin = find(&report.equivalents, "table evaluation_runs differs");
        assert!(
            twin.actual.as_deref().unwrap().starts_with("partitioned by RANGE (created_at), 3 partitions")
        );
        let key = find(&report.differences, "constraint evaluation_runs_pkey of evaluation_runs differs");
        assert_eq!((key.severity, key.mend_database.len()), (DriftSeverity::Attention, 0));
        assert!(key.note.as_deref().unwrap().contains("must hold the partition key (created_at)"));
        let foreign: Vec<_> = report
            .differences
            .iter()
            .filter(|one| one.note.as_deref().unwrap_or("").contains("can point at (id)"))
            .collect();
        assert_eq!(foreign.len(), 3, "spans, configurations, results: {:#?}", lines(&report.differences));
        assert_eq!(report.differences.len(), 4, "on {major}: {:#?}", lines(&report.differences));
    }
}

#[tokio::test]
async fn partitions_and_attached_indexes_are_nobodys_extras() {
    let test = partitioned(15, PARTITION_RUNS).await;
    let report = report(&test).await;
    let all = lines(&report.differences)
        .into_iter()
        .chain(lines(&report.equivalents))
        .collect::<Vec<_>>()
        .join("\n");
    assert!(!all.contains("evaluation_runs_p1") && !all.contains("evaluation_runs_rest"), "{all}");
    assert!(!all.contains("index"), "{all}");
}

#[tokio::test]
async fn an_index_made_on_the_parent_only_is_attached_partition_by_partition() {
    for major in versions() {
        let test = partitioned(major, PARTITION_SPANS).await;
        test.run(
            "drop index index_evaluation_spans_on_evaluation_run_id;
             create index index_evaluation_spans_on_evaluation_run_id on only evaluation_spans (evaluation_run_id)",
        )
        .await;
        let line = "index index_evaluation_spans_on_evaluation_run_id of evaluation_spans differs";
        let mend = find(&report(&test).await.differences, line).mend_database.clone();
        assert_eq!(mend.len(), 4, "an index and its attachment for each of two partitions: {mend:#?}");
        for statement in &mend {
            test.run(statement).await;
        }
        assert!(!lines(&report(&test).await.differences).contains(&line.to_owned()));
    }
}

#[tokio::test]
async fn an_index_that_only_the_partitions_have_is_told_and_attached() {
    let test = partitioned(15, PARTITION_SPANS).await;
    test.run(
        "drop index index_evaluation_spans_on_evaluation_run_id;
         create index on evaluation_spans_p1 (evaluation_run_id); create index on evaluation_spans_rest (evaluation_run_id)",
    )
    .await;
    let line = "index index_evaluation_spans_on_evaluation_run_id of evaluation_spans is missing";
    let found = report(&test).await.differences;
    let missing = find(&found, line);
    assert!(missing.note.as_deref().unwrap().contains("every partition has it"), "{missing:#?}");
    for statement in &missing.mend_database {
        test.run(statement).await;
    }
    assert!(!lines(&report(&test).await.differences).contains(&line.to_owned()));
    let weight = weights(&test, SPANS_BY_RUN).await;
    assert_eq!(weight, []);
}

async fn weights(test: &TestDatabase, version: &str) -> Vec<(Weight, String)> {
    let database = test.open().await;
    let context = MigrationContext::embedded().unwrap();
    let reports = verify_migration(&database, &context, Some(&Version::new(version))).await.unwrap();
    reports.into_iter().flat_map(|report| report.problems).map(|one| (one.weight, one.problem)).collect()
}

#[tokio::test]
async fn the_verify_files_know_partitioned_tables() {
    for major in versions() {
        for sql in [PARTITION_RUNS, PARTITION_SPANS] {
            let test = partitioned(major, sql).await;
            let found = weights(&test, "20251106000001").await;
            assert!(
                !found.is_empty() && found.iter().all(|(weight, _)| *weight == Weight::Attention),
                "{found:#?}"
            );
            assert!(found.iter().any(|(_, problem)| problem.contains("partition key")), "{found:#?}");
        }
        let test = partitioned(major, PARTITION_SPANS).await;
        assert_eq!(weights(&test, SPANS_BY_RUN).await, []);
        test.run(
            "drop index index_evaluation_spans_on_evaluation_run_id;
             create index on only evaluation_spans (evaluation_run_id)",
        )
        .await;
        let found = weights(&test, SPANS_BY_RUN).await;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, Weight::Conflict);
        assert!(found[0].1.contains("2 of 2 partitions"), "{found:?}");
    }
}

#[tokio::test]
async fn what_only_the_partitions_have_serves_queries_and_is_worth_a_word() {
    let test = partitioned(15, PARTITION_SPANS).await;
    test.run(
        "drop index index_evaluation_spans_on_evaluation_run_id;
         create index on evaluation_spans_p1 (evaluation_run_id); create index on evaluation_spans_rest (evaluation_run_id)",
    )
    .await;
    let found = weights(&test, SPANS_BY_RUN).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, Weight::Attention, "{found:?}");
    assert_eq!(report(&test).await.status, DriftStatus::Differs);
}
