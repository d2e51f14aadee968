//! Deep production traces under a baseline: agents that answer, call tools and hand over, six levels down.
//!
//! The spans below the baseline carry the run's id; without it every one of them would count as an orphan.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::agents::AGENTS;
use super::dice::Dice;
use super::run::RunStory;
use super::span::iso;
use super::story::Agent;
use super::words;

/// A span below the baseline.
#[derive(Debug)]
pub(super) struct TraceSpan {
    pub(super) span_id: String,
    pub(super) parent: String,
    pub(super) kind: &'static str,
    pub(super) data: Value,
    pub(super) at: DateTime<Utc>,
}

/// Whether the run's baseline is the root of a deep trace.
pub(super) fn is_deep(index: u32, lean: bool) -> bool {
    index % if lean { 240 } else { 12 } == 1
}

/// Draws the spans below the baseline, parents first.
pub(super) fn draw(run: &RunStory, dice: &mut Dice) -> Vec<TraceSpan> {
    let mut tree = Tree { run, spans: Vec::with_capacity(60), at: run.baseline_at };
    let mut agent = run.agent;
    let mut parent = run.baseline_span_id.clone();
    for hop in 0..3 {
        tree.work(agent, &parent, dice);
        if hop == 2 {
            break;
        }
        let next = AGENTS.iter().find(|other| other.name == agent.hands_to).unwrap_or(agent);
        let handoff = json!({
            "agent_name": agent.name, "target_agent": next.name, "reason": "the question belongs there",
            "context_passed": {"order": words::order(dice)},
        });
        let handoff = tree.push(&parent, "handoff", handoff, 12, dice);
        parent = tree.push(
            &handoff,
            "agent",
            json!({"agent_name": next.name, "model": next.model.name}),
            40,
            dice,
        );
        agent = next;
    }
    tree.spans
}

struct Tree<'a> {
    run: &'a RunStory,
    spans: Vec<TraceSpan>,
    at: DateTime<Utc>,
}

impl Tree<'_> {
    fn work(&mut self, agent: &Agent, parent: &str, dice: &mut Dice) {
        for step in 0..dice.between(7, 9) {
            self.respond(agent, parent, dice);
            let tool = self.call(agent, parent, dice);
            if step == 3 {
                // A tool that asks a model itself.
                self.respond(agent, &tool, dice);
            }
        }
    }

    fn respond(&mut self, agent: &Agent, parent: &str, dice: &mut Dice) {
        let (input, output) = (dice.between(200, 2_400), dice.between(12, 260));
        let ms = dice.between(250, 2_600);
        let text = words::answer(agent, 2, dice);
        let data = json!({
            "agent_name": agent.name, "model": agent.model.name,
            "output_messages": [{"role": "assistant", "content": text}],
            "metadata": {"tokens": input + output, "input_tokens": input, "output_tokens": output, "latency_ms": ms},
        });
        self.push(parent, "response", data, ms, dice);
    }

    fn call(&mut self, agent: &Agent, parent: &str, dice: &mut Dice) -> String {
        let failed = dice.chance(0.12);
        let ms = if failed { 5_000 } else { dice.between(15, 800) };
        let tool = dice.pick(agent.tools);
        let arguments = words::arguments(dice);
        let mut data = json!({"agent_name": agent.name, "tool_name": tool, "arguments": arguments});
        if failed {
            let error = words::tool_error(dice);
            data["error"] = json!(error);
            data["error_info"] = json!({"message": error, "type": error.split(':').next(), "backtrace": []});
        } else {
            data["result"] = words::tool_result(2, dice);
        }
        data["metadata"] = json!({"latency_ms": ms});
        self.push(parent, "tool", data, ms, dice)
    }

    fn push(
        &mut self,
        parent: &str,
        kind: &'static str,
        mut data: Value,
        ms: i64,
        dice: &mut Dice,
    ) -> String {
        let span_id = super::run::span_id(dice);
        let end = self.at + Duration::milliseconds(ms);
        data["span_id"] = json!(span_id);
        data["trace_id"] = json!(self.run.trace_id);
        data["parent_span_id"] = json!(parent);
        data["span_type"] = json!(kind);
        data["timestamps"] = json!({"start_time": iso(self.at), "end_time": iso(end)});
        self.spans.push(TraceSpan {
            span_id: span_id.clone(),
            parent: parent.to_owned(),
            kind,
            data,
            at: self.at,
        });
        self.at = end;
        span_id
    }
}
