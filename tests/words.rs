//! All French stands in `src/words`, or beside the error that it belongs to: the
//! text of every other source is read for sentences.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Where a sentence may stand besides: the file, the function or the constant that
/// holds it (all of the file where there is none), and why.
const ELSEWHERE: &[(&str, &str, &str)] = &[
    (
        "src/example.rs",
        "",
        "the cells of a landlord's file, made up",
    ),
    (
        "src/intake/columns.rs",
        "",
        "the headers and the labels that files carry",
    ),
    (
        "src/intake/error.rs",
        "",
        "errors: what each says is beside its variant",
    ),
    (
        "src/merge/error.rs",
        "other_campaign",
        "an error's own sentence",
    ),
    (
        "src/indicator/shares.rs",
        "NOT_SHARES",
        "English, for who reads the catalogue",
    ),
    (
        "src/json/canonical.rs",
        "expecting",
        "English, for who reads `serde`",
    ),
    ("src/json.rs", "ALWAYS", "English, of what cannot be"),
    (
        "src/json/written.rs",
        "in_no_document",
        "English, of what cannot be",
    ),
    (
        "src/page/protocol.rs",
        "expecting",
        "English, for who reads `serde`",
    ),
    (
        "src/page/view/collectivity/heat.rs",
        "cell",
        "two classes of the style",
    ),
];

/// What stops the program says so in English.
const STOPS: &[&str] = &[
    "assert",
    "assert_eq",
    "debug_assert",
    "debug_assert_eq",
    "expect",
    "panic",
    "unreachable",
];

/// A text of a source: where it is, in which function or constant, what it says.
#[derive(Debug)]
struct Text {
    line: usize,
    item: String,
    said: String,
}

/// What a source holds.
#[derive(Default)]
struct Source {
    texts: Vec<Text>,
    /// The files of its tests.
    tests: Vec<String>,
}

impl Source {
    fn of(rust: &str) -> Self {
        let mut found = Self::default();
        found.read(rust.parse().expect("a source of Rust"), "");
        found
    }

    /// Goes through what is not said to anyone: comments, which are no tokens, and
    /// attributes, among which are documentation and the sentences of errors.
    fn read(&mut self, tokens: TokenStream, item: &str) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let (mut item, mut at) = (item.to_owned(), 0);
        // Attributes of what comes next.
        let (mut tested, mut path) = (false, None);
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token {
                TokenTree::Punct(hash) if hash.as_char() == '#' => {
                    let inner = is_punct(tokens.get(at), '!');
                    if let Some(TokenTree::Group(attribute)) = tokens.get(at + usize::from(inner)) {
                        let said = attribute.stream().to_string().replace(' ', "");
                        tested |= said == "cfg(test)";
                        path = path.or(said.strip_prefix("path=").map(unquoted));
                        at += usize::from(inner) + 1;
                    }
                }
                TokenTree::Ident(word) if word == "mod" => {
                    let name = tokens.get(at).map(ToString::to_string).unwrap_or_default();
                    let elsewhere = is_punct(tokens.get(at + 1), ';');
                    if std::mem::take(&mut tested) {
                        at += 2;
                        if elsewhere {
                            self.tests.push(path.take().unwrap_or(name));
                        }
                    }
                    path = None;
                }
                TokenTree::Ident(word) if word == "fn" || word == "const" || word == "static" => {
                    if let Some(TokenTree::Ident(name)) = tokens.get(at) {
                        item = name.to_string();
                    }
                    if std::mem::take(&mut tested) {
                        let end = tokens[at..].iter().position(is_end);
                        at += end.map_or(0, |end| end + 1);
                    }
                }
                TokenTree::Ident(word) if word == "use" || word == "impl" => tested = false,
                TokenTree::Ident(word) if STOPS.contains(&&*word.to_string()) => {
                    let called = at + usize::from(is_punct(tokens.get(at), '!'));
                    if matches!(tokens.get(called), Some(TokenTree::Group(_))) {
                        at = called + 1;
                    }
                }
                TokenTree::Group(group) => self.read(group.stream(), &item),
                TokenTree::Literal(literal) => {
                    let said = literal.to_string();
                    if said.starts_with(['"', 'r']) {
                        let line = literal.span().start().line;
                        let item = item.clone();
                        self.texts.push(Text { line, item, said });
                    }
                }
                _ => {}
            }
        }
    }
}

fn is_punct(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}

/// The end of a function or of a constant.
fn is_end(token: &TokenTree) -> bool {
    is_punct(Some(token), ';')
        || matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

fn unquoted(text: &str) -> String {
    text.trim_matches('"').to_owned()
}

/// Does a text read as French? Its letters, its signs, or words one after the other.
fn is_french(said: &str) -> bool {
    let said = said.trim_start_matches(['r', '#']).trim_matches(['"', '#']);
    let signs = |c: char| "àâæçéèêëîïôœùûüÿ’«»\u{a0}\u{202f}".contains(c);
    let spaces = ["\\u{a0}", "\\u{202f}"];
    let word = |word: &str| {
        let word = word.trim_end_matches([',', '.', ':', ';']);
        !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '\'')
    };
    let words: Vec<&str> = said.split([' ', '\n']).collect();
    said.to_lowercase().contains(signs)
        || spaces.iter().any(|space| said.contains(space))
        || words.windows(2).any(|two| two.iter().all(|one| word(one)))
        || words.len() > 1 && words.iter().any(|word| LITTLE.contains(word))
}

/// Words that make a sentence of what stands around them.
const LITTLE: &[&str] = &[
    "au", "aux", "avec", "dans", "de", "des", "du", "est", "et", "la", "le", "les", "ou", "par",
    "pour", "sans", "sous", "sur", "un", "une",
];

/// A word that stands alone is a label where screens are made.
fn is_label(file: &str, said: &str) -> bool {
    let mut letters = said.trim_matches('"').chars();
    file.starts_with("src/page/view")
        && letters.next().is_some_and(|c| c.is_ascii_uppercase())
        && letters.clone().count() > 1
        && letters.all(|c| c.is_ascii_lowercase())
}

/// The sources, by their path from the root.
fn sources(folder: &Path, root: &Path, into: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, root, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let path = path.strip_prefix(root).unwrap().to_str().unwrap();
            into.push(path.replace('\\', "/"));
        }
    }
}

/// The file of a module that another one names: `tests` of `src/a/b.rs` is
/// `src/a/b/tests.rs`; one with a path of its own stands beside.
fn file_of(source: &str, module: &str) -> String {
    let (folder, name) = source.rsplit_once('/').unwrap();
    match module.strip_suffix(".rs") {
        Some(_) => format!("{folder}/{module}"),
        None if ["lib.rs", "main.rs", "mod.rs"].contains(&name) => format!("{folder}/{module}.rs"),
        None => format!("{}/{module}.rs", source.trim_end_matches(".rs")),
    }
}

#[test]
fn french_stands_in_words_or_beside_its_error() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&root.join("src"), root, &mut files);
    files.sort();
    let read: Vec<(String, Source)> = files
        .into_iter()
        .map(|file| {
            let text = fs::read_to_string(root.join(&file)).unwrap();
            (file, Source::of(&text))
        })
        .collect();
    let tests: BTreeSet<String> = read
        .iter()
        .flat_map(|(file, source)| source.tests.iter().map(|module| file_of(file, module)))
        .collect();
    let mut used = BTreeSet::new();
    let (mut texts, mut astray) = (0, Vec::new());
    for (file, source) in &read {
        // Modules of a module of tests stand under it.
        let tested = |test: &String| file == test || file.starts_with(&test.replace(".rs", "/"));
        if file.starts_with("src/words") || tests.iter().any(tested) {
            continue;
        }
        texts += source.texts.len();
        for Text { line, item, said } in &source.texts {
            if !is_french(said) && !is_label(file, said) {
                continue;
            }
            let place = ELSEWHERE.iter().position(|(known, within, _)| {
                known == file && (within.is_empty() || within == item)
            });
            match place {
                Some(rank) => drop(used.insert(rank)),
                None => astray.push(format!("{file}:{line} ({item}) : {said}")),
            }
        }
    }
    assert!(texts > 1_000, "{texts} textes seulement ont été lus");
    let unused = (0..ELSEWHERE.len()).filter(|rank| !used.contains(rank));
    let unused: Vec<_> = unused.map(|rank| ELSEWHERE[rank]).collect();
    assert!(
        astray.is_empty(),
        "à dire dans src/words :\n{}",
        astray.join("\n")
    );
    assert!(unused.is_empty(), "ne servent plus : {unused:?}");
}

#[test]
fn a_sentence_is_found_where_it_is_said_and_nowhere_else() {
    let source = Source::of(
        r##"
        //! Un module qui dit des phrases.
        /// Une phrase que personne ne lit.
        #[error("une erreur garde sa phrase")]
        fn said() -> String {
            // "une phrase en commentaire"
            let raw = r#"une phrase "brute" ici"#;
            let class = "cle";
            html! { p { "Une phrase de la page" } b { "\u{a0}!" } }
            panic!("nobody reads this")
        }
        #[cfg(test)]
        mod tests { const X: &str = "une phrase d'essai"; }
        #[cfg(test)]
        #[path = "said_tests.rs"]
        mod more;
        const LABEL: &str = "Écart";
        "##,
    );
    let found: Vec<(usize, &str)> = source
        .texts
        .iter()
        .filter(|text| is_french(&text.said))
        .map(|text| (text.line, text.item.as_str()))
        .collect();
    assert_eq!(
        found,
        [(7, "said"), (9, "said"), (9, "said"), (17, "LABEL")],
        "{:?}",
        source.texts
    );
    assert_eq!(source.tests, ["said_tests.rs"]);
    assert_eq!(file_of("src/a/b.rs", "tests"), "src/a/b/tests.rs");
    assert_eq!(file_of("src/a/b.rs", "b_tests.rs"), "src/a/b_tests.rs");
    assert_eq!(file_of("src/lib.rs", "tests"), "src/tests.rs");
    for (said, french) in [
        ("\"{} sur {}\"", true),
        ("\"data-page\"", false),
        ("\"Content-Type\"", false),
        ("\"{:.2}\"", false),
        ("\"l'export\"", false),
        ("\"de l'export\"", true),
    ] {
        assert_eq!(is_french(said), french, "{said}");
    }
    assert!(is_label("src/page/view/a.rs", "\"Bailleur\""));
    assert!(!is_label("src/export/xlsx.rs", "\"Bailleur\""));
}
