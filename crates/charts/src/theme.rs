//! Colours, from the tokens of the app's design, and sizes.

use plotters::style::RGBColor;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ChartError;

/// Light or dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    #[default]
    Light,
    Dark,
}

/// A picture's size in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Size {
    pub width: u32,
    pub height: u32,
}

/// What a theme draws with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Palette {
    pub(crate) paper: RGBColor,
    pub(crate) line: RGBColor,
    pub(crate) ink: RGBColor,
    pub(crate) ink_2: RGBColor,
    pub(crate) attention: RGBColor,
    pub(crate) failed: RGBColor,
    /// Categories 1 to 6, in the order of the tokens.
    pub(crate) categories: [RGBColor; 6],
}

const LEAST: u32 = 160;
const LEAST_HEIGHT: u32 = 64;
const MOST: u32 = 8_000;

impl Size {
    /// A size that a chart fits in.
    pub(crate) fn check(self) -> Result<Self, ChartError> {
        let Self { width, height } = self;
        if (LEAST..=MOST).contains(&width) && (LEAST_HEIGHT..=MOST).contains(&height) {
            return Ok(self);
        }
        Err(ChartError::Size { width, height, least: LEAST, most: MOST })
    }
}

impl Theme {
    pub(crate) fn palette(self) -> Palette {
        match self {
            Self::Light => Palette {
                paper: rgb(0xffffff),
                line: rgb(0xe8e6e1),
                ink: rgb(0x1d1b18),
                ink_2: rgb(0x57534c),
                attention: rgb(0x875800),
                failed: rgb(0xb42318),
                categories: [0x2f4fe0, 0xd4520a, 0x0e9f72, 0x9b2f99, 0x21525d, 0x563f17].map(rgb),
            },
            Self::Dark => Palette {
                paper: rgb(0x1a1918),
                line: rgb(0x2e2c29),
                ink: rgb(0xeceae6),
                ink_2: rgb(0xb3aea5),
                attention: rgb(0xe3b04b),
                failed: rgb(0xf68f80),
                categories: [0x6a82ff, 0xf4722f, 0x72ddc0, 0xd873c4, 0xdbbe70, 0x8d6b52].map(rgb),
            },
        }
    }
}

const fn rgb(hex: u32) -> RGBColor {
    RGBColor((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}
