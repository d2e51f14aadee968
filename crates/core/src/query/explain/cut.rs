//! EXPLAIN's JSON, cut into one flat object a node.
//!
//! A plan nests as deep as its query does, and a JSON reader that goes down a level with every node ends at 128 of them
//! (serde_json's limit) or with its stack. Here nothing goes down: what `Plan` and `Plans` hold is lifted out, and what
//! remains of each object is shallow.

use serde_json::{Map, Value};

use crate::{Error, Result};

/// An object of EXPLAIN's JSON.
pub(super) type Object = Map<String, Value>;

/// A node's own members, and whose child it is.
#[derive(Debug)]
pub(super) struct CutNode {
    pub(super) parent: Option<usize>,
    pub(super) members: Object,
}

/// EXPLAIN's JSON without its nesting.
#[derive(Debug)]
pub(super) struct Cut {
    /// What stands around the plans, one for each statement that rules made of the one.
    pub(super) around: Vec<Object>,
    /// Parents before children, as the server lists them.
    pub(super) nodes: Vec<CutNode>,
}

/// Cuts what `explain (format json)` says.
///
/// # Errors
/// Where it is no such JSON.
pub(super) fn cut(json: &str) -> Result<Cut> {
    let texts = lift(json).ok_or_else(|| Error::internal("the server's plan is no JSON that ends"))?;
    let (around, nodes) = texts.split_first().ok_or_else(|| Error::internal("the server sent no plan"))?;
    let around: Vec<Object> = serde_json::from_str(&around.text)?;
    let node = |node: &Text| {
        let members = serde_json::from_str(&node.text)?;
        // The document itself is the first text, and no node.
        Ok(CutNode { parent: node.parent.and_then(|parent| parent.checked_sub(1)), members })
    };
    Ok(Cut { around, nodes: nodes.iter().map(node).collect::<Result<_>>()? })
}

/// The document, or a node: its text with `null` where its plans were.
#[derive(Debug, Default)]
struct Text {
    parent: Option<usize>,
    text: String,
}

/// A text that is not at its end.
#[derive(Debug, Clone, Copy)]
struct Open {
    text: usize,
    /// Braces and brackets that are open in it.
    depth: usize,
    /// Between the nodes of its list of plans.
    in_plans: bool,
}

/// The document and each node as texts; `None` where a quote or a bracket never ends.
fn lift(json: &str) -> Option<Vec<Text>> {
    let mut texts = vec![Text::default()];
    let mut open = vec![Open { text: 0, depth: 0, in_plans: false }];
    let mut at = 0;
    while at < json.len() {
        let end = piece(json, at)?;
        let (read, rest) = (&json[at..end], &json[end..]);
        at = end + step(read, rest, &mut texts, &mut open)?;
    }
    (open.len() == 1 && open.first()?.depth == 0).then_some(texts)
}

/// Takes a piece, and says how much of what follows is taken with it.
fn step(read: &str, rest: &str, texts: &mut Vec<Text>, open: &mut Vec<Open>) -> Option<usize> {
    let top = open.last_mut()?;
    if top.in_plans {
        match read {
            "{" => {
                let parent = Some(top.text);
                texts.push(Text { parent, text: read.to_owned() });
                open.push(Open { text: texts.len() - 1, depth: 1, in_plans: false });
            }
            "]" => top.in_plans = false,
            _ => {}
        }
        return Some(0);
    }
    texts.get_mut(top.text)?.text.push_str(read);
    match read {
        "{" | "[" => top.depth += 1,
        "}" | "]" => top.depth = top.depth.checked_sub(1)?,
        "\"Plans\"" | "\"Plan\"" => return opens_plans(read, rest, texts, open),
        _ => {}
    }
    close(texts, open);
    Some(0)
}

/// A member that holds plans: `null` stands for it, and its list is open. One plan alone is no list.
fn opens_plans(read: &str, rest: &str, texts: &mut Vec<Text>, open: &mut Vec<Open>) -> Option<usize> {
    let bracket = if read == "\"Plans\"" { '[' } else { '{' };
    let value = rest.trim_start().strip_prefix(':').map(str::trim_start);
    let Some(value) = value.filter(|value| value.starts_with(bracket)) else { return Some(0) };
    let top = open.last_mut()?;
    texts.get_mut(top.text)?.text.push_str(": null");
    let taken = rest.len() - value.len() + 1;
    if bracket == '[' {
        top.in_plans = true;
    } else {
        let parent = Some(top.text);
        texts.push(Text { parent, text: "{".to_owned() });
        open.push(Open { text: texts.len() - 1, depth: 1, in_plans: false });
    }
    Some(taken)
}

/// A node whose last brace was read is at its end.
fn close(texts: &[Text], open: &mut Vec<Open>) {
    let ended = open.last().is_some_and(|top| top.depth == 0 && texts[top.text].parent.is_some());
    if ended {
        open.pop();
    }
}

/// The byte after a piece: a string with its quotes, or one other character.
fn piece(json: &str, at: usize) -> Option<usize> {
    let first = json[at..].chars().next()?;
    if first != '"' {
        return Some(at + first.len_utf8());
    }
    let mut escaped = false;
    for (offset, letter) in json[at + 1..].char_indices() {
        match letter {
            '"' if !escaped => return Some(at + 1 + offset + 1),
            '\\' if !escaped => escaped = true,
            _ => escaped = false,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_node_is_its_own_object() {
        let json = r#"[{"Plan": {"Node Type": "Limit", "Plans": [{"Node Type": "Sort", "Workers": [{"a": 1}]},
            {"Node Type": "}]\"Plans\": [", "Plans": []}], "Alias": "a"}, "Planning Time": 0.1}]"#;
        let cut = cut(json).unwrap();
        let types: Vec<_> =
            cut.nodes.iter().map(|node| (node.parent, node.members["Node Type"].as_str().unwrap())).collect();
        assert_eq!(types, [(None, "Limit"), (Some(0), "Sort"), (Some(0), "}]\"Plans\": [")]);
        assert_eq!(cut.nodes[0].members["Alias"], "a");
        assert_eq!(cut.around[0]["Planning Time"], 0.1);
    }

    #[test]
    fn a_plan_of_ten_thousand_levels_is_read() {
        let levels = 10_000;
        let json =
            format!("[{{\"Plan\": {}{}}}]", "{\"a\": 1, \"Plans\": [".repeat(levels), "]}".repeat(levels));
        let cut = cut(&json).unwrap();
        assert_eq!(cut.nodes.len(), levels);
        assert_eq!(cut.nodes[levels - 1].parent, Some(levels - 2));
    }

    #[test]
    fn what_is_no_plan_is_an_error() {
        assert!(cut("[{\"Plan\": {").is_err());
        assert!(cut("[{\"Plan\": {\"a").is_err());
        assert!(cut("nothing").is_err());
    }
}
