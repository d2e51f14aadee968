//! A node's first line: its name, what it reads, its costs and its times.

use serde_json::Value;

use crate::query::explain::cut::Object;
use crate::query::explain::name::name;

pub(super) fn of(members: &Object, major: i32) -> String {
    format!("{}{}{}{}", name(members), target(members), costs(members), times(members, major))
}

fn text<'a>(members: &'a Object, member: &str) -> Option<&'a str> {
    members.get(member)?.as_str()
}

fn number(members: &Object, member: &str) -> Option<f64> {
    members.get(member)?.as_f64()
}

/// " using i on public.t a".
fn target(members: &Object) -> String {
    let kind = text(members, "Node Type").unwrap_or_default();
    let index = text(members, "Index Name").map(quoted);
    let named = ["Relation Name", "Function Name", "CTE Name", "Tuplestore Name", "Table Function Name"];
    let object = named.iter().find_map(|member| text(members, member)).map(|object| {
        let schema = text(members, "Schema").map(|schema| format!("{}.", quoted(schema)));
        (object, format!("{}{}", schema.unwrap_or_default(), quoted(object)))
    });
    let alias = text(members, "Alias");
    let on = match (object, alias) {
        (Some((object, spelled)), Some(alias)) if alias != object => {
            format!(" on {spelled} {}", quoted(alias))
        }
        (Some((_, spelled)), _) => format!(" on {spelled}"),
        (None, Some(alias)) => format!(" on {}", quoted(alias)),
        (None, None) => String::new(),
    };
    match index {
        Some(index) if kind == "Bitmap Index Scan" => format!(" on {index}"),
        Some(index) => format!(" using {index}{on}"),
        None => on,
    }
}

/// As `quote_identifier` does, but for keywords: the list of them is the server's.
fn quoted(name: &str) -> String {
    let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    let begins = name.starts_with(|letter: char| letter.is_ascii_lowercase() || letter == '_');
    if begins && name.chars().all(plain) { name.to_owned() } else { crate::Ident::new(name).to_string() }
}

fn costs(members: &Object) -> String {
    let cost = |member| number(members, member).unwrap_or_default();
    format!(
        "  (cost={:.2}..{:.2} rows={:.0} width={:.0})",
        cost("Startup Cost"),
        cost("Total Cost"),
        cost("Plan Rows"),
        cost("Plan Width")
    )
}

fn times(members: &Object, major: i32) -> String {
    let Some(loops) = members.get("Actual Loops").and_then(Value::as_f64) else { return String::new() };
    if loops == 0.0 {
        return " (never executed)".to_owned();
    }
    let decimals = if major >= 18 { 2 } else { 0 };
    let rows = number(members, "Actual Rows").unwrap_or_default();
    let time = match (number(members, "Actual Startup Time"), number(members, "Actual Total Time")) {
        (Some(first), Some(last)) => format!("time={first:.3}..{last:.3} "),
        _ => String::new(),
    };
    format!(" (actual {time}rows={rows:.decimals$} loops={loops:.0})")
}
