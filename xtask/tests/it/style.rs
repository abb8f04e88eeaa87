//! Habits of every hand-written file.

use syn::spanned::Spanned as _;
use syn::visit::Visit;

use crate::tree;

/// Lines of a file without its tests.
const LONGEST_FILE: usize = 420;
/// Files that are one table, and as long as what it lists.
const TABLES: [&str; 1] = ["generator/src/document/structure/openapi_3_0.rs"];
/// Words that no file may hold; written in halves so that this one does not.
const FORBIDDEN: [(&str, &str); 5] = [
    (concat!("#[", "allow("), "use `expect` with a reason"),
    (concat!("#[", "ignore"), "a test runs or is not there"),
    (concat!("should", "_panic"), "assert on a result"),
    (concat!("FIX", "ME"), "mend it or say it in the closing note"),
    (concat!("TO", "DO"), "mend it or say it in the closing note"),
];

#[test]
fn files_open_with_what_they_are_for() {
    let bare = tree::written().into_iter().filter(|(_, text)| !text.starts_with("//!"));
    tree::none(
        &bare
            .map(|(path, _)| format!("{} opens without `//!`", tree::told(&path)))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn files_stay_short() {
    let mut complaints = Vec::new();
    for (path, text) in tree::written() {
        let tests = text.find("\n#[cfg(test)]\nmod tests").unwrap_or(text.len());
        let lines = text.get(..tests).unwrap_or(&text).lines().count();
        let is_test = tree::told(&path).contains("/tests/");
        if lines > LONGEST_FILE && !is_test && !TABLES.contains(&tree::told(&path).as_str()) {
            complaints.push(format!("{} has {lines} lines without its tests", tree::told(&path)));
        }
    }
    tree::none(&complaints);
}

#[test]
fn words_that_no_file_holds() {
    let mut complaints = Vec::new();
    for (path, text) in tree::written() {
        for (number, line) in text.lines().enumerate() {
            for (word, instead) in FORBIDDEN.iter().filter(|(word, _)| line.contains(word)) {
                complaints.push(format!("{}:{}: {word}: {instead}", tree::told(&path), number + 1));
            }
        }
    }
    tree::none(&complaints);
}

/// Outside tests nothing panics. Clippy sees to the workspace's crates; support code is compiled into foreign ones.
#[test]
fn support_code_does_not_panic() {
    #[derive(Default)]
    struct Found(Vec<String>);

    impl<'ast> Visit<'ast> for Found {
        fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
            if module.ident != "tests" {
                syn::visit::visit_item_mod(self, module);
            }
        }

        fn visit_expr_index(&mut self, index: &'ast syn::ExprIndex) {
            if !matches!(
                *index.index,
                syn::Expr::Range(syn::ExprRange { start: None, end: None, .. })
            ) {
                self.0.push(format!("indexing in line {}", index.span().start().line));
            }
            syn::visit::visit_expr_index(self, index);
        }

        fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
            if call.method == "unwrap" || call.method == "expect" {
                self.0.push(format!("{} in line {}", call.method, call.span().start().line));
            }
            syn::visit::visit_expr_method_call(self, call);
        }

        fn visit_macro(&mut self, used: &'ast syn::Macro) {
            let name = used
                .path
                .segments
                .last()
                .map(|segment| segment.ident.to_string())
                .unwrap_or_default();
            if ["panic", "unreachable", "unimplemented", "todo", "assert", "assert_eq"]
                .contains(&name.as_str())
            {
                self.0.push(format!("{name}! in line {}", used.span().start().line));
            }
        }
    }

    let mut complaints = Vec::new();
    for (path, text) in tree::files(&tree::root().join("generator/support"), ".rs") {
        let is_test = path.file_stem().is_some_and(|stem| stem.to_string_lossy().contains("test"));
        if is_test {
            continue;
        }
        let mut found = Found::default();
        found.visit_file(&syn::parse_file(&text).unwrap());
        complaints.extend(found.0.into_iter().map(|what| format!("{}: {what}", tree::told(&path))));
    }
    tree::none(&complaints);
}
