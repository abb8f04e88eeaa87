//! Scripts and the shell that runs them.

use crate::tools::{run, run_with};

#[tokio::test(start_paused = true)]
async fn scripts_do_what_a_shell_does() {
    let table: &[(&str, &str, &str, u8)] = &[
        ("echo out; echo err >&2", "out\n", "err\n", 0),
        ("echo a && echo b || echo c", "a\nb\n", "", 0),
        ("false && echo b || echo c", "c\n", "", 0),
        ("true || echo b && echo c", "c\n", "", 0),
        ("false", "", "", 1),
        ("false; true", "", "", 0),
        ("exit 3", "", "", 3),
        ("echo a; exit 3; echo b", "a\n", "", 3),
        ("false; exit", "", "", 1),
        ("false || exit 4", "", "", 4),
        ("exit x", "", "sh: exit: not a number from 0 to 255\n", 2),
        ("exit 256", "", "sh: exit: not a number from 0 to 255\n", 2),
        ("! true; echo $?; ! false; echo $?", "1\n0\n", "", 0),
        ("echo 'a  b' \"c\" d\\ e", "a  b c d e\n", "", 0),
        ("printf 'a\\nb' 1>&2", "", "a\nb", 0),
        ("echo a 2>&1 >&2", "a\n", "", 0),
        ("echo a >&2 2>&1", "", "a\n", 0),
        ("nope", "", "nope: command not found\n", 127),
        ("nope 2>/dev/null || echo none", "none\n", "", 0),
        ("nope 2>&1", "nope: command not found\n", "", 127),
        ("echo a >/dev/null; cat </dev/null", "", "", 0),
        ("echo a >/tmp/x; echo b", "b\n", "sh: /tmp/x: Permission denied\n", 0),
        ("echo a | cat | cat", "a\n", "", 0),
        ("exit 5 | true; echo $?; true | exit 6", "0\n", "", 6),
        ("sh -c 'exit 9'; echo $?", "9\n", "", 0),
        ("echo a | sh -c 'cat; echo b'", "a\nb\n", "", 0),
        ("", "", "", 0),
        ("# nothing", "", "", 0),
        ("echo a;; echo b", "", "sh: syntax error near ';'\n", 2),
        ("echo 'a", "", "sh: syntax error: unexpected end of file\n", 2),
        ("while true; do true; done", "", "sh: 'while' is not supported by this shell\n", 2),
        ("> /dev/null", "", "", 0),
    ];
    for (script, stdout, stderr, code) in table {
        let expected = (stdout.to_string(), stderr.to_string(), *code);
        assert_eq!(run(&["sh", "-c", script]).await, expected, "{script}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_pipeline_ends_when_its_reader_does() {
    let script = "cat | true; echo done";
    let said = run_with(&["sh", "-c", script], &vec![b'x'; 100_000]).await;
    assert_eq!(said.stdout, b"done\n");
}

#[tokio::test(start_paused = true)]
async fn a_shell_reads_its_commands_from_its_input() {
    let said =
        run_with(&["sh"], b"echo a\necho 'b\nc'; nope 2>/dev/null\necho $?\nexit 3\necho d\n")
            .await;
    assert_eq!(said.stdout, b"a\nb\nc\n127\n");
    assert_eq!((said.stderr, said.code.unwrap().get()), (b"".to_vec(), 3));
}

#[tokio::test(start_paused = true)]
async fn a_command_reads_what_the_shell_has_not() {
    let said = run_with(&["sh"], b"echo first; cat\nsecond\nthird").await;
    assert_eq!(said.stdout, b"first\nsecond\nthird");
}

#[tokio::test(start_paused = true)]
async fn wrong_uses_of_the_shell_are_told() {
    for (words, code) in [(&["sh", "-c"][..], 2), (&["sh", "script.sh"], 127), (&["sh", "-z"], 127)]
    {
        let (stdout, stderr, found) = run(words).await;
        assert_eq!((stdout.as_str(), found), ("", code), "{words:?}");
        assert!(stderr.starts_with("sh: "), "{words:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn shells_in_shells_have_an_end() {
    let mut script = "echo deep".to_owned();
    for _ in 0..10 {
        script = format!("sh -c {}", quoted(&script));
    }
    assert_eq!(run(&["sh", "-c", &script]).await.0, "deep\n");
    let said = run_with(&["sh"], "sh\n".repeat(40).as_bytes()).await;
    assert_eq!(said.stderr, b"sh: too many shells in shells\n".repeat(24 + 1));
}

fn quoted(script: &str) -> String {
    format!("'{}'", script.replace('\'', "'\\''"))
}

#[tokio::test(start_paused = true)]
async fn an_endless_line_ends_the_shell() {
    let said = run_with(&["sh"], &vec![b'x'; 400_000]).await;
    assert_eq!(said.code.unwrap().get(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_endless_command_is_refused_and_the_shell_goes_on() {
    let lines = "\n".repeat(99);
    let said = run_with(&["sh"], format!("echo 'a{lines}b'\n").as_bytes()).await;
    assert_eq!(String::from_utf8(said.stdout).unwrap(), format!("a{lines}b\n"));
    let said = run_with(&["sh"], format!("echo 'a{lines}\necho b\n").as_bytes()).await;
    assert_eq!(said.stdout, b"b\n");
    assert_eq!(said.stderr, b"sh: syntax error: unexpected end of file\n");
}
