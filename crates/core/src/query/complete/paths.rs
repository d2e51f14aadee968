//! Keys of JSON columns: those that RAAF is known to write, and those that a small sample of the column has.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::catalog;
use super::context::Context;
use super::index::{Index, Known, lock};
use super::rank::Found;
use super::scope::Item;
use crate::Ident;
use crate::Result;
use crate::connection::Database;
use crate::ident::QualifiedName;
use crate::sql::SafeSql;

/// Rows that a sample looks into.
const SAMPLE: i64 = 50;
/// How long a sample may take: the known keys do not wait longer.
const PATIENCE: Duration = Duration::from_millis(700);

/// Columns of the evaluation tables with the keys that the three dialects of RAAF write, joined by dots.
const KNOWN: &[(&str, &str)] = &[
    (
        "span_data",
        "span_id trace_id parent_span_id span_type agent_name model instructions parameters.temperature parameters.max_tokens parameters.top_p input_messages output_messages tool_calls handoffs context_variables provider_details.provider metadata.tokens metadata.input_tokens metadata.output_tokens metadata.reasoning_tokens metadata.latency_ms metadata.cost metadata.model metadata.output metadata.usage.total_tokens metadata.ttft_ms error_info.message error_info.type timestamps.start_time timestamps.end_time status source",
    ),
    (
        "changes",
        "model provider parameters.temperature parameters.max_tokens parameters.top_p instructions tools temperature max_tokens top_p",
    ),
    (
        "configuration_changes",
        "model provider parameters.temperature parameters.max_tokens parameters.top_p instructions tools temperature max_tokens top_p",
    ),
    (
        "token_metrics",
        "baseline.total baseline.input baseline.output baseline.reasoning result.total result.input result.output result.reasoning delta.total delta.input delta.output percentage_change total_tokens input_tokens output_tokens reasoning_tokens cost baseline_total_tokens result_total_tokens baseline_cost result_cost token_delta token_delta_percentage cost_delta cost_delta_percentage",
    ),
    (
        "latency_metrics",
        "baseline_ms result_ms delta_ms percentage_change total_ms total_time_ms time_to_first_token_ms time_per_token_ms api_latency_ms baseline_latency_ms result_latency_ms baseline_ttft_ms result_ttft_ms latency_delta_ms latency_delta_percentage ttft_delta_ms improvement",
    ),
    (
        "accuracy_metrics",
        "exact_match fuzzy_match length_ratio bleu_score f1_score fuzzy_match_score edit_distance word_overlap character_accuracy",
    ),
    (
        "structural_metrics",
        "output_length format_valid has_content schema_valid baseline_length result_length length_delta length_delta_percentage has_code_blocks code_block_count has_lists has_links schema_errors",
    ),
    (
        "ai_comparison",
        "semantic_similarity_score coherence_score hallucination_detected bias_detected.gender bias_detected.race bias_detected.region tone_consistency factuality_score comparison_reasoning status reason error relevance_score hallucination_details toxicity_detected pii_detected policy_compliant evaluation_model evaluation_cost evaluation_latency_ms",
    ),
    (
        "statistical_analysis",
        "confidence_intervals significance_test.p_value significance_test.significant variance effect_size.cohens_d p_value significant t_statistic baseline_mean result_mean cohens_d interpretation mean min max confidence alpha sufficient_samples",
    ),
    (
        "baseline_comparison",
        "token_delta.absolute token_delta.percentage latency_delta.absolute_ms latency_delta.percentage quality_change regression_detected token_regression latency_regression quality_regression regression_types regression_severity recommendation safe_to_deploy cost_delta",
    ),
    ("metadata", "tags version hypothesis expected_outcome"),
];

/// The keys at a path of a column.
pub(super) async fn all(
    database: &Database,
    index: &Index,
    known: &HashMap<i64, Arc<Known>>,
    context: &Context,
    (column, keys): (&[String], &[String]),
) -> Vec<Found> {
    let name = column.last().map(String::as_str).unwrap_or_default();
    let mut found: Vec<Found> = written_by_raaf(name, keys).into_iter().map(|key| path(&key, 0)).collect();
    for (relation, is_json) in owners(index, known, context, column) {
        if is_json {
            let sampled = sample(database, index, &relation, name, keys).await;
            found.extend(sampled.iter().map(|key| path(key, 1)));
        }
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|found| seen.insert(found.candidate.label.clone()));
    found
}

fn path(key: &str, far: u8) -> Found {
    Found::new("path", key, format!("'{}'", key.replace('\'', "''")), far)
}

fn written_by_raaf(column: &str, keys: &[String]) -> Vec<String> {
    let paths = KNOWN.iter().find(|(name, _)| *name == column).map_or("", |(_, paths)| paths);
    let prefix = keys.iter().fold(String::new(), |path, key| path + key + ".");
    let below =
        paths.split(' ').filter_map(|path| path.strip_prefix(&prefix)).filter(|rest| !rest.is_empty());
    let mut next: Vec<String> = below.map(|rest| rest.split('.').next().unwrap_or(rest).to_owned()).collect();
    next.dedup();
    next
}

/// The relations of the scope that have the column, and whether it is JSON there.
fn owners(
    index: &Index,
    known: &HashMap<i64, Arc<Known>>,
    context: &Context,
    column: &[String],
) -> Vec<(QualifiedName, bool)> {
    let (Some(name), qualifier) = (column.last(), column.len().checked_sub(2).and_then(|at| column.get(at)))
    else {
        return Vec::new();
    };
    let fits =
        |item: &&Item| item.derived.is_none() && qualifier.is_none_or(|qualifier| item.called() == qualifier);
    let relations = context.scope.items.iter().filter(fits).filter_map(|item| index.resolve(item));
    let with = relations.filter_map(|relation| {
        let column = known.get(&relation.oid)?.columns.iter().find(|column| column.name == *name)?;
        let is_json = matches!(column.type_name.as_str(), "json" | "jsonb");
        Some((QualifiedName::new(&relation.schema, &relation.name), is_json))
    });
    with.collect()
}

async fn sample(
    database: &Database,
    index: &Index,
    relation: &QualifiedName,
    column: &str,
    keys: &[String],
) -> Vec<String> {
    let place = format!("{relation}.{column}.{keys:?}");
    if let Some(known) = lock(&index.found).get(&place) {
        return known.clone();
    }
    let asked = tokio::time::timeout(PATIENCE, ask(database, relation, column, keys)).await;
    // What is slow or forbidden is not asked for again with each letter.
    let found = asked.ok().and_then(Result::ok).unwrap_or_default();
    lock(&index.found).insert(place, found.clone());
    found
}

/// The keys in a few rows whose value is not large: reading stops after them, whatever the table weighs.
async fn ask(
    database: &Database,
    relation: &QualifiedName,
    column: &str,
    keys: &[String],
) -> Result<Vec<String>> {
    let column = Ident::new(column);
    let sql = SafeSql::new("select distinct key from (select ")
        .ident(&column)
        .push("::jsonb #> $1 as value from ")
        .name(relation)
        .push(" where pg_column_size(")
        .ident(&column)
        .push(") < 65536 limit ")
        .number(SAMPLE)
        .push(") sample, jsonb_object_keys(case when jsonb_typeof(value) = 'object' then value else '{}' end) as key order by 1 limit 200");
    let mut transaction = catalog::begin(database).await?;
    Ok(sqlx::query_scalar(sql.to_query()).bind(keys).fetch_all(&mut *transaction).await?)
}
