//! Which file uses which. A use counts for the file that defines the name, whichever file re-exports it.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Path, Source};

/// The files of a crate by module path. The root has no segments.
pub(crate) struct Files(BTreeMap<Path, Source>);

/// The target of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Target {
    /// A module itself.
    Module(Path),
    /// A name that this module's file defines.
    Name(Path),
}

impl Files {
    /// Reads source texts by module. Leaves out files of unit tests.
    pub(crate) fn new(texts: impl IntoIterator<Item = (Path, String)>) -> Self {
        let mut files: BTreeMap<Path, Source> =
            texts.into_iter().map(|(module, text)| (module, Source::read(&text))).collect();
        let tests: Vec<Path> = files
            .iter()
            .flat_map(|(module, source)| {
                source.tests.iter().map(|t| [module.as_slice(), std::slice::from_ref(t)].concat())
            })
            .collect();
        files.retain(|module, _| !tests.iter().any(|t| module.starts_with(t)));
        Self(files)
    }

    /// Number of files.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Groups of files in which each file leads to all others, ordered by name.
    pub(crate) fn circles(&self) -> Vec<Vec<String>> {
        let edges: BTreeMap<&Path, BTreeSet<Path>> =
            self.0.iter().map(|(m, s)| (m, self.used(m, s))).collect();
        let reached: BTreeMap<&Path, BTreeSet<&Path>> =
            edges.keys().map(|start| (*start, reachable(start, &edges))).collect();
        let mut circles: Vec<Vec<String>> = Vec::new();
        let mut seen: BTreeSet<&Path> = BTreeSet::new();
        for (module, all) in &reached {
            let circle: Vec<&Path> =
                all.iter().copied().filter(|other| reached[*other].contains(*module)).collect();
            if circle.len() > 1 && !seen.contains(*module) {
                seen.extend(circle.iter().copied());
                circles.push(circle.into_iter().map(|m| name(m)).collect());
            }
        }
        circles
    }

    /// The files whose names a file uses.
    fn used(&self, module: &Path, source: &Source) -> BTreeSet<Path> {
        let mut used = BTreeSet::new();
        // Modules that are in scope under a name of their own.
        let mut known: BTreeMap<&str, Path> = BTreeMap::new();
        for child in &source.children {
            known.insert(child, [module.as_slice(), std::slice::from_ref(child)].concat());
        }
        for (path, name) in &source.uses {
            for target in self.targets(module, path, 0) {
                match target {
                    Target::Module(m) if name == "*" => {
                        used.insert(m);
                    }
                    Target::Module(m) => {
                        known.insert(name, m);
                    }
                    Target::Name(m) => {
                        used.insert(m);
                    }
                }
            }
        }
        for path in &source.paths {
            let targets = match (path.first().and_then(|first| known.get(first.as_str())), path.get(1..)) {
                (Some(start), Some(rest)) => self.walk(start, rest, 0),
                _ => self.targets(module, path, 0),
            };
            used.extend(targets.into_iter().filter_map(|t| match t {
                Target::Name(m) => Some(m),
                Target::Module(_) => None,
            }));
        }
        used.remove(module);
        used.retain(|m| self.0.contains_key(m));
        used
    }

    /// Targets of a path in a module's file. Empty where the path leaves the crate. One name may be both a
    /// module and an item.
    fn targets(&self, module: &Path, path: &[String], depth: usize) -> Vec<Target> {
        let supers = path.iter().take_while(|s| *s == "super").count();
        match path.first().map(String::as_str) {
            Some("crate") => self.walk(&Path::new(), &path[1..], depth),
            Some("self") => self.walk(module, &path[1..], depth),
            Some("super") => match module.len().checked_sub(supers) {
                Some(length) => self.walk(&module[..length].to_vec(), &path[supers..], depth),
                None => Vec::new(),
            },
            Some(first) if self.0.get(module).is_some_and(|s| s.children.contains(first)) => {
                self.walk(module, path, depth)
            }
            _ => Vec::new(),
        }
    }

    fn walk(&self, from: &Path, path: &[String], depth: usize) -> Vec<Target> {
        // Stops at re-exports that lead back to themselves.
        const DEEPEST: usize = 16;
        let Some((first, rest)) = path.split_first() else { return vec![Target::Module(from.clone())] };
        let Some(source) = self.0.get(from).filter(|_| depth < DEEPEST) else { return Vec::new() };
        let mut found = Vec::new();
        let child = [from.as_slice(), std::slice::from_ref(first)].concat();
        if self.0.contains_key(&child) {
            found.extend(self.walk(&child, rest, depth));
        }
        let is_new = found.is_empty() || rest.is_empty();
        if is_new && source.defines.contains(first) {
            found.push(Target::Name(from.clone()));
        } else if is_new {
            let named = source.uses.iter().filter(|(_, name)| name == first);
            let mut exports: Vec<Target> = named
                .clone()
                .flat_map(|(path, _)| self.targets(from, &[path.as_slice(), rest].concat(), depth + 1))
                .collect();
            if named.count() == 0 && found.is_empty() {
                let globs = source.uses.iter().filter(|(_, name)| name == "*");
                let all = globs.flat_map(|(path, _)| {
                    self.targets(
                        from,
                        &[path.as_slice(), path_of(first, rest).as_slice()].concat(),
                        depth + 1,
                    )
                });
                // A glob may lead anywhere; only modules that define the name count.
                exports.extend(all.filter(|t| self.has(t, first)));
                if exports.is_empty() {
                    exports.push(Target::Name(from.clone()));
                }
            }
            exports.retain(|t| !found.contains(t));
            found.extend(exports);
        }
        found
    }

    fn has(&self, target: &Target, item: &str) -> bool {
        match target {
            Target::Name(m) => self.0.get(m).is_some_and(|s| s.defines.contains(item)),
            Target::Module(_) => false,
        }
    }
}

fn path_of(first: &str, rest: &[String]) -> Path {
    std::iter::once(first.to_owned()).chain(rest.iter().cloned()).collect()
}

/// Everything reachable from a start, including the start.
fn reachable<'a>(start: &'a Path, edges: &'a BTreeMap<&Path, BTreeSet<Path>>) -> BTreeSet<&'a Path> {
    let mut found = BTreeSet::from([start]);
    let mut open = vec![start];
    while let Some(module) = open.pop() {
        for next in edges.get(module).into_iter().flatten() {
            if found.insert(next) {
                open.push(next);
            }
        }
    }
    found
}

fn name(module: &[String]) -> String {
    if module.is_empty() { "the root".to_owned() } else { module.join("::") }
}
