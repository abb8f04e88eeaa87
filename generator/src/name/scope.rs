//! A set of names in which each stands for one thing.

use std::collections::BTreeSet;

use super::{Case, Name};

/// Names of one case that are given away.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    case: Case,
    taken: BTreeSet<Name>,
}

impl Scope {
    /// A scope in which `reserved` names already stand for something else.
    pub(super) fn new(case: Case, reserved: &[&str]) -> Self {
        let taken = reserved.iter().map(|text| Name::new(text, case)).collect();
        Self { case, taken }
    }

    /// A name of its own for each text: the first to wish for a name has it, the others are numbered,
    /// and never with a number that makes a name which some other text wishes for.
    pub(super) fn assign<'t>(&mut self, texts: impl IntoIterator<Item = &'t str>) -> Vec<Name> {
        let wishes: Vec<Name> = texts.into_iter().map(|text| Name::new(text, self.case)).collect();
        let wished: BTreeSet<Name> = wishes.iter().cloned().collect();
        wishes.into_iter().map(|wish| self.take(wish, &wished)).collect()
    }

    /// A name of its own for one more.
    pub(super) fn assign_one(&mut self, wish: Name) -> Name {
        self.take(wish, &BTreeSet::new())
    }

    fn take(&mut self, wish: Name, wished: &BTreeSet<Name>) -> Name {
        if self.taken.insert(wish.clone()) {
            return wish;
        }
        let numbered = (2..).map(|number| wish.numbered(number, self.case));
        let free =
            numbered.into_iter().find(|name| !self.taken.contains(name) && !wished.contains(name));
        let name = free.unwrap_or(wish);
        self.taken.insert(name.clone());
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_gets_a_name_of_its_own() {
        let mut scope = Scope::new(Case::Value, &["additional"]);
        let names = scope.assign(["foo-bar", "fooBar", "foo_bar", "foo_bar_2", "additional"]);
        let names: Vec<&str> = names.iter().map(Name::as_str).collect();
        assert_eq!(names, ["foo_bar", "foo_bar_3", "foo_bar_4", "foo_bar_2", "additional_2"]);
    }
}
