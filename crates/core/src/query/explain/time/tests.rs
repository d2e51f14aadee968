//! The rules against plans that others published, with the figures that they say.

use super::*;

/// A node of a published plan: its parent, what it is, a loop's time and the loops.
fn node(parent: Option<usize>, kind: &str, loop_ms: f64, loops: f64) -> Timed {
    let relationship = parent.map(|_| "Outer".to_owned());
    Timed { parent, kind: kind.to_owned(), relationship, loop_ms, loops, ..Timed::default() }
}

impl Timed {
    fn init(mut self, subplan: &str) -> Self {
        self.relationship = Some("InitPlan".to_owned());
        self.subplan = Some(subplan.to_owned());
        self
    }

    fn reads(mut self, cte: &str) -> Self {
        self.cte = Some(cte.to_owned());
        self
    }

    fn says(mut self, text: &str) -> Self {
        self.expressions = text.to_owned();
        self
    }
}

fn check(nodes: &[Timed], expected: &[f64]) {
    let own: Vec<f64> = spent(nodes).0.iter().map(|spent| (spent.own * 1000.0).round() / 1000.0).collect();
    assert_eq!(own, expected);
}

#[test]
fn a_loops_time_counts_as_often_as_it_ran() {
    // pev2, 02-actual-duration-loops: a Materialize of 402 loops over one scan.
    check(
        &[
            node(None, "Nested Loop", 10.198, 1.0),
            node(Some(0), "Seq Scan", 0.058, 1.0),
            node(Some(0), "Materialize", 0.008, 402.0),
            node(Some(2), "Seq Scan", 0.015, 1.0),
        ],
        &[6.924, 0.058, 3.201, 0.015],
    );
}

#[test]
fn processes_side_by_side_are_not_added_up() {
    // pev2, 04-actual-duration-parallel: two workers and the leader.
    check(
        &[
            node(None, "Gather Merge", 3805.404, 1.0),
            node(Some(0), "Sort", 2020.558, 3.0),
            node(Some(1), "Seq Scan", 400.681, 3.0),
        ],
        &[1784.846, 1619.877, 400.681],
    );
}

#[test]
fn a_gather_in_a_loop_has_no_more_processes_for_it() {
    // flame-explain, ParallelAppendCount: a Gather of 2 loops over 6 loops of its child, and two members that one
    // process each ran twice.
    check(
        &[
            node(None, "Gather", 224.902, 2.0),
            node(Some(0), "Append", 140.441, 6.0),
            node(Some(1), "Aggregate", 217.43, 2.0),
            node(Some(1), "Aggregate", 203.881, 2.0),
        ],
        &[168.922, 0.008, 144.953, 135.921],
    );
}

#[test]
fn a_worker_that_did_not_start_is_not_counted() {
    check(&[node(None, "Gather", 300.0, 1.0), node(Some(0), "Seq Scan", 290.0, 1.0)], &[10.0, 290.0]);
}

#[test]
fn a_cte_is_taken_off_its_scans_and_never_off_its_owner() {
    // pev2, 03-actual-duration-cte: all of the second is the CTE's, and the first scan waited for it.
    check(
        &[
            node(None, "Result", 1001.087, 1.0),
            node(Some(0), "Result", 1001.076, 1.0).init("CTE test"),
            node(Some(0), "Append", 1001.085, 1.0),
            node(Some(2), "CTE Scan", 1001.082, 1.0).reads("test"),
            node(Some(2), "CTE Scan", 0.002, 1.0).reads("test"),
        ],
        &[0.002, 1001.076, 0.001, 0.008, 0.0],
    );
}

#[test]
fn a_cte_that_two_read_is_paid_by_each_as_far_as_it_waited() {
    // flame-explain, CTESleepUnion: the InitPlan waited for the first row, the query for the second.
    let nodes = [
        node(None, "Limit", 304.393, 1.0),
        node(Some(0), "Append", 304.335, 1.0).init("CTE foo"),
        node(Some(1), "Result", 102.133, 1.0),
        node(Some(1), "Result", 202.198, 1.0),
        node(Some(1), "Result", 0.0, 0.0),
        node(Some(0), "CTE Scan", 102.154, 1.0).init("InitPlan 2 (returns $1)").reads("foo"),
        node(Some(0), "Result", 304.388, 1.0).says("$1"),
        node(Some(6), "CTE Scan", 202.210, 1.0).reads("foo"),
    ];
    check(&nodes, &[0.005, 0.004, 102.133, 202.198, 0.0, 0.01, 0.024, 0.019]);
}

#[test]
fn ctes_of_one_name_are_told_apart_by_who_owns_them() {
    // flame-explain, CTENameDupe: a CTE "a" inside of a CTE "a".
    let nodes = [
        node(None, "Append", 402.226, 1.0),
        node(Some(0), "Nested Loop", 402.184, 1.0).init("CTE a"),
        node(Some(1), "Result", 101.872, 1.0).init("CTE a"),
        node(Some(1), "CTE Scan", 101.881, 1.0).reads("a"),
        node(Some(1), "CTE Scan", 0.003, 1.0).reads("a"),
        node(Some(0), "Nested Loop", 402.219, 1.0),
        node(Some(5), "CTE Scan", 402.209, 1.0).reads("a"),
        node(Some(0), "Nested Loop", 0.004, 1.0),
        node(Some(7), "CTE Scan", 0.001, 1.0).reads("a"),
    ];
    check(&nodes, &[0.003, 300.3, 101.872, 0.012, 0.0, 0.01, 0.026, 0.003, 0.0]);
}

#[test]
fn an_init_plan_is_paid_where_its_value_is_first_needed() {
    // flame-explain, InitFilter: it hangs under the node whose filter needs it.
    let filter = node(None, "Function Scan", 0.023, 1.0).says("(g > $0)");
    check(&[filter, node(Some(0), "Result", 0.001, 1.0).init("InitPlan 1 (returns $0)")], &[0.022, 0.001]);
    // It hangs at the top, and a scan below needs it; from 17 on by its own name.
    for (subplan, filter) in
        [("InitPlan 1 (returns $0)", "(a = $0)"), ("InitPlan 1", "(a = (InitPlan 1).col1)")]
    {
        let nodes = [
            node(None, "Limit", 110.0, 1.0),
            node(Some(0), "Result", 100.0, 1.0).init(subplan),
            node(Some(0), "Sort", 109.0, 1.0).says("$10"),
            node(Some(2), "Seq Scan", 105.0, 1.0).says(filter),
        ];
        check(&nodes, &[1.0, 100.0, 4.0, 5.0]);
    }
}

#[test]
fn an_init_plan_of_a_parallel_part_ran_once() {
    let nodes = [
        node(None, "Gather", 50.0, 1.0),
        node(Some(0), "Seq Scan", 40.0, 3.0).says("(a = $0)"),
        node(Some(1), "Result", 30.0, 1.0).init("InitPlan 1 (returns $0)"),
    ];
    check(&nodes, &[10.0, 10.0, 30.0]);
}

#[test]
fn rounding_makes_no_time_negative() {
    check(&[node(None, "Limit", 0.001, 1.0), node(Some(0), "Seq Scan", 0.002, 1.0)], &[0.0, 0.002]);
}
