//! The conversation of a span, whichever dialect wrote it.
//!
//! Traps: a result's output_messages is the whole conversation and repeats the input; content may be text, a list
//! of parts or JSON text; some rows hold only plain `input` and `output`.

use serde_json::Value;

use super::super::json::{cut, display, first, number, text};
use super::{Handoff, Message, ToolCall};

/// Characters of a content, an argument or an answer that are kept.
const KEPT: usize = 20_000;

/// A span's messages in order, and how many of them were the input.
pub(super) fn conversation(data: &Value) -> (Vec<Message>, usize) {
    let input = list(
        data,
        &[
            "input_messages",
            "metadata.input_messages",
            "messages",
            "metadata.messages",
            "input",
            "metadata.input",
        ],
        "user",
    );
    let output = list(
        data,
        &["output_messages", "metadata.output_messages", "output", "metadata.output"],
        "assistant",
    );
    let repeated = shared(&input, &output);
    let inputs = input.len();
    let messages = input.into_iter().chain(output.into_iter().skip(repeated)).collect();
    (messages, inputs)
}

/// The calls that stand beside the conversation.
pub(super) fn tool_calls(data: &Value) -> Vec<ToolCall> {
    items(data, &["tool_calls", "metadata.tool_calls"]).iter().map(tool_call).collect()
}

/// The handoffs.
pub(super) fn handoffs(data: &Value) -> Vec<Handoff> {
    items(data, &["handoffs", "metadata.handoffs"]).iter().map(handoff).collect()
}

fn items<'a>(data: &'a Value, paths: &[&str]) -> &'a [Value] {
    let found =
        paths.iter().find_map(|path| first(data, &[path])?.as_array().filter(|items| !items.is_empty()));
    found.map_or(&[], Vec::as_slice)
}

/// The first of the places that holds anything; a plain text is one message of the given role.
fn list(data: &Value, paths: &[&str], role: &str) -> Vec<Message> {
    for path in paths {
        let messages = match first(data, &[path]) {
            Some(Value::Array(messages)) => messages.iter().map(|value| message(value, role)).collect(),
            Some(Value::Null) | None => Vec::new(),
            Some(value) => vec![message(value, role)],
        };
        if !messages.is_empty() {
            return messages;
        }
    }
    Vec::new()
}

/// How many messages the output repeats from the input, from its beginning.
fn shared(input: &[Message], output: &[Message]) -> usize {
    let repeats = output.len() > input.len() && input.iter().zip(output).all(|(asked, told)| asked == told);
    if repeats { input.len() } else { 0 }
}

fn message(value: &Value, role: &str) -> Message {
    let content = match value {
        Value::Object(_) => first(value, &["content", "text", "output"]).map(content).unwrap_or_default(),
        other => display(other),
    };
    let bytes = i64::try_from(content.len()).unwrap_or(i64::MAX);
    let (content, content_cut) = cut(content, KEPT);
    Message {
        role: text(value, &["role"]).unwrap_or_else(|| role.to_owned()),
        content,
        content_bytes: bytes,
        content_cut,
        name: text(value, &["name"]),
        tool_call_id: text(value, &["tool_call_id"]),
        tool_calls: items(value, &["tool_calls"]).iter().map(tool_call).collect(),
    }
}

/// A content as text: the parts of a list one below the other.
fn content(value: &Value) -> String {
    match value {
        Value::Array(parts) => parts.iter().map(part).collect::<Vec<_>>().join("\n"),
        Value::Object(_) => part(value),
        other => display(other),
    }
}

fn part(value: &Value) -> String {
    let said = text(value, &["text", "text.value", "content", "input_text", "output_text"]);
    said.unwrap_or_else(|| match text(value, &["type"]) {
        Some(kind) if kind.contains("image") => format!("[{kind}]"),
        _ => display(value),
    })
}

/// RAAF's own keys, the console's, and those of the model vendors' APIs.
fn tool_call(value: &Value) -> ToolCall {
    ToolCall {
        id: text(value, &["id", "call_id", "tool_call_id"]),
        name: text(value, &["tool_name", "name", "function.name"]).unwrap_or_else(|| "tool".to_owned()),
        arguments: kept(value, &["arguments", "function.arguments", "input"]),
        result: kept(value, &["result", "output"]),
        error: kept(value, &["error"]),
        duration_ms: number(value, &["duration_ms"]),
    }
}

fn handoff(value: &Value) -> Handoff {
    Handoff {
        target: text(value, &["target_agent", "to_agent", "target", "to"]).unwrap_or_else(|| display(value)),
        reason: text(value, &["reason"]),
        context: kept(value, &["context_passed", "context"]),
    }
}

fn kept(value: &Value, paths: &[&str]) -> Option<String> {
    first(value, paths).map(|found| cut(display(found), KEPT).0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(data: Value, expected: &[(&str, &str)], inputs: usize) {
        let (messages, of_input) = conversation(&data);
        let told: Vec<_> = messages.iter().map(|m| (m.role.as_str(), m.content.as_str())).collect();
        assert_eq!(told, expected);
        assert_eq!(of_input, inputs);
    }

    #[test]
    fn the_engine_repeats_the_input_in_the_output() {
        check(
            json!({
                "input_messages": [{"role": "user", "content": "q"}],
                "output_messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]
            }),
            &[("user", "q"), ("assistant", "a")],
            1,
        );
    }

    #[test]
    fn the_documentation_keeps_it_under_metadata() {
        check(
            json!({"metadata": {"messages": [{"role": "user", "content": "q"}], "output": "a"}}),
            &[("user", "q"), ("assistant", "a")],
            1,
        );
    }

    #[test]
    fn plain_texts_and_lists_of_parts_are_messages() {
        check(
            json!({"input": "q", "output_messages": [{"role": "assistant", "content": [{"type": "output_text", "text": "a"}, {"text": "b"}]}]}),
            &[("user", "q"), ("assistant", "a\nb")],
            1,
        );
    }

    #[test]
    fn odd_data_is_no_conversation() {
        check(json!(null), &[], 0);
        check(json!(["x"]), &[], 0);
        check(json!({"input_messages": null, "output_messages": {}}), &[("assistant", "")], 0);
    }

    #[test]
    fn a_long_content_is_cut_with_its_size() {
        let (messages, _) = conversation(&json!({"output": "x".repeat(30_000)}));
        assert_eq!((messages[0].content.len(), messages[0].content_bytes), (20_000, 30_000));
        assert!(messages[0].content_cut);
    }

    #[test]
    fn a_tool_has_a_name_in_every_dialect() {
        for call in [json!({"tool_name": "t"}), json!({"name": "t"}), json!({"function": {"name": "t"}})] {
            assert_eq!(tool_calls(&json!({"tool_calls": [call]}))[0].name, "t");
        }
    }
}
