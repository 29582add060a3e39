//! The filter `title`: each word begins with a capital letter, as in names.
//!
//! White space and hyphens separate words (`Jean-Luc`). The letter after an
//! apostrophe is a capital, too, if one letter stands before it and several
//! after it (`O'Brien`, but `It's`). A word that is written like `McDonald`
//! stays as it is.

/// Returns the text with its words written like names.
pub(super) fn title(text: &str) -> String {
    let mut titled = String::with_capacity(text.len());
    for word in text.split_inclusive(|c: char| c.is_whitespace() || is_hyphen(c)) {
        push_word(word, &mut titled);
    }
    titled
}

fn push_word(word: &str, titled: &mut String) {
    let start = word.find(char::is_alphanumeric).unwrap_or(word.len());
    let (signs, word) = word.split_at(start);
    titled.push_str(signs);
    if is_named_so(word) {
        return titled.push_str(word);
    }
    let Some(first) = word.chars().next() else { return };
    let (prefix, rest) = word.split_at(first.len_utf8());
    let apostrophe = rest.chars().next().filter(|c| is_apostrophe(*c));
    let behind = apostrophe.map(|c| &rest[c.len_utf8()..]);
    let is_long = |behind: &&str| behind.chars().filter(|c| c.is_alphabetic()).count() > 1;
    if let (Some(apostrophe), Some(behind)) = (apostrophe, behind.filter(is_long)) {
        titled.push_str(&prefix.to_uppercase());
        titled.push(apostrophe);
        push_word(behind, titled);
    } else {
        // The whole word is lowered at once, since a final sigma has a form of
        // its own.
        let small = word.to_lowercase();
        let small_first: String = first.to_lowercase().collect();
        titled.push_str(&first_letter(first));
        titled.push_str(small.strip_prefix(&small_first).unwrap_or(rest));
    }
}

/// Returns a first letter as a capital. In a digraph only the first letter
/// becomes one.
fn first_letter(c: char) -> String {
    match c {
        'Ǆ' | 'ǅ' | 'ǆ' => "ǅ".to_owned(),
        'Ǉ' | 'ǈ' | 'ǉ' => "ǈ".to_owned(),
        'Ǌ' | 'ǋ' | 'ǌ' => "ǋ".to_owned(),
        'Ǳ' | 'ǲ' | 'ǳ' => "ǲ".to_owned(),
        // Georgian capitalises whole words or nothing.
        'ა'..='ჿ' => c.to_string(),
        'ŉ' => "ʼN".to_owned(),
        _ => {
            let mut large = c.to_uppercase();
            large.next().into_iter().chain(large.flat_map(char::to_lowercase)).collect()
        }
    }
}

/// Returns whether a word has deliberate capitals inside: each after a small
/// letter, in a word that begins with a capital.
fn is_named_so(word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    let mut large = (1..letters.len()).filter(|at| letters[*at].is_uppercase()).peekable();
    let is_meant = |at: usize| {
        letters[at - 1].is_lowercase() && letters.get(at + 1).is_some_and(|c| c.is_lowercase())
    };
    letters.first().is_some_and(|first| first.is_uppercase())
        && large.peek().is_some()
        && large.all(is_meant)
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::title;

    #[test]
    fn names_as_they_are_written() {
        for (text, expected) in [
            ("ada lovelace", "Ada Lovelace"),
            ("ADA LOVELACE", "Ada Lovelace"),
            ("mARY  ann-lou", "Mary  Ann-Lou"),
            ("jean-luc picard", "Jean-Luc Picard"),
            ("JEAN-LUC", "Jean-Luc"),
            ("jean\u{2011}luc", "Jean\u{2011}Luc"),
            ("o'brien", "O'Brien"),
            ("O’BRIEN", "O’Brien"),
            ("d'artagnan", "D'Artagnan"),
            ("it's", "It's"),
            ("IT'S", "It's"),
            ("john's", "John's"),
            ("i'm", "I'm"),
            ("rock'n'roll", "Rock'n'roll"),
            ("McDonald", "McDonald"),
            ("DiCaprio", "DiCaprio"),
            ("mcdonald", "Mcdonald"),
            ("MCDONALD", "Mcdonald"),
            ("iPhone", "Iphone"),
            ("ADa", "Ada"),
            ("van der Berg", "Van Der Berg"),
            ("(ada) \"bob\"", "(Ada) \"Bob\""),
            ("2nd street", "2nd Street"),
            ("4ever", "4ever"),
            ("ΟΔΥΣΣΕΥΣ", "Οδυσσευς"),
            ("οδυσσέας", "Οδυσσέας"),
            ("ΣΟΦΟΣ ΣΩΚΡΑΤΗΣ", "Σοφος Σωκρατης"),
            ("ﬁona", "Fiona"),
            ("ßen", "Ssen"),
            ("STRASSE", "Strasse"),
            ("straße", "Straße"),
            ("ǆemal", "ǅemal"),
            ("ǄEMAL", "ǅemal"),
            ("თბილისი", "თბილისი"),
            ("ŉa", "ʼNa"),
            ("éTIENNE", "Étienne"),
            ("żółw", "Żółw"),
            ("istanbul", "Istanbul"),
            ("李雷", "李雷"),
            ("🎉 party", "🎉 Party"),
            ("", ""),
            (" ", " "),
            ("'", "'"),
        ] {
            assert_eq!(title(text), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_parts_words_stays(text in r"(?s).{0,24}") {
            let parting = |text: &str| text.chars().filter(|c| c.is_whitespace()).collect::<String>();
            prop_assert_eq!(parting(&title(&text)), parting(&text));
        }

        #[test]
        fn a_name_in_large_or_small_letters_is_the_same(text in "[a-zäöéñ' -]{0,20}") {
            let titled = title(&text);
            prop_assert_eq!(title(&text.to_uppercase()), titled.clone());
            prop_assert_eq!(title(&titled), titled);
        }
    }
}
