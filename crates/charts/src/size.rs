//! Sizes in words, as the design language writes them: by 1,024, three digits at most.

/// 412 B, 318 MB, 3.4 GB
pub(crate) fn bytes(bytes: i64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    let mut size = bytes.max(0) as f64;
    let mut unit = 0;
    while size >= 1000.0 && unit < UNITS.len() - 1 {
        size /= 1024.0;
        unit += 1;
    }
    if unit == 0 || size >= 99.95 {
        format!("{size:.0} {}", UNITS[unit])
    } else {
        format!("{size:.1} {}", UNITS[unit])
    }
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn sizes_have_at_most_three_digits() {
        assert_eq!(bytes(0), "0 B");
        assert_eq!(bytes(1023), "1.0 kB");
        assert_eq!(bytes(8192), "8.0 kB");
        assert_eq!(bytes(104_857_600), "100 MB");
        assert_eq!(bytes(i64::MAX), "8388608 TB");
    }
}
