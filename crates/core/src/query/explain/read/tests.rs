use super::*;

const PLAN: &str = r#"[{"Plan": {"Node Type": "Limit", "Parallel Aware": false, "Startup Cost": 0.0, "Total Cost": 40.0,
  "Plan Rows": 10, "Plan Width": 8, "Actual Startup Time": 0.1, "Actual Total Time": 100.0, "Actual Rows": 10.00,
  "Actual Loops": 1, "Shared Hit Blocks": 100, "Shared Read Blocks": 28, "Plans": [
   {"Node Type": "Gather", "Parent Relationship": "Outer", "Parallel Aware": false, "Total Cost": 400.0,
    "Plan Rows": 2400, "Actual Total Time": 99.0, "Actual Rows": 10, "Actual Loops": 1, "Workers Planned": 2,
    "Workers Launched": 2, "Shared Hit Blocks": 100, "Shared Read Blocks": 28, "Plans": [
     {"Node Type": "Seq Scan", "Parent Relationship": "Outer", "Parallel Aware": true, "Schema": "public",
      "Relation Name": "t<script>", "Alias": "t", "Total Cost": 300.0, "Plan Rows": 1000, "Plan Width": 8,
      "Actual Total Time": 90.0, "Actual Rows": 20000, "Actual Loops": 3, "Filter": "(t.a = 1)",
      "Rows Removed by Filter": 100, "Shared Hit Blocks": 90, "Shared Read Blocks": 28, "New In 27": {"a": 1}}]}]},
  "Planning Time": 0.5, "Triggers": [], "Execution Time": 100.0}]"#;

#[test]
fn a_plan_is_read_with_what_each_node_took_alone() {
    let plan = read_plan(PLAN, 8192).unwrap();
    let own: Vec<_> = plan.nodes.iter().map(|node| (node.name.as_str(), node.own_ms())).collect();
    assert_eq!(own, [("Limit", 1.0), ("Gather", 9.0), ("Parallel Seq Scan", 90.0)]);
    let scan = &plan.nodes[2];
    assert_eq!((scan.level, scan.parent, scan.heat), (3, Some(1), ExplainHeat::Hot));
    assert_eq!(scan.measured.as_ref().unwrap().share, Some(0.9));
    assert_eq!(scan.measured.as_ref().unwrap().removed, Some(300.0));
    assert_eq!(scan.condition("Filter"), Some("(t.a = 1)"));
    assert_eq!((plan.planning_ms, plan.execution_ms, plan.rows), (Some(0.5), Some(100.0), Some(10.0)));
}

#[test]
fn buffers_are_bytes_and_each_nodes_own() {
    let plan = read_plan(PLAN, 8192).unwrap();
    assert_eq!(plan.buffers.unwrap().touched(), 128 * 8192);
    let own: Vec<_> = plan.nodes.iter().map(|node| node.buffers.unwrap().hit / 8192).collect();
    assert_eq!(own, [0, 10, 90]);
}

#[test]
fn the_guess_of_a_parallel_part_is_of_the_whole() {
    let plan = read_plan(PLAN, 8192).unwrap();
    let scan = &plan.nodes[2];
    // Two workers and four tenths of a leader.
    assert_eq!((scan.guess_per_loop, scan.guess), (1000.0, 2400.0));
    let measured = scan.measured.as_ref().unwrap();
    assert_eq!((measured.rows, measured.off_by), (60_000.0, Some(25.0)));
}

#[test]
fn whoever_a_limit_stopped_did_not_guess_wrong() {
    let plan = read_plan(PLAN, 8192).unwrap();
    assert_eq!(plan.nodes[1].measured.as_ref().unwrap().off_by, None);
}

#[test]
fn what_nobody_knows_is_kept_as_it_is_said() {
    let plan = read_plan(PLAN, 8192).unwrap();
    assert_eq!(plan.nodes[2].fact("New In 27"), Some("a: 1"));
    assert_eq!(plan.nodes[2].relation.as_deref(), Some("t<script>"));
}

#[test]
fn without_analyze_there_is_nothing_measured() {
    let json = r#"[{"Plan": {"Node Type": "Hash Join", "Total Cost": 100.0, "Plan Rows": 5, "Plans": [
        {"Node Type": "Seq Scan", "Parent Relationship": "Outer", "Total Cost": 70.0, "Plan Rows": 5}]}}]"#;
    let plan = read_plan(json, 8192).unwrap();
    assert!(plan.nodes[0].measured.is_none() && plan.execution_ms.is_none());
    assert_eq!((plan.nodes[0].own_cost, plan.nodes[1].cost_share), (30.0, 0.7));
    assert_eq!(plan.nodes[1].heat, ExplainHeat::Hot);
}

#[test]
fn two_thousand_nodes_in_one_line_of_descent_are_read() {
    let open = r#"{"Node Type": "Subquery Scan", "Actual Loops": 1, "Actual Total Time": 1.0, "Plans": ["#;
    let json = format!("[{{\"Plan\": {}{}}}]", open.repeat(2_000), "]}".repeat(2_000));
    let plan = read_plan(&json, 8192).unwrap();
    assert_eq!((plan.nodes.len(), plan.nodes[1_999].level), (2_000, 2_000));
    assert_eq!(plan.nodes[1_999].own_ms(), 1.0);
}

#[test]
fn a_statement_that_rules_make_nothing_of_has_no_plan() {
    assert_eq!(read_plan("[]", 8192).unwrap_err().kind(), ErrorKind::Precondition);
}
