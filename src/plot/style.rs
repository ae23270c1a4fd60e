//! The only colours, sizes and line widths of every figure.
//!
//! Series colours are those of Okabe and Ito (2008, "Color universal design"), which
//! readers with any common colour blindness can tell apart, ordered for a white
//! background; their yellow is left out, since thin yellow lines vanish on white.

/// A colour: red, green, blue.
pub type Rgb = (u8, u8, u8);

/// Colours of series 0, 1, 2, …: blue, vermilion, green, purple, orange, sky blue, black.
///
/// A colour index beyond the end starts again; [`Panel::line`](super::Panel::line) then
/// changes the stroke as well, so that 21 lines stay distinct.
pub const PALETTE: [Rgb; 7] = [
    (0x00, 0x72, 0xB2),
    (0xD5, 0x5E, 0x00),
    (0x00, 0x9E, 0x73),
    (0xCC, 0x79, 0xA7),
    (0xE6, 0x9F, 0x00),
    (0x56, 0xB4, 0xE9),
    (0x22, 0x22, 0x22),
];

/// The page. Drawn, so that figures stay readable on a dark theme.
pub const BACKGROUND: Rgb = (0xFF, 0xFF, 0xFF);
/// Titles, labels, numbers.
pub const INK: Rgb = (0x22, 0x22, 0x22);
/// Axis lines, ticks, captions and unnamed reference lines.
pub const MUTED: Rgb = (0x55, 0x55, 0x55);
/// Grid lines.
pub const GRID: Rgb = (0xE4, 0xE4, 0xE4);
/// Cells of a heatmap or pixels of an image that hold no number.
pub const MISSING: Rgb = (0xC8, 0xC8, 0xC8);

/// Font of every text; the reader's system chooses the face.
pub const FONT: &str = "sans-serif";
/// Size of the figure's title in px.
pub const FIGURE_TITLE: f64 = 16.0;
/// Size of a panel's title in px.
pub const PANEL_TITLE: f64 = 13.5;
/// Size of axis labels in px.
pub const LABEL: f64 = 12.5;
/// Size of tick labels in px.
pub const TICK: f64 = 11.0;
/// Size of legends and annotations in px.
pub const LEGEND: f64 = 11.5;
/// Size of the caption in px.
pub const CAPTION: f64 = 12.0;
/// Height of a line of text over the size of its font.
pub const LEADING: f64 = 1.3;

/// Stroke of a data line in px.
pub const LINE_WIDTH: f64 = 1.8;
/// Stroke of a reference line in px.
pub const RULE_WIDTH: f64 = 1.2;
/// Stroke of axes, ticks and frames in px.
pub const AXIS_WIDTH: f64 = 1.0;
/// Diameter of a marker in px.
pub const MARKER_SIZE: f64 = 6.0;
/// Opacity of a band.
pub const BAND_OPACITY: f64 = 0.2;
/// Opacity of the background of a legend drawn over the data.
pub const LEGEND_OPACITY: f64 = 0.85;

/// How a line is stroked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineStyle {
    /// ────
    #[default]
    Solid,
    /// ─ ─ ─
    Dashed,
    /// · · ·
    Dotted,
}

/// The shape drawn at a point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Marker {
    /// ●
    #[default]
    Circle,
    /// ■
    Square,
    /// ▲
    Triangle,
    /// ◆
    Diamond,
    /// ✕
    Cross,
}

impl Marker {
    /// The marker of the `index`-th scatter of a panel.
    #[must_use]
    pub fn nth(index: usize) -> Self {
        [
            Self::Circle,
            Self::Square,
            Self::Triangle,
            Self::Diamond,
            Self::Cross,
        ][index % 5]
    }
}

/// How numbers become colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorScale {
    /// Dark violet (low) to yellow (high), viridis by Smith and van der Walt (2015): equal
    /// steps look equal, in colour and in grey.
    #[default]
    Sequential,
    /// Blue (low), white (middle), vermilion (high): for signed numbers.
    Diverging,
    /// White (low) to black (high): ink on paper, for digits.
    Ink,
}

impl ColorScale {
    /// The colour at `t`, from 0 (low) to 1 (high); values outside are clamped.
    #[must_use]
    pub fn color(self, t: f64) -> Rgb {
        const VIRIDIS: [Rgb; 9] = [
            (0x44, 0x01, 0x54),
            (0x47, 0x2D, 0x7B),
            (0x3B, 0x52, 0x8B),
            (0x2C, 0x72, 0x8E),
            (0x21, 0x91, 0x8C),
            (0x28, 0xAE, 0x80),
            (0x5E, 0xC9, 0x62),
            (0xAD, 0xDC, 0x30),
            (0xFD, 0xE7, 0x25),
        ];
        const DIVERGING: [Rgb; 5] = [
            (0x00, 0x4C, 0x86),
            (0x6B, 0xAE, 0xD6),
            (0xF7, 0xF7, 0xF7),
            (0xF0, 0x96, 0x5A),
            (0xA8, 0x3C, 0x00),
        ];
        const INK_ON_PAPER: [Rgb; 2] = [(0xFF, 0xFF, 0xFF), (0x00, 0x00, 0x00)];
        let stops: &[Rgb] = match self {
            Self::Sequential => &VIRIDIS,
            Self::Diverging => &DIVERGING,
            Self::Ink => &INK_ON_PAPER,
        };
        let at = t.clamp(0.0, 1.0) * (stops.len() - 1) as f64;
        // `as` sends NaN to 0, so a NaN gets the low colour rather than a panic.
        let left = (at as usize).min(stops.len() - 2);
        let share = at - left as f64;
        let mix =
            |a: u8, b: u8| (f64::from(a) + share * (f64::from(b) - f64::from(a))).round() as u8;
        let (a, b) = (stops[left], stops[left + 1]);
        (mix(a.0, b.0), mix(a.1, b.1), mix(a.2, b.2))
    }
}

/// The colour of series `index`.
#[must_use]
pub fn series(index: usize) -> Rgb {
    PALETTE[index % PALETTE.len()]
}

/// The stroke of line `index`: solid for the first seven, then dashed, then dotted.
#[must_use]
pub fn stroke_of(index: usize) -> LineStyle {
    match (index / PALETTE.len()) % 3 {
        0 => LineStyle::Solid,
        1 => LineStyle::Dashed,
        _ => LineStyle::Dotted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance and contrast ratio of WCAG 2.1.
    fn contrast_with_white(color: Rgb) -> f64 {
        let channel = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.03928 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        };
        let luminance =
            0.2126 * channel(color.0) + 0.7152 * channel(color.1) + 0.0722 * channel(color.2);
        1.05 / (luminance + 0.05)
    }

    #[test]
    fn series_stand_out_from_white_and_text_is_readable() {
        for color in PALETTE {
            assert!(contrast_with_white(color) > 2.0, "{color:?}");
        }
        for color in [INK, MUTED] {
            assert!(contrast_with_white(color) > 7.0, "{color:?}");
        }
    }

    #[test]
    fn color_scales_hit_their_ends_and_survive_any_number() {
        assert_eq!(ColorScale::Ink.color(0.0), (255, 255, 255));
        assert_eq!(ColorScale::Ink.color(1.0), (0, 0, 0));
        assert_eq!(ColorScale::Sequential.color(7.0), (0xFD, 0xE7, 0x25));
        assert_eq!(ColorScale::Diverging.color(0.5), (0xF7, 0xF7, 0xF7));
        for t in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 0.999] {
            let _ = ColorScale::Sequential.color(t);
        }
    }

    #[test]
    fn the_eighth_line_is_dashed_and_the_fifteenth_dotted() {
        assert_eq!(stroke_of(6), LineStyle::Solid);
        assert_eq!(stroke_of(7), LineStyle::Dashed);
        assert_eq!(stroke_of(14), LineStyle::Dotted);
        assert_eq!(series(7), series(0));
    }
}
