//! What each command prints and how it ends.

use std::time::Duration;

use tokio::time::Instant;

use crate::tools::{run, run_with};

#[tokio::test(start_paused = true)]
async fn each_command_prints_and_ends_as_it_should() {
    let table: &[(&[&str], &str, &str, u8)] = &[
        (&["echo"], "\n", "", 0),
        (&["echo", "a", "b  c"], "a b  c\n", "", 0),
        (&["echo", "-n", "a"], "a", "", 0),
        (&["echo", "-ne", "a\\tb"], "a\tb", "", 0),
        (&["echo", "a\\tb", "-n"], "a\\tb -n\n", "", 0),
        (&["echo", "-", "-x"], "- -x\n", "", 0),
        (&["/bin/echo", "a"], "a\n", "", 0),
        (&["printf", "%s:%d\\n", "a", "7"], "a:7\n", "", 0),
        (&["printf", "%d", "x"], "0", "printf: x: expected a number\n", 1),
        (&["printf", "%q", "x"], "", "printf: %q: invalid conversion\n", 1),
        (&["printf"], "", "printf: usage: printf format [value]...\n", 2),
        (&["true", "x"], "", "", 0),
        (&["false"], "", "", 1),
        (&["cat"], "", "", 0),
        (&["cat", "/etc/passwd"], "", "cat: /etc/passwd: No such file or directory\n", 1),
        (&["sleep"], "", "sleep: usage: sleep seconds\n", 1),
        (&["sleep", "-1"], "", "sleep: usage: sleep seconds\n", 1),
        (&["stty", "size"], "", "stty: standard input: Inappropriate ioctl for device\n", 1),
        (&["no-such-command", "x"], "", "no-such-command: command not found\n", 127),
    ];
    for (words, stdout, stderr, code) in table {
        assert_eq!(run(words).await, (stdout.to_string(), stderr.to_string(), *code), "{words:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn printf_writes_bytes() {
    let said = run_with(&["printf", "\\000\\377\\x80\\r\\n\\0101"], b"").await;
    assert_eq!(said.stdout, b"\x00\xff\x80\r\n\x081");
}

#[tokio::test(start_paused = true)]
async fn cat_passes_every_byte() {
    let bytes: Vec<u8> = (0..=255).cycle().take(10_000).collect();
    assert_eq!(run_with(&["cat"], &bytes).await.stdout, bytes);
    let said = run_with(&["cat", "nothing", "-"], b"in").await;
    assert_eq!((said.stdout, said.code.unwrap().get()), (b"in".to_vec(), 1));
}

#[tokio::test(start_paused = true)]
async fn sleep_takes_its_time_but_not_for_ever() {
    for (word, seconds) in
        [("0", 0.0), ("0.25", 0.25), ("3", 3.0), ("1000000", 60.0), ("1e300", 60.0)]
    {
        let start = Instant::now();
        assert_eq!(run(&["sleep", word]).await.2, 0);
        let slack = Duration::from_millis(10);
        let expected = Duration::from_secs_f64(seconds);
        assert!(start.elapsed() >= expected && start.elapsed() < expected + slack, "{word}");
    }
}
