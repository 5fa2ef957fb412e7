//! What a wasm module says about itself: the functions it must be lent, and the
//! bytes it carries.
//!
//! A module can do nothing to the world but call its imports. The reader knows
//! the two sections that matter and steps over the rest.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, bail, ensure};

/// How a module of the first version begins.
const MAGIC: &[u8] = b"\0asm\x01\0\0\0";
const NOT_A_MODULE: &str = "le bloc wasm n'est pas un module";
const CUSTOM: u8 = 0;
const IMPORTS: u8 = 2;
const DATA: u8 = 11;

/// The two things an auditor asks of a module.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Module {
    /// The names of the imported functions.
    pub(crate) imports: BTreeSet<String>,
    /// The data sections, as they stand: strings are in there, end to end.
    pub(crate) data: Vec<u8>,
}

impl Module {
    /// Reads a module; one import that is not a function is an error.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self> {
        let mut rest = bytes.strip_prefix(MAGIC).context(NOT_A_MODULE)?;
        let mut module = Self::default();
        while let Some((&id, after)) = rest.split_first() {
            rest = after;
            let section = take_counted(&mut rest)?;
            match id {
                IMPORTS => module.imports = imports(section)?,
                DATA => module.data.extend_from_slice(section),
                _ => {}
            }
        }
        Ok(module)
    }
}

/// The module without its custom sections: the names of its functions, which
/// weigh a tenth of it and serve a debugger alone, and the words of compilers.
pub(crate) fn without_custom(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut rest = bytes.strip_prefix(MAGIC).context(NOT_A_MODULE)?;
    let mut kept = MAGIC.to_vec();
    while let Some((&id, after)) = rest.split_first() {
        let mut end = after;
        take_counted(&mut end)?;
        let (section, after) = rest.split_at(rest.len() - end.len());
        if id != CUSTOM {
            kept.extend_from_slice(section);
        }
        rest = after;
    }
    Ok(kept)
}

fn imports(mut section: &[u8]) -> Result<BTreeSet<String>> {
    let count = number(&mut section)?;
    let mut names = BTreeSet::new();
    for _ in 0..count {
        take_counted(&mut section)?;
        let name = std::str::from_utf8(take_counted(&mut section)?)
            .context("le nom d'un import du wasm n'est pas du texte")?
            .to_owned();
        let (&kind, after) = section.split_first().context(CUT)?;
        section = after;
        ensure!(
            kind == 0,
            "l'import « {name} » du wasm n'est pas une fonction"
        );
        number(&mut section)?;
        names.insert(name);
    }
    Ok(names)
}

const CUT: &str = "le module wasm est coupé";

/// A length, then as many bytes.
fn take_counted<'a>(bytes: &mut &'a [u8]) -> Result<&'a [u8]> {
    let length = number(bytes)?;
    let (taken, rest) = bytes.split_at_checked(length).context(CUT)?;
    *bytes = rest;
    Ok(taken)
}

/// An unsigned number of at most 32 bits, seven at a time.
fn number(bytes: &mut &[u8]) -> Result<usize> {
    let mut value = 0_u64;
    for shift in [0, 7, 14, 21, 28] {
        let (&byte, rest) = bytes.split_first().context(CUT)?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return usize::try_from(value).context(CUT);
        }
    }
    bail!("un nombre du module wasm est trop long")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Imports `a.b` and `a.c`, then six bytes of data in one segment.
    pub(crate) const SMALL: &[u8] = b"\0asm\x01\0\0\0\
        \x01\x04\x01\x60\0\0\
        \x02\x0d\x02\x01a\x01b\0\0\x01a\x01c\0\0\
        \x0b\x0c\x01\0\x41\0\x0b\x06bonsoi";

    #[test]
    fn imports_and_data_are_read() {
        let module = Module::read(SMALL).unwrap();
        assert_eq!(module.imports, ["b", "c"].map(str::to_owned).into());
        assert!(module.data.ends_with(b"bonsoi"));
    }

    #[test]
    fn a_cut_module_is_an_error_not_a_shorter_list() {
        // Anywhere but between two sections.
        for length in (0..SMALL.len()).filter(|length| ![8, 14, 29].contains(length)) {
            assert!(Module::read(&SMALL[..length]).is_err(), "{length}");
        }
    }

    #[test]
    fn only_custom_sections_go() {
        let names: &[u8] = b"\0\x07\x04name\x01\x02";
        let (head, tail) = SMALL.split_at(14);
        let named = [head, names, tail, names].concat();
        assert_eq!(without_custom(&named).unwrap(), SMALL);
        assert_eq!(without_custom(SMALL).unwrap(), SMALL);
        assert!(without_custom(&named[..named.len() - 1]).is_err());
    }

    #[test]
    fn an_imported_memory_is_refused() {
        let bytes = b"\0asm\x01\0\0\0\x02\x08\x01\x01a\x01m\x02\0\x01";
        assert!(Module::read(bytes).is_err());
    }
}
