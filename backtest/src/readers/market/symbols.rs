//! Symbols of price files and their identifiers.

use std::collections::BTreeMap;

/// Symbols without regard to case; the position is the identifier.
#[derive(Debug, Default)]
pub(crate) struct Symbols {
    pub names: Vec<String>,
    by_name: BTreeMap<String, u32>,
    /// Files go through the same symbols day after day: which one followed each the last time.
    next: Vec<u32>,
    last: u32,
}

impl Symbols {
    /// The identifier of a symbol, new or known.
    pub(crate) fn id(&mut self, symbol: &str) -> u32 {
        let guess = self.next.get(self.last as usize).copied().unwrap_or(0);
        let id = if self.names.get(guess as usize).is_some_and(|n| n == symbol) {
            guess
        } else {
            let key = symbol.to_uppercase();
            let id = self.by_name.get(&key).copied().unwrap_or(self.names.len() as u32);
            if id as usize == self.names.len() {
                self.names.push(symbol.to_owned());
                self.by_name.insert(key, id);
                self.next.push(0);
            }
            id
        };
        if let Some(next) = self.next.get_mut(self.last as usize) {
            *next = id;
        }
        self.last = id;
        id
    }

    /// Puts the symbols in the order of the alphabet and gives the new identifier of each: the same whatever the order of rows,
    /// columns and files.
    pub(crate) fn sort(&mut self) -> Vec<u32> {
        let mut new = vec![0; self.names.len()];
        let mut names = Vec::with_capacity(self.names.len());
        for (at, id) in self.by_name.values_mut().enumerate() {
            let old = std::mem::replace(id, at as u32) as usize;
            if let (Some(place), Some(name)) = (new.get_mut(old), self.names.get_mut(old)) {
                *place = at as u32;
                names.push(std::mem::take(name));
            }
        }
        self.names = names;
        (self.next, self.last) = (Vec::new(), 0);
        new
    }

    /// The identifier of a symbol that was met before.
    pub(crate) fn find(&self, symbol: &str) -> Option<u32> {
        self.by_name.get(&symbol.to_uppercase()).copied()
    }
}
