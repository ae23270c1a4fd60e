//! What must hold for every figure that can be drawn.

use dltheory::plot::Figure;

/// Draws the figure and parses it; the message of a failure says what is wrong.
fn parse(svg: &str) -> roxmltree::Document<'_> {
    roxmltree::Document::parse(svg).unwrap_or_else(|e| panic!("not XML: {e}\n{svg}"))
}

/// Numbers of an attribute; every one in a figure must be finite.
fn number(node: &roxmltree::Node, name: &str) -> f64 {
    let text = node.attribute(name).unwrap_or("0");
    let number: f64 = text.parse().unwrap_or_else(|_| panic!("{name}=\"{text}\""));
    assert!(number.is_finite(), "{name} is {text}");
    number
}

/// Width over font size of a character in a common sans-serif face, roughly.
fn em(c: char) -> f64 {
    match c {
        'i' | 'l' | 'j' | '.' | ',' | '\'' | '|' | ' ' | ':' | ';' | '!' => 0.28,
        'f' | 'r' | 't' | '(' | ')' | '[' | ']' | '-' | '"' | '/' | '\\' | '*' => 0.36,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.95,
        '\u{2e80}'.. => 1.0,
        _ => 0.6,
    }
}

/// Asserts that no text reaches past the page.
pub(crate) fn check_texts_inside(svg: &str) {
    let document = parse(svg);
    let root = document.root_element();
    let page: Vec<f64> = root
        .attribute("viewBox")
        .expect("a viewBox")
        .split(' ')
        .map(|v| v.parse().expect("numbers"))
        .collect();
    for node in document.descendants().filter(|n| n.has_tag_name("text")) {
        let words = node.text().unwrap_or("").trim();
        let size = number(&node, "font-size");
        let (x, y) = (number(&node, "x"), number(&node, "y"));
        let bold = if node.attribute("font-weight").is_some() {
            1.1
        } else {
            1.0
        };
        let width = words.chars().map(em).sum::<f64>() * size * bold;
        let start = match node.attribute("text-anchor") {
            Some("middle") => -0.5 * width,
            Some("end") => -width,
            _ => 0.0,
        };
        let half = 0.5 * size;
        let (left, top, right, bottom) = if node.attribute("transform").is_some() {
            // Turned by 270°: what was right is now up.
            (x - half, y - start - width, x + half, y - start)
        } else {
            (x + start, y - half, x + start + width, y + half)
        };
        assert!(
            left >= 0.0 && top >= 0.0 && right <= page[2] && bottom <= page[3],
            "`{words}` spans {left}..{right}, {top}..{bottom} on a page of {} × {}",
            page[2],
            page[3]
        );
    }
}

/// Asserts what must hold for every figure that can be drawn.
pub(crate) fn check(figure: &Figure) -> String {
    let svg = figure.svg().unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(svg, figure.svg().unwrap_or_default(), "not deterministic");
    let document = parse(&svg);
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        for name in [
            "x", "y", "width", "height", "x1", "x2", "y1", "y2", "r", "opacity",
        ] {
            let v = number(&node, name);
            assert!(
                !matches!(name, "width" | "height" | "r") || v >= 0.0,
                "{name} = {v}"
            );
        }
        for name in ["points", "d"] {
            let bad = |c: char| !(c.is_ascii_digit() || " ,.-MLh".contains(c));
            assert!(
                !node.attribute(name).unwrap_or("").contains(bad),
                "{node:?}"
            );
        }
    }
    svg
}
