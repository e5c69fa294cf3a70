//! Symbols of price files and their numeric identifiers.

use std::collections::BTreeMap;

/// Symbols, compared without regard to case. The position of a name is its identifier.
#[derive(Debug, Default)]
pub(crate) struct Symbols {
    pub names: Vec<String>,
    by_name: BTreeMap<String, u32>,
    /// For each symbol, the one that last followed it. Files repeat the same order every day, so this guess
    /// is usually right.
    next: Vec<u32>,
    last: u32,
}

impl Symbols {
    /// The identifier of a symbol; a new symbol gets the next one.
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

    /// Sorts the symbols alphabetically and returns the new identifier of each. The result does not depend on
    /// the order of rows, columns and files.
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

    /// The identifier of a symbol that is already known.
    pub(crate) fn find(&self, symbol: &str) -> Option<u32> {
        self.by_name.get(&symbol.to_uppercase()).copied()
    }
}
