//! What one file says about others: its `use` lines, paths, child modules and defined names.

use std::collections::BTreeSet;

use super::tokens::tokens;

/// The segments of a path.
pub(crate) type Path = Vec<String>;

/// One file, without its unit tests.
#[derive(Debug, Default)]
pub(crate) struct Source {
    /// Paths of `use` lines, each with its local name, or `*` for a glob.
    pub uses: Vec<(Path, String)>,
    /// Other paths.
    pub paths: Vec<Path>,
    /// Modules declared here that have files of their own.
    pub children: BTreeSet<String>,
    /// Those of the children that are unit tests.
    pub tests: BTreeSet<String>,
    /// Names of its items.
    pub defines: BTreeSet<String>,
}

impl Source {
    /// Parses a source text.
    pub(crate) fn read(text: &str) -> Self {
        let tokens = tokens(text);
        let mut source = Self::default();
        let word = |at: usize| tokens.get(at).copied().unwrap_or_default();
        // Positions where inline modules end, innermost last.
        let mut inside: Vec<usize> = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            inside.retain(|end| at < *end);
            let is_test = tokens[at..].starts_with(&["#", "[", "cfg", "(", "test", ")", "]"]);
            if is_test {
                at = source.skip_test(&tokens, at + 7);
                continue;
            }
            match word(at) {
                "use" => at = source.read_use(&tokens, at + 1, inside.len()),
                "mod" if word(at + 2) == ";" => {
                    source.children.insert(word(at + 1).to_owned());
                    at += 3;
                }
                "mod" if word(at + 2) == "{" => {
                    inside.push(closing(&tokens, at + 2));
                    at += 3;
                }
                "struct" | "enum" | "fn" | "trait" | "type" | "const" | "static" | "union" => {
                    source.defines.insert(word(at + 1).to_owned());
                    at += 1;
                }
                first if word(at + 1) == "::" && is_name(first) => {
                    let mut path = vec![first.to_owned()];
                    at += 1;
                    while word(at) == "::" && is_name(word(at + 1)) {
                        path.push(word(at + 1).to_owned());
                        at += 2;
                    }
                    source.paths.extend(from_file(path, inside.len()));
                    at = at.max(1);
                }
                _ => at += 1,
            }
        }
        source
    }

    /// Skips the item after a test attribute. Notes a test module that has a file of its own.
    fn skip_test(&mut self, tokens: &[&str], mut at: usize) -> usize {
        while let Some(token) = tokens.get(at) {
            match *token {
                "mod" if tokens.get(at + 2) == Some(&";") => {
                    self.tests.insert(tokens[at + 1].to_owned());
                    return at + 3;
                }
                ";" => return at + 1,
                "{" => return closing(tokens, at),
                _ => at += 1,
            }
        }
        at
    }

    fn read_use(&mut self, tokens: &[&str], at: usize, depth: usize) -> usize {
        let mut found = Vec::new();
        let end = use_tree(tokens, at, &[], &mut found);
        for (path, name) in found {
            self.uses.extend(from_file(path, depth).map(|path| (path, name)));
        }
        end
    }
}

/// The path as seen from outside inline modules. `None` where it stays within the file.
fn from_file(path: Path, depth: usize) -> Option<Path> {
    let supers = path.iter().take_while(|s| *s == "super").count();
    match path.first().map(String::as_str) {
        Some("super") if supers <= depth && depth > 0 => None,
        Some("super") => Some(path[depth..].to_vec()),
        Some("self") if depth > 0 => None,
        _ => Some(path),
    }
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// The position after the brace that closes the one at `open`.
fn closing(tokens: &[&str], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match *token {
            "{" => depth += 1,
            "}" => depth = depth.saturating_sub(1),
            _ => continue,
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

/// Parses `a::{b, c as d}` and returns the position after it.
fn use_tree(tokens: &[&str], mut at: usize, before: &[String], found: &mut Vec<(Path, String)>) -> usize {
    let mut path = before.to_vec();
    while let Some(token) = tokens.get(at) {
        match *token {
            "::" => at += 1,
            "*" => {
                found.push((path, "*".to_owned()));
                return at + 1;
            }
            "{" => {
                at += 1;
                while tokens.get(at).is_some_and(|t| *t != "}") {
                    at = use_tree(tokens, at, &path, found);
                    at += usize::from(tokens.get(at) == Some(&","));
                }
                return at + 1;
            }
            name if is_name(name) => {
                // `a::{self}` is `a`.
                if name != "self" || path.is_empty() {
                    path.push(name.to_owned());
                }
                at += 1;
                if tokens.get(at) == Some(&"::") {
                    continue;
                }
                let mut name = path.last().cloned().unwrap_or_default();
                if tokens.get(at) == Some(&"as") {
                    tokens.get(at + 1).copied().unwrap_or_default().clone_into(&mut name);
                    at += 2;
                }
                found.push((path, name));
                return at;
            }
            _ => return at + 1,
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Path {
        text.split("::").map(str::to_owned).collect()
    }

    #[test]
    fn uses_paths_and_names_are_found() {
        let text = "mod child;\n#[cfg(test)]\nmod tests;\nuse crate::a::{self, B, c::D as E};\npub(crate) use child::*;\n\
                    struct One;\nfn two() { super::three::four(); let x: Vec<crate::F>; }\n\
                    #[cfg(test)]\nmod checks { use super::*; fn five() { crate::six(); } }\n";
        let source = Source::read(text);
        let uses: Vec<(String, &str)> =
            source.uses.iter().map(|(p, name)| (p.join("::"), name.as_str())).collect();
        let expected = [("crate::a", "a"), ("crate::a::B", "B"), ("crate::a::c::D", "E"), ("child", "*")];
        assert_eq!(uses, expected.map(|(p, name)| (p.to_owned(), name)));
        assert_eq!(source.paths, [path("super::three::four"), path("crate::F")]);
        assert_eq!(source.children, BTreeSet::from(["child".to_owned()]));
        assert_eq!(source.tests, BTreeSet::from(["tests".to_owned()]));
        assert_eq!(source.defines, BTreeSet::from(["One".to_owned(), "two".to_owned()]));
    }

    #[test]
    fn a_module_within_a_file_is_the_file() {
        let source =
            Source::read("mod inner { use super::super::a::B; use super::C; fn f() { self::g(); } }");
        assert_eq!(source.uses, [(path("super::a::B"), "B".to_owned())]);
        assert!(source.paths.is_empty());
    }
}
