//! Sessions on a terminal: echo, keys, window size, the interactive shell.

use std::time::Duration;

use bytes::Bytes;
use reference::{
    exec::{ExecRegistry, Output, Session, SessionInput, Streams},
    process::ExitCode,
    tty::WindowSize,
};
use tokio::time::sleep;

use crate::tools::{PIPES, TERMINAL, config, next, rest, started, until};

async fn type_text(input: &mut SessionInput, text: &'static str) {
    input.send(Bytes::from_static(text.as_bytes())).await;
}

/// What a command without input says on a terminal.
async fn shown(words: &[&str]) -> (String, u8) {
    let said = rest(started(words, TERMINAL).output).await;
    assert_eq!((said.stdout, said.stderr), (vec![], vec![]));
    (String::from_utf8(said.terminal).unwrap(), said.code.unwrap().get())
}

#[tokio::test(start_paused = true)]
async fn both_streams_are_one_and_newlines_get_a_carriage_return() {
    assert_eq!(
        shown(&["sh", "-c", "echo out; echo err >&2; exit 3"]).await,
        ("out\r\nerr\r\n".to_owned(), 3)
    );
    assert_eq!(shown(&["printf", "abc"]).await, ("abc".to_owned(), 0));
    assert_eq!(shown(&["stty", "size"]).await, ("24 80\r\n".to_owned(), 0));
}

#[tokio::test(start_paused = true)]
async fn a_line_is_echoed_then_answered_by_cat() {
    let Session { mut input, mut output } = started(&["cat"], TERMINAL);
    type_text(&mut input, "he").await;
    type_text(&mut input, "llo\r").await;
    assert_eq!(until(&mut output, "hello\r\nhello\r\n").await, "hello\r\nhello\r\n");
    type_text(&mut input, "\x04").await;
    assert_eq!(rest(output).await.code, Some(ExitCode::SUCCESS));
}

#[tokio::test(start_paused = true)]
async fn an_interrupt_ends_the_command() {
    for words in [&["cat"][..], &["sleep", "50"], &["sh", "-c", "sleep 50; echo never"]] {
        let Session { mut input, output } = started(words, TERMINAL);
        type_text(&mut input, "\x03").await;
        let said = rest(output).await;
        assert_eq!(said.code, Some(ExitCode::INTERRUPTED), "{words:?}");
        assert_eq!(said.terminal, b"^C\r\n", "{words:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn typing_ahead_does_not_keep_an_interrupt_away() {
    let Session { mut input, output } = started(&["sleep", "50"], TERMINAL);
    for _ in 0..100 {
        type_text(&mut input, "x\r").await;
    }
    type_text(&mut input, "\x03").await;
    assert_eq!(rest(output).await.code, Some(ExitCode::INTERRUPTED));
}

#[tokio::test(start_paused = true)]
async fn closing_the_input_ends_cat_with_what_was_typed() {
    let Session { mut input, output } = started(&["cat"], TERMINAL);
    type_text(&mut input, "rest").await;
    input.close().await;
    let said = rest(output).await;
    assert_eq!((said.terminal, said.code), (b"restrest".to_vec(), Some(ExitCode::SUCCESS)));
}

#[tokio::test(start_paused = true)]
async fn a_shell_on_a_terminal_prompts_and_lives_on() {
    let Session { mut input, mut output } = started(&["sh"], TERMINAL);
    assert_eq!(until(&mut output, "# ").await, "# ");
    type_text(&mut input, "echo 'a\r").await;
    assert_eq!(until(&mut output, "> ").await, "echo 'a\r\n> ");
    type_text(&mut input, "b'\r").await;
    assert_eq!(until(&mut output, "# ").await, "b'\r\na\r\nb\r\n# ");
    type_text(&mut input, "sleep 50; echo never\r").await;
    sleep(Duration::from_millis(10)).await;
    type_text(&mut input, "\x03").await;
    assert_eq!(until(&mut output, "# ").await, "sleep 50; echo never\r\n^C\r\n# ");
    type_text(&mut input, "echo $?\r").await;
    assert_eq!(until(&mut output, "# ").await, "echo $?\r\n130\r\n# ");
    type_text(&mut input, "half a line\x03").await;
    assert_eq!(until(&mut output, "# ").await, "half a line^C\r\n# ");
    type_text(&mut input, "cat\r").await;
    type_text(&mut input, "x\x04\x04").await;
    assert_eq!(until(&mut output, "# ").await.replace("cat\r\nxx", ""), "# ");
    type_text(&mut input, "exit 6\r").await;
    assert_eq!(rest(output).await.code, Some(ExitCode::new(6)));
}

#[tokio::test(start_paused = true)]
async fn end_of_file_at_the_prompt_ends_the_shell() {
    let Session { mut input, output } = started(&["sh"], TERMINAL);
    type_text(&mut input, "false\r\x04").await;
    assert_eq!(rest(output).await.code, Some(ExitCode::FAILURE));
}

#[tokio::test(start_paused = true)]
async fn a_resize_is_seen_by_stty() {
    let registry = ExecRegistry::default();
    let id = registry.create(config(&["sh"], TERMINAL)).unwrap();
    let Session { mut input, mut output } = registry.start(id.as_str()).unwrap();
    until(&mut output, "# ").await;
    for (rows, columns) in [(11, 37), (0, 0), (u16::MAX, 1)] {
        registry.resize(id.as_str(), WindowSize { rows, columns }).unwrap();
        type_text(&mut input, "stty size\n").await;
        assert_eq!(until(&mut output, "# ").await, format!("stty size\r\n{rows} {columns}\r\n# "));
    }
}

#[tokio::test(start_paused = true)]
async fn echo_can_be_switched_off_by_the_process() {
    let Session { mut input, mut output } = started(&["sh"], TERMINAL);
    until(&mut output, "# ").await;
    type_text(&mut input, "stty -echo\r").await;
    until(&mut output, "stty -echo\r\n# ").await;
    type_text(&mut input, "echo secret\r").await;
    assert_eq!(until(&mut output, "# ").await, "secret\r\n# ");
}

#[tokio::test(start_paused = true)]
async fn much_input_passes_a_terminal_unharmed() {
    let Session { input, output } = started(&["cat"], TERMINAL);
    let line = [&[b'x'; 99][..], b"\n"].concat();
    let text = Bytes::from(line.repeat(10_000));
    let feeding = async {
        let mut input = input;
        input.send(text).await;
        input.close().await;
    };
    let ((), said) = tokio::join!(feeding, rest(output));
    // Each line is seen twice: as its echo and as the answer.
    assert_eq!(said.terminal.iter().filter(|&&byte| byte == b'x').count(), 2 * 99 * 10_000);
    assert_eq!(said.code, Some(ExitCode::SUCCESS));
}

#[tokio::test(start_paused = true)]
async fn attachments_hold_on_a_terminal_too() {
    let Session { mut input, output } = started(&["cat"], Streams { stdin: false, ..TERMINAL });
    type_text(&mut input, "x\r").await;
    let said = rest(output).await;
    assert_eq!((said.terminal, said.code), (vec![], Some(ExitCode::SUCCESS)));

    let Session { mut input, mut output } =
        started(&["cat"], Streams { stdout: false, ..TERMINAL });
    type_text(&mut input, "x\r\x04").await;
    assert_eq!(next(&mut output).await, None);
    assert_eq!(output.exit_code(), Some(ExitCode::SUCCESS));
}

#[tokio::test(start_paused = true)]
async fn a_pipeline_on_a_terminal_reads_no_terminal() {
    let (text, code) = shown(&["sh", "-c", "echo x | stty size"]).await;
    assert_eq!((text.contains("Inappropriate"), code), (true, 1));
    let session = started(&["stty", "size"], PIPES);
    let said = rest(session.output).await;
    assert!(matches!(said.code, Some(code) if !code.is_success()));
}

#[tokio::test(start_paused = true)]
async fn events_of_a_terminal_are_raw() {
    let mut output = started(&["printf", "\\001\\000\\000\\000"], TERMINAL).output;
    assert_eq!(next(&mut output).await, Some(Output::Terminal(Bytes::from_static(b"\x01\0\0\0"))));
}
