//! Accepting a finding: where the comment may stand, what it must say, and writing one.

use super::*;

const ACCEPT: &str = "-- evaldesk: accept ban-drop-table because nobody reads it";

/// The reason of each finding of a rule.
fn reasons(text: &str, rule: &str) -> Vec<Option<String>> {
    let found = lint(text, &LintContext::default());
    found.into_iter().filter(|found| found.rule == rule).map(|found| found.accepted).collect()
}

#[test]
fn a_comment_above_a_statement_or_behind_it_is_for_that_one() {
    let accepted = Some("nobody reads it".to_owned());
    let of = |text: &str| reasons(text, "ban-drop-table");
    assert_eq!(
        of(&format!("select 1;\n{ACCEPT}\n-- more\ndrop table a;\ndrop table b;")),
        [accepted.clone(), None]
    );
    assert_eq!(of(&format!("drop table a;\ndrop table b; {ACCEPT}\n")), [None, accepted.clone()]);
    assert_eq!(of(&format!("select 1;\n{ACCEPT}\n\ndrop table a;")), [None]);
    assert_eq!(of(&format!("drop table\n{ACCEPT}\n  a;")), [accepted]);
}

#[test]
fn in_the_head_it_is_for_the_whole_file() {
    let text = format!("{ACCEPT}\r\n\r\ndrop table a;\r\ndrop table b;\r\n");
    assert!(reasons(&text, "ban-drop-table").iter().all(Option::is_some));
}

#[test]
fn without_a_reason_nothing_is_accepted() {
    for comment in ["-- evaldesk: accept ban-drop-table", "-- evaldesk: accept ban-drop-table because "] {
        let text = format!("{comment}\ndrop table a;");
        assert_eq!(rules(&text), ["accept-without-reason", "ban-drop-table"]);
    }
}

#[test]
fn what_accepts_nothing_is_said() {
    assert_eq!(rules(&format!("{ACCEPT}\nselect 1;")), ["accept-without-finding"]);
    assert_eq!(rules("-- evaldesk: accept no-such-rule because\nselect 1;"), ["accept-without-reason"]);
    assert_eq!(rules("-- evaldesk: accept no-such-rule because x\nselect 1;"), ["accept-without-finding"]);
}

#[test]
fn several_rules_share_a_reason() {
    let text = "-- evaldesk: accept ban-drop-table, drop-cascade because it is ours\ndrop table a cascade;";
    assert!(rules(text).is_empty(), "{:?}", rules(text));
}

#[test]
fn squawks_comments_are_understood() {
    for text in [
        "-- squawk-ignore ban-drop-table\ndrop table a;",
        "-- squawk-ignore ban-drop-table -- nobody reads it\ndrop table a;",
        "-- squawk-ignore-file\nselect 1;\n\ndrop table a;",
        "/* squawk-ignore-file ban-drop-table */\n\ndrop table a;",
    ] {
        assert!(rules(text).is_empty(), "{text}: {:?}", rules(text));
        assert!(reasons(text, "ban-drop-table")[0].is_some());
    }
}

#[test]
fn what_is_written_accepts_what_was_found() {
    for text in [
        "drop table a;",
        "-- evaldesk: opt-in\n\nselect 1;\r\n  drop table\r\n    a;\r\n",
        "select 'x\ny'; drop table a;",
        "\u{feff}drop table a;\n",
        "do $$ begin\nnull; end $$; drop table a;",
    ] {
        let found = lint(text, &LintContext::default());
        let drop = found.iter().find(|found| found.rule == "ban-drop-table").unwrap();
        let written = with_accepted(text, drop.line, "ban-drop-table", "nobody\n reads it");
        assert_eq!(reasons(&written, "ban-drop-table"), [Some("nobody reads it".to_owned())], "{written}");
        let pieces = |text: &str| {
            crate::sql::split::split(text).unwrap().into_iter().map(|piece| piece.text).collect::<Vec<_>>()
        };
        assert_eq!(pieces(text), pieces(&written), "{written}");
    }
}
