//! Limits of time as they are typed: seconds, with a fraction if need be.

/// The longest that a server takes: a positive `int` of milliseconds.
const LONGEST_MS: f64 = 2_147_483_647.0;

/// Milliseconds of a text in seconds; 0 is no limit, and what is more never becomes 0.
///
/// # Errors
/// Words for the terminal where it is no such number.
pub(crate) fn milliseconds(text: &str) -> Result<u32, String> {
    let seconds: f64 = text.parse().map_err(|_| "it is not a number of seconds".to_owned())?;
    let exact = seconds * 1000.0;
    if !(0.0..=LONGEST_MS).contains(&exact) {
        return Err("it has to be from 0, for no limit, to 2147483 seconds".to_owned());
    }
    Ok(exact.ceil() as u32)
}

/// "1.5 s", and "none" for 0.
pub(crate) fn shown(milliseconds: u32) -> String {
    match milliseconds {
        0 => "none".to_owned(),
        limit => format!("{} s", f64::from(limit) / 1000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_read_and_shown_to_the_millisecond() {
        for (text, expected) in [("0", 0), ("1.5", 1500), ("0.0001", 1), ("2147483", 2_147_483_000)] {
            assert_eq!(milliseconds(text), Ok(expected));
        }
        assert_eq!((shown(0), shown(1500)), ("none".to_owned(), "1.5 s".to_owned()));
    }

    #[test]
    fn what_no_server_takes_is_refused() {
        for text in ["-1", "NaN", "inf", "2147484", "5s", ""] {
            assert!(milliseconds(text).is_err(), "{text}");
        }
    }
}
