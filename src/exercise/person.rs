//! Names of people, as people, platforms and keyboards write them.

/// The longest name, characters.
const LONGEST: usize = 100;
/// What stands for a name where none has been written yet.
pub(crate) const PLACEHOLDER: &str = "Your Name";

/// Whether a character speaks to a terminal, breaks lines or XML, or turns the direction of a text.
pub(crate) fn misleading(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{fffe}' | '\u{ffff}')
        // Zero width, directions, the two separators, and the byte order mark.
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{61c}' | '\u{feff}')
}

/// The words of a text in small letters without marks. A letter and its mark may be one character or
/// two; of letters with several marks only the latter are made plain.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut plain = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'ä' | 'æ' => plain.push_str("ae"),
            'ö' | 'ø' | 'œ' => plain.push_str("oe"),
            'ü' => plain.push_str("ue"),
            'ß' => plain.push_str("ss"),
            // The two dots alone, behind their letter.
            '\u{308}' if plain.ends_with(['a', 'o', 'u']) => plain.push('e'),
            'å' | 'à' | 'á' | 'â' | 'ã' | 'ă' | 'ā' | 'ą' => plain.push('a'),
            'ç' | 'ć' | 'č' => plain.push('c'),
            'ď' | 'đ' => plain.push('d'),
            'è' | 'é' | 'ê' | 'ë' | 'ě' | 'ē' | 'ė' | 'ę' => plain.push('e'),
            'ğ' | 'ģ' => plain.push('g'),
            'ì' | 'í' | 'î' | 'ï' | 'ī' | 'į' | 'ı' => plain.push('i'),
            'ķ' => plain.push('k'),
            'ł' | 'ĺ' | 'ľ' | 'ļ' => plain.push('l'),
            'ñ' | 'ń' | 'ň' | 'ņ' => plain.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ō' | 'ő' => plain.push('o'),
            'ŕ' | 'ř' => plain.push('r'),
            'ś' | 'š' | 'ş' | 'ș' => plain.push('s'),
            'ť' | 'ţ' | 'ț' => plain.push('t'),
            'ù' | 'ú' | 'û' | 'ū' | 'ů' | 'ű' | 'ų' => plain.push('u'),
            'ý' | 'ÿ' => plain.push('y'),
            'ź' | 'ż' | 'ž' => plain.push('z'),
            // As platforms leave them out: O'Neill, E-Mail; and marks behind their letter.
            '\'' | '’' | '-' | '\u{300}'..='\u{36f}' => {}
            c if c.is_alphanumeric() => plain.push(c),
            _ => plain.push(' '),
        }
    }
    plain.split_whitespace().map(str::to_owned).collect()
}

/// A name in every order that keeps its words together, without spaces: "Lovelace, Ada" is
/// `lovelaceada` and `adalovelace`.
#[cfg(any(feature = "cli", test))]
pub(crate) fn spellings(name: &str) -> Vec<String> {
    let words = words(name);
    (0..words.len())
        .map(|start| [&words[start..], &words[..start]].concat().concat())
        .collect()
}

/// Whether two names may be one person's: the same words in another order or without spaces, or a first
/// and a last name of which the other has all words.
#[cfg(any(feature = "cli", test))]
pub(crate) fn same(one: &str, other: &str) -> bool {
    let within = |few: &str, many: &str| {
        let (few, many) = (words(few), words(many));
        few.len() > 1 && few.iter().all(|word| many.contains(word))
    };
    let others = spellings(other);
    spellings(one).iter().any(|name| others.contains(name))
        || within(one, other)
        || within(other, one)
}

/// What all spellings of a name have in common: its words in the order of the alphabet. Nothing if it is
/// no name: fewer than two letters, more than 100 characters, or the placeholder "Your Name".
pub(crate) fn key(name: &str) -> Option<String> {
    let sorted = |name: &str| {
        let mut words = words(name);
        words.sort();
        words.join(" ")
    };
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let key = sorted(name);
    let is_name = letters > 1 && name.chars().count() <= LONGEST && key != sorted(PLACEHOLDER);
    is_name.then_some(key)
}

/// A name for a sentence: without what misleads, one space between words.
pub(crate) fn shown(name: &str) -> String {
    let plain: String = name
        .chars()
        .filter(|c| c.is_whitespace() || !misleading(*c))
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_spellings_of_a_name_have_one_key() {
        for [one, other] in [
            ["Ada Lovelace", "  ada\tLOVELACE "],
            ["Ada Lovelace", "Lovelace, Ada"],
            ["Jürgen Groß", "ju\u{308}rgen gross"],
            ["Paul Erdős", "Paul Erdo\u{30b}s"],
            ["Şafak İnan", "s\u{327}afak i\u{307}nan"],
            ["Siobhán O'Neill", "Siobhan O’Neill"],
            ["李 明", "李\u{3000}明"],
        ] {
            assert_eq!(key(one), key(other), "{one}");
            assert!(key(one).is_some() && same(one, other), "{one}");
        }
        assert_ne!(key("Ada Lovelace"), key("Ada Lovelac"));
    }

    #[test]
    fn what_is_no_name_has_no_key() {
        let long = "a".repeat(LONGEST + 1);
        for name in ["", " ", "7", "A", "?!", "your  name", "Name, Your", &long] {
            assert_eq!(key(name), None, "{name}");
        }
    }

    #[test]
    fn a_first_and_a_last_name_are_enough_and_one_of_them_is_not() {
        assert!(same("Ada Lovelace", "Ada King Lovelace") && same("lovelaceada", "Ada Lovelace"));
        assert!(!same("Ada", "Ada Lovelace") && !same("Ada Lovelace", "Ada Noether"));
        assert!(!same("", "") && !same("", "Ada"));
    }

    #[test]
    fn a_name_in_a_sentence_does_not_mislead() {
        assert_eq!(shown(" Ada\u{202e}\n Love\u{1b}lace"), "Ada Lovelace");
    }
}
