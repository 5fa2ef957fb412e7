//! Everything the wasm can do to the world, held against a committed list.
//!
//! A wasm module acts only through its imports, and wasm-bindgen's glue says
//! what each does: `arg0.closePath()`, `new Blob(arg0, arg1)`. Their names end
//! in a fingerprint that changes with the tool, so the list holds what they do,
//! with a reason why each group cannot send a row anywhere.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, ensure};

/// The committed list.
pub(crate) const COMMITTED: &str = include_str!("../../data/wasm-imports.txt");

/// Where the list stands, for messages.
const LIST: &str = "xtask/data/wasm-imports.txt";

/// How an import begins in the glue: one level inside the table of imports.
const INDENT: &str = "            ";

/// Lines of an import that only carry values between the wasm and the browser,
/// whole: any other line is something done.
const CARRIERS: [&str; 18] = [
    "return ret;",
    "let result;",
    "try {",
    "} catch (_) {",
    "result = false;",
    "const ret = result;",
    "}",
    "return isLikeNone(ret) ? 0 : addToExternrefTable0(ret);",
    "return isLikeNone(ret) ? 0xFFFFFF : ret ? 1 : 0;",
    "const ptr1 = passStringToWasm0(ret, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);",
    "var ptr1 = isLikeNone(ret) ? 0 : passStringToWasm0(ret, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);",
    "const len1 = WASM_VECTOR_LEN;",
    "var len1 = WASM_VECTOR_LEN;",
    "getDataViewMemory0().setInt32(arg0 + 4 * 0, ptr1, true);",
    "getDataViewMemory0().setInt32(arg0 + 4 * 1, len1, true);",
    "getDataViewMemory0().setInt32(arg0 + 4 * 0, !isLikeNone(ret), true);",
    "getDataViewMemory0().setFloat64(arg0 + 8 * 1, isLikeNone(ret) ? 0 : ret, true);",
    "getDataViewMemory0().setBigInt64(arg0 + 8 * 1, isLikeNone(ret) ? BigInt(0) : ret, true);",
];

/// The differences between what the wasm can do and what the list allows, each
/// as one sentence; none when they are equal.
pub(crate) fn problems(
    wasm_imports: &BTreeSet<String>,
    glue: &str,
    list: &str,
) -> Result<Vec<String>> {
    let found = actions(glue)?;
    let names: BTreeSet<&String> = found.keys().collect();
    let mut problems = Vec::new();
    for name in wasm_imports {
        if !names.contains(name) {
            problems.push(format!(
                "le wasm importe « {name} », que la colle ne définit pas sous une forme connue"
            ));
        }
    }
    let done: BTreeSet<&str> = found.values().map(String::as_str).collect();
    let allowed = allowed(list)?;
    problems.extend(
        done.difference(&allowed)
            .map(|action| format!("le wasm peut faire « {action} », qui n'est pas dans {LIST}")),
    );
    problems.extend(
        allowed
            .difference(&done)
            .map(|action| format!("{LIST} permet « {action} », que le wasm ne demande pas")),
    );
    Ok(problems)
}

/// The actions of the list. Every one stands under a title and at least one
/// line of reason.
fn allowed(list: &str) -> Result<BTreeSet<&str>> {
    let mut actions = BTreeSet::new();
    let mut reasoned = false;
    for line in list.lines().map(str::trim_end) {
        if let Some(title) = line.strip_prefix("## ") {
            ensure!(!title.is_empty(), "un groupe sans titre dans {LIST}");
            reasoned = false;
        } else if line.starts_with('#') {
        } else if let Some(reason) = line.strip_prefix("> ") {
            reasoned |= !reason.trim().is_empty();
        } else if !line.is_empty() {
            ensure!(
                reasoned,
                "« {line} » n'a pas de raison au-dessus de lui dans {LIST}"
            );
            ensure!(actions.insert(line), "« {line} » est deux fois dans {LIST}");
        }
    }
    Ok(actions)
}

/// What each import of the glue does, by its name.
fn actions(glue: &str) -> Result<BTreeMap<String, String>> {
    let mut actions = BTreeMap::new();
    let mut lines = glue.lines();
    lines
        .find(|line| line.trim_start().starts_with("const import0 = {"))
        .context("la colle n'a pas de table d'imports")?;
    while let Some(line) = lines.next() {
        let Some(entry) = line.strip_prefix(INDENT) else {
            break;
        };
        let (name, opening) = entry
            .split_once(':')
            .context("une ligne de la table d'imports n'a pas la forme attendue")?;
        if name == "__proto__" {
            continue;
        }
        // A wasm may also be lent a function of the browser as it is: then the
        // line itself says which.
        if !opening.ends_with('{') {
            actions.insert(
                name.to_owned(),
                opening.trim().trim_end_matches(',').to_owned(),
            );
            continue;
        }
        let mut body = Vec::new();
        loop {
            let line = lines.next().context("un import de la colle est coupé")?;
            if line.starts_with(INDENT) && line[INDENT.len()..].starts_with('}') {
                break;
            }
            body.push(line.trim());
        }
        actions.insert(name.to_owned(), action(&body));
    }
    ensure!(
        !actions.is_empty(),
        "la table d'imports de la colle est vide"
    );
    Ok(actions)
}

/// The lines of a body that do something, on one line.
fn action(body: &[&str]) -> String {
    let kept: Vec<String> = body
        .iter()
        .filter(|line| !CARRIERS.contains(line) && !line.starts_with("//"))
        .map(|line| {
            let line = line.trim_end_matches(';');
            let line = line.strip_prefix("const ret = ").unwrap_or(line);
            let line = line.strip_prefix("result = ").unwrap_or(line);
            shortened(line)
        })
        .collect();
    if kept.is_empty() {
        "rien".to_owned()
    } else {
        kept.join(" ; ")
    }
}

/// A text that comes from the wasm is « texte », and a closure's entry point
/// loses the fingerprint of the compiler.
fn shortened(line: &str) -> String {
    const TEXT: &str = "getStringFromWasm0(";
    const ENTRY: &str = "wasm_bindgen__convert__closures_____invoke__h";
    let mut short = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once(TEXT) {
        let Some((_, after)) = after.split_once(')') else {
            break;
        };
        short.push_str(before);
        short.push_str("texte");
        rest = after;
    }
    short.push_str(rest);
    match short.split_once(ENTRY) {
        Some((before, after)) => {
            let end = after.trim_start_matches(|c: char| c.is_ascii_hexdigit() || c == '_');
            format!("{before}…{end}")
        }
        None => short,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLUE: &str = "    function __wbg_get_imports() {
        const import0 = {
            __proto__: null,
            __wbg_add_0011: function() { return handleError(function (arg0, arg1) {
                const ret = arg0.add(arg1);
                return isLikeNone(ret) ? 0 : addToExternrefTable0(ret);
            }, arguments); },
            __wbg_hash_0022: function(arg0, arg1) {
                const ret = arg1.hash;
                const ptr1 = passStringToWasm0(ret, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
                const len1 = WASM_VECTOR_LEN;
                getDataViewMemory0().setInt32(arg0 + 4 * 1, len1, true);
            },
            __wbindgen_generic_0001: function(arg0, arg1) {
                // Cast intrinsic for `Closure`.
                const ret = makeMutClosure(arg0, arg1, wasm_bindgen__convert__closures_____invoke__h5a5f_3);
                return ret;
            },
        };
        return {
";
    const LIST_OF_IT: &str = "# Une liste\n## Groupe\n> Rien ne sort.\narg0.add(arg1)\narg1.hash\nmakeMutClosure(arg0, arg1, …)\n";

    fn names() -> BTreeSet<String> {
        [
            "__wbg_add_0011",
            "__wbg_hash_0022",
            "__wbindgen_generic_0001",
        ]
        .map(str::to_owned)
        .into()
    }

    #[test]
    fn what_is_listed_passes_whatever_the_fingerprints() {
        assert_eq!(
            problems(&names(), GLUE, LIST_OF_IT).unwrap(),
            Vec::<String>::new()
        );
        let other = GLUE.replace("h5a5f_3", "h99_1");
        assert_eq!(
            problems(&names(), &other, LIST_OF_IT).unwrap(),
            Vec::<String>::new()
        );
    }

    #[test]
    fn an_import_that_does_something_else_is_seen_under_the_same_name() {
        let glue = GLUE.replace("arg0.add(arg1)", "navigator.sendBeacon(arg0, arg1)");
        let found = problems(&names(), &glue, LIST_OF_IT).unwrap();
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("sendBeacon"), "{found:?}");
    }

    #[test]
    fn what_hides_among_the_carriers_is_seen() {
        for line in [
            "const ptr1 = fetch(ret);",
            "getDataViewMemory0().setInt32(0, 0, true), fetch(arg1);",
            "return fetch(ret);",
        ] {
            let glue = GLUE.replace("const len1 = WASM_VECTOR_LEN;", line);
            assert!(
                !problems(&names(), &glue, LIST_OF_IT).unwrap().is_empty(),
                "{line}"
            );
        }
    }

    #[test]
    fn an_unknown_import_and_a_stale_line_are_seen() {
        let mut more = names();
        more.insert("__wbg_fetch_0033".to_owned());
        assert_eq!(problems(&more, GLUE, LIST_OF_IT).unwrap().len(), 1);
        let list = format!("{LIST_OF_IT}arg0.open(arg1)\n");
        assert_eq!(problems(&names(), GLUE, &list).unwrap().len(), 1);
    }

    #[test]
    fn a_line_without_a_reason_or_twice_there_is_refused() {
        for list in [
            "## Groupe\narg1.hash\n",
            "## Groupe\n> Rien.\narg1.hash\narg1.hash\n",
        ] {
            assert!(problems(&names(), GLUE, list).is_err(), "{list}");
        }
    }
}
