//! Numeric columns of a declared precision as decimals.

use parquet::basic::Type as Physical;

use super::Misfit;

/// The smallest type that holds so many digits.
pub(super) fn physical(precision: u8) -> Physical {
    match precision {
        0..=9 => Physical::INT32,
        10..=18 => Physical::INT64,
        _ => Physical::FIXED_LEN_BYTE_ARRAY,
    }
}

/// The number without its point, with as many digits after it as the scale says.
pub(super) fn scaled(text: &str, scale: u8) -> Result<i128, Misfit> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.starts_with(|digit: char| digit.is_ascii_digit()) {
        return Err(Misfit::NotANumber);
    }
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let missing = usize::from(scale).checked_sub(fraction.len()).ok_or(Misfit::TooFar)?;
    let number: i128 = format!("{whole}{fraction}").parse().map_err(|_| Misfit::TooFar)?;
    let factor = 10_i128.checked_pow(u32::try_from(missing).unwrap_or(u32::MAX)).ok_or(Misfit::TooFar)?;
    let number = number.checked_mul(factor).ok_or(Misfit::TooFar)?;
    Ok(if text.starts_with('-') { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_counts() {
        assert_eq!(scaled("-12.50", 2).ok(), Some(-1250));
        assert_eq!(scaled("7", 3).ok(), Some(7000));
        assert_eq!(scaled("99999999999999999999999999999999999999", 0).ok(), Some(10_i128.pow(38) - 1));
        assert!(scaled("NaN", 2).is_err());
    }
}
