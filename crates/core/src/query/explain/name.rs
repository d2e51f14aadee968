//! What a node is called, as `explain` prints it.
//!
//! FORMAT JSON takes the name apart ("Aggregate", strategy "Hashed", partial mode "Partial"); the text form has it in one
//! piece ("Partial HashAggregate"), and so do the manual and every person who talks of plans.

use super::cut::Object;

/// The name in one piece.
pub(super) fn name(members: &Object) -> String {
    let kind = text(members, "Node Type").unwrap_or("Unknown");
    let base = match kind {
        "Aggregate" => aggregate(members),
        "Nested Loop" | "Hash Join" | "Merge Join" => join(kind, members),
        "ModifyTable" => text(members, "Operation").unwrap_or(kind).to_owned(),
        "SetOp" => set_operation(members),
        "Foreign Scan" => format!("Foreign {}", foreign(members)),
        "Custom Scan" => match text(members, "Custom Plan Provider") {
            Some(provider) => format!("Custom Scan ({provider})"),
            None => kind.to_owned(),
        },
        _ => kind.to_owned(),
    };
    let aware = |member| members.get(member).is_some_and(|value| value == true);
    let parallel = if aware("Parallel Aware") { "Parallel " } else { "" };
    let apart = if aware("Async Capable") { "Async " } else { "" };
    let backward = if text(members, "Scan Direction") == Some("Backward") { " Backward" } else { "" };
    format!("{parallel}{apart}{base}{backward}")
}

fn text<'a>(members: &'a Object, member: &str) -> Option<&'a str> {
    members.get(member)?.as_str()
}

fn aggregate(members: &Object) -> String {
    let part = match text(members, "Partial Mode") {
        Some(mode @ ("Partial" | "Finalize")) => format!("{mode} "),
        _ => String::new(),
    };
    let strategy = match text(members, "Strategy") {
        Some("Sorted") => "GroupAggregate",
        Some("Hashed") => "HashAggregate",
        Some("Mixed") => "MixedAggregate",
        _ => "Aggregate",
    };
    format!("{part}{strategy}")
}

/// "Hash Join" and "Left" are a "Hash Left Join"; a "Nested Loop" has no "Join" of its own.
fn join(kind: &str, members: &Object) -> String {
    let short = kind.trim_end_matches(" Join");
    match text(members, "Join Type") {
        None | Some("Inner") => kind.to_owned(),
        Some(join) => format!("{short} {join} Join"),
    }
}

fn set_operation(members: &Object) -> String {
    let hashed = if text(members, "Strategy") == Some("Hashed") { "HashSetOp" } else { "SetOp" };
    text(members, "Command").map_or_else(|| hashed.to_owned(), |command| format!("{hashed} {command}"))
}

fn foreign(members: &Object) -> &str {
    match text(members, "Operation") {
        None | Some("Select") => "Scan",
        Some(operation) => operation,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(members: serde_json::Value, expected: &str) {
        assert_eq!(name(members.as_object().unwrap()), expected);
    }

    #[test]
    fn a_name_is_the_text_form_of_it() {
        let json = |text| serde_json::from_str(text).unwrap();
        check(json(r#"{"Node Type":"Seq Scan","Parallel Aware":true}"#), "Parallel Seq Scan");
        check(
            json(r#"{"Node Type":"Aggregate","Strategy":"Hashed","Partial Mode":"Partial"}"#),
            "Partial HashAggregate",
        );
        check(json(r#"{"Node Type":"Hash Join","Join Type":"Left"}"#), "Hash Left Join");
        check(json(r#"{"Node Type":"Nested Loop","Join Type":"Semi"}"#), "Nested Loop Semi Join");
        check(json(r#"{"Node Type":"Nested Loop","Join Type":"Inner"}"#), "Nested Loop");
        check(json(r#"{"Node Type":"ModifyTable","Operation":"Update"}"#), "Update");
        check(json(r#"{"Node Type":"Index Scan","Scan Direction":"Backward"}"#), "Index Scan Backward");
        check(
            json(r#"{"Node Type":"SetOp","Strategy":"Hashed","Command":"Except All"}"#),
            "HashSetOp Except All",
        );
    }
}
