"""Makes formulas.woff2, the font of exported formulas: font.py STIXTwoMath-Regular.ttf formulas.woff2

A formula needs a font with a table of how to build roots, brackets and limits, which not every reader's
machine has. This is STIX Two Math 2.11 (https://github.com/stipub/stixfonts, SIL Open Font License 1.1, also
inside the PyPI package ziamath 0.13) with the characters of formulas only, changed for what Chromium does not do
itself; where a browser does, nothing is lost:

* primes have the shape made for superscripts;
* an arrow or a bar over a letter is as wide as it looks;
* there is a root for small letters, since a taller one would hang down to the next line;
* tall roots and brackets are hardly wider than low ones, since a low one gets the room of the widest.

Needs fonttools and brotli; nothing else in this project does, so it is no part of the set-up.
"""

import copy
import sys

from fontTools import subset
from fontTools.ttLib import TTFont

CHARACTERS = [
    (0x20, 0x7E), (0xA0, 0xB7), (0xD7, 0xD7), (0xF7, 0xF7), (0x131, 0x131), (0x237, 0x237),
    (0x2C6, 0x2C7), (0x2D8, 0x2DD), (0x300, 0x30C), (0x332, 0x332), (0x391, 0x3C9), (0x3D1, 0x3D6), (0x3F0, 0x3F5),
    (0x2016, 0x2016), (0x2020, 0x2026), (0x2032, 0x2034), (0x2044, 0x2044), (0x2057, 0x2064), (0x20D7, 0x20D7),
    (0x2102, 0x2135), (0x2190, 0x21D4),
    (0x2200, 0x221A), (0x221D, 0x2237), (0x223C, 0x2249), (0x2254, 0x2255), (0x2260, 0x226B), (0x2272, 0x2273),
    (0x227A, 0x2287), (0x2295, 0x2299), (0x22A2, 0x22A5), (0x22C0, 0x22C5), (0x22EE, 0x22F1),
    (0x2308, 0x230B), (0x23B4, 0x23B5), (0x23DC, 0x23DF), (0x25A0, 0x25A1), (0x25CB, 0x25CF),
    (0x27E8, 0x27E9), (0x27F5, 0x27FA), (0x2A00, 0x2A0C), (0x2A7D, 0x2A7E), (0x2AAF, 0x2AB0),
    # Italic and bold letters, script, double-struck, Greek, digits.
    (0x1D400, 0x1D503), (0x1D538, 0x1D56B), (0x1D6A4, 0x1D71B), (0x1D7CE, 0x1D7E1), (0xFE00, 0xFE00),
]
PRIMES = [0x2032, 0x2033, 0x2034, 0x2057]
ACCENTS = [0x332, 0x20D7]
ROOT = 0x221A
SMALL_ROOT = 0.72  # of the lowest root's height
WIDEST = 1.2  # times the width of the lowest one


def map_characters(font, change):
    for characters in font["cmap"].tables:
        if characters.isUnicode() and characters.format != 14:
            characters.cmap = {c: change(c, name) for c, name in characters.cmap.items()}


def prefer_primes_for_superscripts(font):
    table = font["GSUB"].table
    lookups = {i for record in table.FeatureList.FeatureRecord if record.FeatureTag == "ssty"
               for i in record.Feature.LookupListIndex}
    shapes = {}
    for part in (part for i in sorted(lookups) for part in table.LookupList.Lookup[i].SubTable):
        shapes.update(getattr(part, "alternates", {}))
    map_characters(font, lambda c, name: shapes[name][0] if c in PRIMES and name in shapes else name)


def transform(font, name, scale_x=1.0, scale_y=1.0, to_origin=False):
    """Moves a glyph's points; it stays as wide as before, times `scale_x`, or gets as wide as it looks."""
    glyph = font["glyf"][name]
    glyph.coordinates.scale((scale_x, scale_y))
    if to_origin:
        glyph.coordinates.translate((-min(x for x, _ in glyph.coordinates), 0))
    glyph.coordinates.toInt()
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][name] = (glyph.xMax if to_origin else round(font["hmtx"][name][0] * scale_x), glyph.xMin)


def add_small_root(font):
    variants = font["MATH"].table.MathVariants
    lowest, small = font.getBestCmap()[ROOT], "root.small"
    font.setGlyphOrder([*font.getGlyphOrder(), small])
    font["glyf"][small] = copy.deepcopy(font["glyf"][lowest])
    font["hmtx"][small] = font["hmtx"][lowest]
    transform(font, small, scale_y=SMALL_ROOT)
    map_characters(font, lambda c, name: small if c == ROOT else name)
    sizes = copy.deepcopy(variants.VertGlyphConstruction[variants.VertGlyphCoverage.glyphs.index(lowest)])
    record = copy.deepcopy(sizes.MathGlyphVariantRecord[0])
    record.VariantGlyph, record.AdvanceMeasurement = small, round(record.AdvanceMeasurement * SMALL_ROOT)
    sizes.MathGlyphVariantRecord.insert(0, record)
    # Last in the order of glyphs, so last here.
    variants.VertGlyphCoverage.glyphs.append(small)
    variants.VertGlyphConstruction.append(sizes)
    variants.VertGlyphCount += 1


def narrow_tall_ones(font):
    variants, widths, done = font["MATH"].table.MathVariants, font["hmtx"], set()
    for lowest, sizes in zip(variants.VertGlyphCoverage.glyphs, variants.VertGlyphConstruction):
        widest = WIDEST * widths[lowest][0]
        parts = [part.glyph for part in sizes.GlyphAssembly.PartRecords] if sizes.GlyphAssembly else []
        for group in [[size.VariantGlyph] for size in sizes.MathGlyphVariantRecord] + [parts]:
            scale = min((widest / widths[name][0] for name in group), default=1.0)
            if scale < 1.0:
                for name in set(group) - done:
                    transform(font, name, scale_x=scale)
            done |= set(group)


def main():
    source, target = sys.argv[1:]
    font = TTFont(source, recalcTimestamp=False)
    prefer_primes_for_superscripts(font)
    options = subset.Options(flavor="woff2", layout_features=[], hinting=False, name_IDs=["*"])
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[c for first, last in CHARACTERS for c in range(first, last + 1)])
    subsetter.subset(font)
    for accent in ACCENTS:
        transform(font, font.getBestCmap()[accent], to_origin=True)
    add_small_root(font)
    narrow_tall_ones(font)
    subset.save_font(font, target, options)


if __name__ == "__main__":
    main()
