//! What plotters leaves out of an SVG: a name, a description, and the full text of what was cut.

use std::fmt::Write as _;

use crate::font::FAMILY;

/// A region that tells more when pointed at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hint {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) width: i32,
    pub(crate) height: i32,
    pub(crate) text: String,
}

/// Adds role, title, description and hints to a finished SVG.
pub(crate) fn finish(svg: &str, title: &str, description: &str, hints: &[Hint]) -> String {
    let head = format!("<svg role=\"img\" aria-label=\"{}\" ", escape(&format!("{title}. {description}")));
    let named = svg.replacen("<svg ", &head, 1).replace(
        &format!("font-family=\"{FAMILY}\""),
        &format!("font-family=\"{FAMILY} Variable, {FAMILY}, system-ui, sans-serif\""),
    );
    let Some(end) = named.find('>') else { return named };
    let mut finished = String::with_capacity(named.len() + 256 * hints.len());
    finished.push_str(&named[..=end]);
    // Writing to a String cannot fail.
    let _ = write!(finished, "\n<title>{}</title>\n<desc>{}</desc>", escape(title), escape(description));
    finished.push_str(named[end + 1..].trim_end().trim_end_matches("</svg>"));
    for hint in hints {
        let Hint { x, y, width, height, text } = hint;
        let _ = writeln!(
            finished,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"none\" pointer-events=\"all\">\
             <title>{}</title></rect>",
            escape(text)
        );
    }
    finished.push_str("</svg>\n");
    finished
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_markup_stays_text() {
        let finished = finish("<svg width=\"1\">\n</svg>\n", "a<b", "\"c\" & d", &[]);
        assert!(finished.contains("<title>a&lt;b</title>"));
        assert!(finished.contains("aria-label=\"a&lt;b. &quot;c&quot; &amp; d\""));
        assert!(finished.ends_with("</svg>\n"));
    }
}
