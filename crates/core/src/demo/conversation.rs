//! The conversation that a run replays: drawn once, so that its baseline and every configuration answer the same words.
//!
//! The system message is not part of it: each configuration brings its own.

use serde_json::{Value, json};

use super::dice::Dice;
use super::story::Agent;
use super::words;

/// How long the conversation is and how much its tools bring back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Length {
    /// One question.
    Short,
    /// A few turns and a tool or two.
    Usual,
    /// More than thirty messages with tool calls, an error and a handoff.
    Long,
    /// A few turns whose tools bring back so many lines, about 150 bytes each.
    Heavy(usize),
}

impl Length {
    /// By the place of the run. A lean history has long ones too, but few, and no megabytes.
    pub(super) fn of_run(index: u32, lean: bool) -> Self {
        if lean {
            return if index % 50 == 7 { Self::Long } else { Self::Short };
        }
        match index {
            _ if index % 100 == 30 => Self::Heavy(9_000),
            _ if index % 25 == 6 => Self::Heavy(700),
            _ if index % 10 == 2 => Self::Heavy(130),
            _ if index % 9 == 4 => Self::Long,
            _ if index % 4 == 3 => Self::Short,
            _ => Self::Usual,
        }
    }

    /// Whether copies of it would fill the disk.
    pub(super) fn is_heavy(self) -> bool {
        matches!(self, Self::Heavy(lines) if lines > 500)
    }

    fn turns(self, dice: &mut Dice) -> i64 {
        match self {
            Self::Short => 1,
            Self::Usual | Self::Heavy(_) => dice.between(2, 4),
            Self::Long => dice.between(10, 17),
        }
    }

    fn tool_lines(self) -> usize {
        match self {
            Self::Heavy(lines) => lines,
            Self::Short => 0,
            _ => 2,
        }
    }
}

/// Messages before the answer, and what was called on the way.
#[derive(Debug, Clone)]
pub(super) struct Conversation {
    pub(super) messages: Vec<Value>,
    pub(super) tool_calls: Vec<Value>,
    pub(super) handoffs: Vec<Value>,
}

impl Conversation {
    /// Nothing said yet.
    pub(super) const EMPTY: Self =
        Self { messages: Vec::new(), tool_calls: Vec::new(), handoffs: Vec::new() };

    /// Draws one that ends with the customer's last message.
    pub(super) fn draw(agent: &Agent, length: Length, dice: &mut Dice) -> Self {
        let mut talk = Self::EMPTY;
        let turns = length.turns(dice);
        talk.say("user", words::opening(agent, dice));
        for turn in 1..turns {
            if turn % 3 != 0 || length != Length::Long {
                talk.call(agent, if turn == 1 { length.tool_lines() } else { 2 }, dice);
            }
            if length == Length::Long && turn == turns - 2 {
                talk.hand_over(agent, dice);
            }
            let sentences = dice.between(1, 3) as usize;
            talk.say("assistant", words::answer(agent, sentences, dice));
            talk.say("user", words::follow_up(dice));
        }
        talk
    }

    fn say(&mut self, role: &str, content: String) {
        self.messages.push(json!({"role": role, "content": content}));
    }

    fn call(&mut self, agent: &Agent, lines: usize, dice: &mut Dice) {
        let tool = dice.pick(agent.tools);
        let id = format!("call_{}", dice.hex(12));
        let arguments = words::arguments(dice);
        let failed = dice.chance(0.14);
        let (result, error) = if failed && lines < 100 {
            (Value::Null, json!(words::tool_error(dice)))
        } else {
            (words::tool_result(lines, dice), Value::Null)
        };
        // Providers carry arguments as JSON text; the engine's own list carries the object.
        let call = json!({"id": id, "type": "function", "function": {"name": tool, "arguments": arguments.to_string()}});
        self.messages.push(json!({"role": "assistant", "content": null, "tool_calls": [call]}));
        let content = if error.is_null() {
            result.to_string()
        } else {
            format!("Error: {}", error.as_str().unwrap_or(""))
        };
        self.messages.push(json!({"role": "tool", "content": content, "tool_call_id": id, "name": tool}));
        let duration = dice.between(18, if failed { 5_000 } else { 900 });
        self.tool_calls.push(
            json!({"tool_name": tool, "arguments": arguments, "result": result, "error": error, "duration_ms": duration}),
        );
    }

    fn hand_over(&mut self, agent: &Agent, dice: &mut Dice) {
        let id = format!("call_{}", dice.hex(12));
        let name = format!("transfer_to_{}", agent.hands_to.to_lowercase());
        let order = words::order(dice);
        let call = json!({"id": id, "type": "function", "function": {"name": name, "arguments": "{}"}});
        self.messages.push(json!({"role": "assistant", "content": null, "tool_calls": [call]}));
        let content = json!({"assistant": agent.hands_to}).to_string();
        self.messages.push(json!({"role": "tool", "content": content, "tool_call_id": id, "name": name}));
        self.handoffs.push(json!({
            "target_agent": agent.hands_to,
            "context_passed": {"order": order, "language": dice.pick(&["nl", "de", "en", "fr"])},
            "reason": "the rest of the question belongs to another agent",
        }));
    }
}
